import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { Redis } from 'ioredis'

/** What one question to Redis may cost. */
const COMMAND_TIMEOUT_MS = 500
/** A connection on which nothing comes for so long is given up: the system would go on with a dead one for a quarter of an hour. */
const SILENCE_MS = 1000
const RECONNECT_EVERY_MS = 1000
/** The longest that anybody waits for Redis at the start. */
const TRY_MS = 1000

export type RedisAnswer = { kind: 'answered'; value: unknown } | { kind: 'unreachable' }

export type RedisLink = {
  /** Runs a Lua script, at once or not at all. Never rejects. */
  run(script: string, keys: string[], values: (string | number)[]): Promise<RedisAnswer>
  /** Resolves when the first attempt to connect has ended, well or not, or after a second. */
  tried: Promise<void>
  /** Why Redis cannot be used now, or null. Resolves within half a second. */
  failure(): Promise<string | null>
  close(): void
}

/** Keeps a connection to Redis and comes back by itself when it breaks. Nothing waits for it. */
export function connectRedis(url: string, logger: Logger, clock: Clock): RedisLink {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    // Whoever asked has been told that it did not work, and must not get it after all.
    autoResendUnfulfilledCommands: false,
    connectTimeout: TRY_MS,
    retryStrategy: () => RECONNECT_EVERY_MS,
  })
  const tried = Promise.withResolvers<void>()
  let isUp: boolean | null = null
  const note = (up: boolean, fields = {}) => {
    if (isUp !== up) logger[up ? 'info' : 'warn']('redis_changed', { to: up ? 'up' : 'down', ...fields })
    isUp = up
    tried.resolve()
  }
  redis.on('ready', () => note(true))
  redis.on('error', (error) => note(false, errorFields(error)))
  redis.on('close', () => note(false))
  return {
    tried: Promise.race([tried.promise, clock.wait(TRY_MS)]),
    async run(script, keys, values) {
      try {
        return { kind: 'answered', value: await redis.eval(script, keys.length, ...keys, ...values) }
      } catch (error) {
        logger.debug('redis_command_failed', errorFields(error))
        return { kind: 'unreachable' }
      }
    },
    async failure() {
      if (redis.status !== 'ready') return 'not connected'
      try {
        await redis.ping()
        return null
      } catch {
        return 'no answer'
      }
    },
    close() {
      redis.removeAllListeners('close')
      redis.disconnect()
    },
  }
}
