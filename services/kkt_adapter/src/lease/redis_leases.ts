import { isToken, MAX_TOKEN } from '../domain/fencing_token.ts'
import type { RedisLink } from './redis_link.ts'

/** `refused`: Redis answered with an error. `unreachable`: Redis may or may not have run the command. */
export type RedisTrouble = { kind: 'refused' } | { kind: 'unreachable' }

/** The outcome of asking Redis for the lease of a KKT. */
export type RedisGrant = { kind: 'granted'; token: number } | { kind: 'elsewhere' } | RedisTrouble

/** `isWaitedFor`: another host has receipts to send. */
export type RedisRenewal = { kind: 'renewed'; isWaitedFor: boolean } | { kind: 'lost' } | RedisTrouble

/** The leases of KKTs among hosts. Each call ends within the time limit of a Redis command and never rejects. */
export type RedisLeases = {
  /**
   * Takes the lease under a new fencing token, if it is free with no other host waiting, or belongs to this buffer
   * already.
   * @param above the new token is greater than this one and than any that Redis gave before, up to `MAX_TOKEN`
   * @param waitsMs how long this host counts as waiting when it does not get the lease; 0 when it has nothing to send.
   * One host waits at a time: the first that asked, for as long as it goes on asking
   */
  take(name: string, above: number, ttlMs: number, waitsMs?: number): Promise<RedisGrant>
  renew(name: string, token: number, ttlMs: number): Promise<RedisRenewal>
  release(name: string, token: number): Promise<void>
}

/** The script's error for a value that is no token. */
const BAD_TOKEN = 'BADTOKEN'
/** With such a value Redis is as good as absent until the value is deleted; the journal's lease goes on without it. */
const UNREADABLE = [BAD_TOKEN, 'WRONGTYPE']

// A value without an expiry was not set by an adapter. It neither holds the lease nor waits for it.
const EXPIRING = `
local function runningOut(key)
  local value = redis.call('GET', key)
  return value and redis.call('PTTL', key) ~= -1 and value
end`

// The lease's value is `buffer token`. The processes on one buffer decide among themselves, in the journal, which of
// them acts. A flushed Redis counts from the beginning, hence the floor. Numbers are strings because Lua would round
// long ones. Reads come first, so that they are answered even when nothing can be written.
const TAKE = `${EXPIRING}
local holder = runningOut(KEYS[1])
local waiting = runningOut(KEYS[3])
local isOurs = holder and string.sub(holder, 1, #ARGV[1]) == ARGV[1]
local isAnothersTurn = waiting and waiting ~= ARGV[1]
if not isOurs and (holder or isAnothersTurn) then
  if tonumber(ARGV[4]) > 0 and not isAnothersTurn then redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[4]) end
  return false
end
local newest = redis.call('GET', KEYS[2]) or '0'
if not string.match(newest, '^%d+$') or tonumber(newest) > ${MAX_TOKEN} then
  return redis.error_reply('${BAD_TOKEN} The value of the token key is no fencing token')
end
local token = math.min(math.max(tonumber(newest), tonumber(ARGV[3])) + 1, ${MAX_TOKEN})
redis.call('SET', KEYS[2], string.format('%.0f', token))
redis.call('SET', KEYS[1], ARGV[1] .. string.format('%.0f', token), 'PX', ARGV[2])
if waiting == ARGV[1] then redis.call('DEL', KEYS[3]) end
return token`

const RENEW = `${EXPIRING}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'lost' end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local waiting = runningOut(KEYS[2])
return (waiting and waiting ~= ARGV[3]) and 'waited for' or 'renewed'`

const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

/** @param bufferId names the journal, and so the host */
export function createRedisLeases(link: RedisLink, bufferId: string): RedisLeases {
  // The braces keep all keys in one slot of a cluster.
  const leaseKey = (name: string) => `kkt:{${name}}:sender`
  const tokenKey = (name: string) => `kkt:{${name}}:token`
  const waitingKey = (name: string) => `kkt:{${name}}:waiting`
  const value = (token: number | '') => `${bufferId} ${token}`

  async function ask(script: string, keys: string[], values: (string | number)[]) {
    const answer = await link.run(script, keys, values)
    const isUnreadable = answer.kind === 'refused' && UNREADABLE.includes(answer.code)
    return isUnreadable ? { kind: 'unreachable' as const } : answer
  }

  return {
    async take(name, above, ttlMs, waitsMs = 0) {
      const keys = [leaseKey(name), tokenKey(name), waitingKey(name)]
      const answer = await ask(TAKE, keys, [value(''), ttlMs, above, waitsMs])
      if (answer.kind !== 'answered') return answer
      return isToken(answer.value) ? { kind: 'granted', token: answer.value } : { kind: 'elsewhere' }
    },
    async renew(name, token, ttlMs) {
      const answer = await ask(RENEW, [leaseKey(name), waitingKey(name)], [value(token), ttlMs, value('')])
      if (answer.kind !== 'answered') return answer
      if (answer.value === 'lost') return { kind: 'lost' }
      return { kind: 'renewed', isWaitedFor: answer.value === 'waited for' }
    },
    async release(name, token) {
      await link.run(RELEASE, [leaseKey(name)], [value(token)])
    },
  }
}
