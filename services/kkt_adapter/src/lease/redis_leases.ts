import type { RedisLink } from '../redis.ts'
import { isToken, MAX_TOKEN } from './lease.ts'

/** What came of asking Redis for the lease of a KKT. */
export type RedisGrant = { kind: 'granted'; token: number } | { kind: 'elsewhere' } | { kind: 'unreachable' }

/** Who may send for a KKT, among hosts. Each call ends within what a command of the link may cost; nothing here rejects. */
export type RedisLeases = {
  /**
   * Takes the lease if it is free, or this buffer's already, under a new fencing token.
   * @param above the token becomes greater than this one, and than any that Redis gave before
   */
  take(name: string, above: number, ttlMs: number): Promise<RedisGrant>
  renew(name: string, token: number, ttlMs: number): Promise<'renewed' | 'lost' | 'unreachable'>
  release(name: string, token: number): Promise<void>
}

// The lease is `buffer token`: the processes on one buffer settle among themselves who acts for it, in the journal.
// A flushed Redis counts from the beginning, hence the floor. Numbers are spelt out: Lua would round long ones.
const BAD_VALUE = 'BADTOKEN'
const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and string.sub(holder, 1, #ARGV[1]) ~= ARGV[1] then return false end
local newest = redis.call('GET', KEYS[2]) or '0'
if not string.match(newest, '^%d+$') or tonumber(newest) > ${MAX_TOKEN} then
  return redis.error_reply('${BAD_VALUE} the value of ' .. KEYS[2] .. ' is no fencing token: delete it')
end
local token = math.min(math.max(tonumber(newest), tonumber(ARGV[3])) + 1, ${MAX_TOKEN})
redis.call('SET', KEYS[2], string.format('%.0f', token))
redis.call('SET', KEYS[1], ARGV[1] .. string.format('%.0f', token), 'PX', ARGV[2])
return token`

const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

/** @param bufferId names the journal, and with it the host */
export function createRedisLeases(link: RedisLink, bufferId: string): RedisLeases {
  // The braces keep both keys in one slot of a cluster.
  const leaseKey = (name: string) => `kkt:{${name}}:sender`
  const tokenKey = (name: string) => `kkt:{${name}}:token`
  const value = (token: number | '') => `${bufferId} ${token}`

  return {
    async take(name, above, ttlMs) {
      const answer = await link.run(TAKE, [leaseKey(name), tokenKey(name)], [value(''), ttlMs, above])
      if (answer.kind === 'unreachable') return answer
      return isToken(answer.value) ? { kind: 'granted', token: answer.value } : { kind: 'elsewhere' }
    },
    async renew(name, token, ttlMs) {
      const answer = await link.run(RENEW, [leaseKey(name)], [value(token), ttlMs])
      if (answer.kind === 'unreachable') return 'unreachable'
      return answer.value === 1 ? 'renewed' : 'lost'
    },
    async release(name, token) {
      await link.run(RELEASE, [leaseKey(name)], [value(token)])
    },
  }
}
