import { isToken, MAX_TOKEN } from '../domain/fencing_token.ts'
import type { RedisLink } from './redis_link.ts'

/**
 * `refused`: Redis answered, and did nothing: this host learns neither that it has the lease nor that it has not.
 * `unreachable`: it may have done what it was asked, or not.
 */
export type RedisTrouble = { kind: 'refused' } | { kind: 'unreachable' }

/** What came of asking Redis for the lease of a KKT. */
export type RedisGrant = { kind: 'granted'; token: number } | { kind: 'elsewhere' } | RedisTrouble

/** `isWaitedFor`: another host has something to send. */
export type RedisRenewal = { kind: 'renewed'; isWaitedFor: boolean } | { kind: 'lost' } | RedisTrouble

/** Who may send for a KKT, among hosts. Each call ends within what a command of the link may cost; nothing here rejects. */
export type RedisLeases = {
  /**
   * Takes the lease if it is free and no other host waits for it, or if it is this buffer's already, under a new fencing token.
   * @param above the token becomes greater than this one, and than any that Redis gave before, up to `MAX_TOKEN`
   * @param waitsMs how long this host counts as waiting when it does not get the lease: 0 when it has nothing to send. One
   *   host waits at a time, the first that came, for as long as it goes on asking
   */
  take(name: string, above: number, ttlMs: number, waitsMs?: number): Promise<RedisGrant>
  renew(name: string, token: number, ttlMs: number): Promise<RedisRenewal>
  release(name: string, token: number): Promise<void>
}

/** How the script says that a value is none of ours. */
const BAD_TOKEN = 'BADTOKEN'
/** Such a value is as good as no Redis, until it is deleted: the journal's lease goes on without. */
const UNREADABLE = [BAD_TOKEN, 'WRONGTYPE']

// A value that does not run out is none that we have set: nobody has the lease by it, and nobody waits.
const RUNNING_OUT = `
local function runningOut(key)
  local value = redis.call('GET', key)
  return value and redis.call('PTTL', key) ~= -1 and value
end`

// The lease is `buffer token`: the processes on one buffer settle among themselves who acts for it, in the journal.
// A flushed Redis counts from the beginning, hence the floor. Numbers are spelt out: Lua would round long ones.
// What is read first is told although nothing can be written.
const TAKE = `${RUNNING_OUT}
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

const RENEW = `${RUNNING_OUT}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'lost' end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local waiting = runningOut(KEYS[2])
return (waiting and waiting ~= ARGV[3]) and 'waited for' or 'renewed'`

const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

/** @param bufferId names the journal, and with it the host */
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
