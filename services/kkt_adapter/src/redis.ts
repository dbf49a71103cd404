import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { Redis } from 'ioredis'

/** What one question to Redis may cost. */
const COMMAND_TIMEOUT_MS = 500
const RECONNECT_EVERY_MS = 1000

export type RedisLink = {
  /** Why Redis cannot be used now, or null. Resolves within half a second. */
  failure(): Promise<string | null>
  close(): void
}

/** Keeps a connection to Redis and comes back by itself when it breaks. Nothing waits for it. */
export function connectRedis(url: string, logger: Logger): RedisLink {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: RECONNECT_EVERY_MS,
    retryStrategy: () => RECONNECT_EVERY_MS,
  })
  let isUp: boolean | null = null
  const note = (up: boolean, fields = {}) => {
    if (isUp !== up) logger[up ? 'info' : 'warn']('redis_changed', { to: up ? 'up' : 'down', ...fields })
    isUp = up
  }
  redis.on('ready', () => note(true))
  redis.on('error', (error) => note(false, errorFields(error)))
  redis.on('close', () => note(false))
  return {
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
