import type { Clock } from '@kkt/platform/clock.ts'
import { authoritiesWith } from '@kkt/platform/fetch.ts'
import { errorFields, type LogFields, type Logger } from '@kkt/platform/logger.ts'
import { Redis, ReplyError } from 'ioredis'
import { redisAdvice, untrustedCode } from './redis_advice.ts'

/** The time limit of one Redis command. */
const COMMAND_TIMEOUT_MS = 500
/** A connection that is silent for this long is dropped. The system would keep a dead one for a quarter of an hour. */
const SILENCE_MS = 1000
const RECONNECT_EVERY_MS = 1000
/** The longest wait for Redis at the start. */
const TRY_MS = 1000
/** Health reports a refusal for this long: only the journal's lease holder asks Redis, once a second. */
const REFUSAL_IS_NEWS_MS = 5000

/** `refused`: Redis answered with an error. `code` is its error code, such as `READONLY`. */
export type RedisAnswer =
  | { kind: 'answered'; value: unknown }
  | { kind: 'refused'; code: string }
  | { kind: 'unreachable' }

export type RedisLink = {
  /** Runs a Lua script, at once or not at all. Never rejects. */
  run(script: string, keys: string[], values: (string | number)[]): Promise<RedisAnswer>
  /** Resolves when the first connection attempt has ended, successfully or not, or after a second. */
  tried: Promise<void>
  /**
   * Why Redis cannot be used now, or null: `not connected`, `no answer`, its error code, or the code of an untrusted
   * certificate. Takes at most 500 ms.
   */
  failure(): Promise<string | null>
  close(): void
}

/**
 * `shut_out`: Redis refuses the login, for example for a wrong password. `refusing`: it refuses commands. `distrusted`: its
 * certificate does not prove that it is the right Redis, so it was told nothing.
 */
type LinkState =
  | { kind: 'untried' | 'up' | 'down' }
  | { kind: 'shut_out' | 'distrusted'; code: string }
  | { kind: 'refusing'; code: string; atMs: number }

/** `ca`: certificates of authorities in PEM form, trusted beside those that the runtime trusts. */
export type RedisAddress = { url: string; ca: string | null }

/** Keeps a connection to Redis and reconnects after a break. Nothing waits for it. */
export function connectRedis({ url, ca }: RedisAddress, logger: Logger, clock: Clock): RedisLink {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    // The caller has been told that the command failed, so it must not run later.
    autoResendUnfulfilledCommands: false,
    connectTimeout: TRY_MS,
    retryStrategy: () => RECONNECT_EVERY_MS,
    ...(ca !== null && { tls: { ca: authoritiesWith(ca) } }),
  })
  const tried = Promise.withResolvers<void>()
  let state: LinkState = { kind: 'untried' }

  /** The code of an obstacle that only an operator ends, or null. Each new connection fails by it at once. */
  const obstacle = (): string | null => (state.kind === 'shut_out' || state.kind === 'distrusted' ? state.code : null)

  /** Logs only changes. */
  function become(next: LinkState, fields: LogFields = {}): void {
    const isNews = next.kind !== state.kind || ('code' in next && 'code' in state && next.code !== state.code)
    state = next
    if (isNews) logger[next.kind === 'up' ? 'info' : 'warn']('redis_changed', { to: next.kind, ...fields })
    tried.resolve()
  }

  redis.on('ready', () => become({ kind: 'up' }))
  redis.on('error', (error) => {
    const code = refusalOf(error)
    const untrusted = untrustedCode(error)
    if (code !== null) become({ kind: 'shut_out', code }, told(code))
    else if (untrusted !== null) become({ kind: 'distrusted', code: untrusted }, told(untrusted))
    else become({ kind: 'down' }, errorFields(error))
  })
  redis.on('close', () => {
    // The connection ends each time that the login is refused or the certificate not trusted.
    if (obstacle() === null) become({ kind: 'down' })
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
      become({ kind: 'refusing', code, atMs: clock.monotonicMs() }, told(code))
      return { kind: 'refused', code }
    }
  }

  async function failure(): Promise<string | null> {
    if (redis.status !== 'ready') return obstacle() ?? 'not connected'
    try {
      await redis.ping()
    } catch (error) {
      return refusalOf(error) ?? 'no answer'
    }
    // A Redis that answers PING may refuse every other command.
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

const told = (code: string): LogFields => ({ code, advice: redisAdvice(code) })

/** Redis's error code, or null when Redis did not answer. */
function refusalOf(error: unknown): string | null {
  const isReply = error instanceof ReplyError
  if (!isReply || !(error instanceof Error)) return null
  const { message } = error
  // Redis 7 has this text when the user may not run a script's command; earlier versions put it within another error.
  if (message.includes('The user executing the script')) return 'NOPERM'
  return /: -([A-Z]+)\b/.exec(message)?.[1] ?? /^[A-Z]+\b/.exec(message)?.[0] ?? 'ERR'
}
