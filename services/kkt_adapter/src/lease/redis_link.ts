import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type LogFields, type Logger } from '@kkt/platform/logger.ts'
import { Redis, ReplyError } from 'ioredis'

/** What one question to Redis may cost. */
const COMMAND_TIMEOUT_MS = 500
/** A connection on which nothing comes for so long is given up: the system would go on with a dead one for a quarter of an hour. */
const SILENCE_MS = 1000
const RECONNECT_EVERY_MS = 1000
/** The longest that anybody waits for Redis at the start. */
const TRY_MS = 1000
/** Health tells of a refusal for so long: whoever holds the lease in the journal asks once a second, others ask nothing. */
const REFUSAL_IS_NEWS_MS = 5000

/** `refused`: Redis is there, and did nothing. `code` is its word for why, as `READONLY`. */
export type RedisAnswer =
  | { kind: 'answered'; value: unknown }
  | { kind: 'refused'; code: string }
  | { kind: 'unreachable' }

export type RedisLink = {
  /** Runs a Lua script, at once or not at all. Never rejects. */
  run(script: string, keys: string[], values: (string | number)[]): Promise<RedisAnswer>
  /** Resolves when the first attempt to connect has ended, well or not, or after a second. */
  tried: Promise<void>
  /** Why Redis cannot be used now, or null: `not connected`, `no answer`, or its code. Resolves within half a second. */
  failure(): Promise<string | null>
  close(): void
}

/** `shut_out`: it does not let us in, as without the right password. `refusing`: it does not do what it is asked. */
type LinkState =
  | { kind: 'untried' | 'up' | 'down' }
  | { kind: 'shut_out'; code: string }
  | { kind: 'refusing'; code: string; atMs: number }

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
  let state: LinkState = { kind: 'untried' }

  /** Logs what is new. */
  function become(next: LinkState, fields: LogFields = {}): void {
    const isNews = next.kind !== state.kind || ('code' in next && 'code' in state && next.code !== state.code)
    state = next
    if (isNews) logger[next.kind === 'up' ? 'info' : 'warn']('redis_changed', { to: next.kind, ...fields })
    tried.resolve()
  }

  redis.on('ready', () => become({ kind: 'up' }))
  redis.on('error', (error) => {
    const code = refusalOf(error)
    if (code === null) become({ kind: 'down' }, errorFields(error))
    else become({ kind: 'shut_out', code }, { code })
  })
  redis.on('close', () => {
    // One that does not let us in ends the connection each time.
    if (state.kind !== 'shut_out') become({ kind: 'down' })
  })

  async function run(script: string, keys: string[], values: (string | number)[]): Promise<RedisAnswer> {
    if (redis.status !== 'ready' && state.kind === 'shut_out') return { kind: 'refused', code: state.code }
    try {
      const value = await redis.eval(script, keys.length, ...keys, ...values)
      become({ kind: 'up' })
      return { kind: 'answered', value }
    } catch (error) {
      const code = refusalOf(error)
      if (code === null) {
        logger.debug('redis_command_failed', errorFields(error))
        return { kind: 'unreachable' }
      }
      become({ kind: 'refusing', code, atMs: clock.monotonicMs() }, { code })
      return { kind: 'refused', code }
    }
  }

  async function failure(): Promise<string | null> {
    if (redis.status !== 'ready') return state.kind === 'shut_out' ? state.code : 'not connected'
    try {
      await redis.ping()
    } catch (error) {
      return refusalOf(error) ?? 'no answer'
    }
    // A Redis that answers a PING may refuse everything else.
    if (state.kind !== 'refusing' || clock.monotonicMs() - state.atMs >= REFUSAL_IS_NEWS_MS) return null
    return state.code
  }

  return {
    tried: Promise.race([tried.promise, clock.wait(TRY_MS)]),
    run,
    failure,
    close() {
      redis.removeAllListeners('close')
      redis.disconnect()
    },
  }
}

/** Redis' own word for why it has not done something, or null where it has not answered. */
function refusalOf(error: unknown): string | null {
  const isReply = error instanceof ReplyError
  if (!isReply || !(error instanceof Error)) return null
  const { message } = error
  // What a script is refused a command for: Redis 7 tells by this text, earlier ones within another error.
  if (message.includes('The user executing the script')) return 'NOPERM'
  return /: -([A-Z]+)\b/.exec(message)?.[1] ?? /^[A-Z]+\b/.exec(message)?.[0] ?? 'ERR'
}
