/** The contract of leases in Redis for a host that waits for one. */
import { describe, expect, test } from 'bun:test'
import type { RedisGrant, RedisLeases } from '../lease/redis_leases.ts'

export const TTL_MS = 8000
/** As many digits as the wall clock's milliseconds have. */
export const NOW_MS = 1_764_000_000_123

export type RedisHosts = { name: string; first: RedisLeases; second: RedisLeases }

type Ground = RedisHosts & {
  host(bufferId: string): RedisLeases
  leftMs(name: string): Promise<number | null>
  expireWaiting(name: string): Promise<void>
}

export const tokenOf = (grant: RedisGrant): number => {
  if (grant.kind !== 'granted') throw new Error(`The lease was not granted: ${grant.kind}`)
  return grant.token
}

/** @param setUp gives each test its surroundings */
export function waitingHostsConformance(setUp: () => Promise<Ground>): void {
  describe('a host that waits', () => {
    const WAITS_MS = 3000
    const renewed = (isWaitedFor: boolean) => ({ kind: 'renewed' as const, isWaitedFor })

    async function held() {
      const ground = await setUp()
      return { ...ground, token: tokenOf(await ground.first.take(ground.name, NOW_MS, TTL_MS, WAITS_MS)) }
    }

    test('is seen by the holder from then on, and the holder is none', async () => {
      const { name, first, second, token } = await held()
      expect(await first.renew(name, token, TTL_MS)).toEqual(renewed(false))
      await second.take(name, 0, TTL_MS)
      expect(await first.renew(name, token, TTL_MS)).toEqual(renewed(false))
      await second.take(name, 0, TTL_MS, WAITS_MS)
      for (let times = 0; times < 3; times++) expect(await first.renew(name, token, TTL_MS)).toEqual(renewed(true))
    })

    test('does so until its time is over', async () => {
      const { name, first, second, token, expireWaiting } = await held()
      await second.take(name, 0, TTL_MS, WAITS_MS)
      await expireWaiting(name)
      expect(await first.renew(name, token, TTL_MS)).toEqual(renewed(false))
    })

    test('gets the lease that is given back, before its former holder and before others', async () => {
      const { name, first, second, token, host } = await held()
      await second.take(name, 0, TTL_MS, WAITS_MS)
      await first.release(name, token)
      expect(await first.take(name, NOW_MS, TTL_MS, WAITS_MS)).toEqual({ kind: 'elsewhere' })
      expect(await host('third').take(name, NOW_MS, TTL_MS)).toEqual({ kind: 'elsewhere' })
      const latter = tokenOf(await second.take(name, 0, TTL_MS, WAITS_MS))
      expect(latter).toBe(token + 1)
      expect(await second.renew(name, latter, TTL_MS)).toEqual(renewed(false))
    })

    test('keeps its place until it has had the lease, then another one has it', async () => {
      const { name, first, second, token, host, leftMs } = await held()
      const third = host('third')
      await second.take(name, 0, TTL_MS, WAITS_MS)
      await third.take(name, 0, TTL_MS, WAITS_MS)
      await first.release(name, token)
      expect(await third.take(name, 0, TTL_MS, WAITS_MS)).toEqual({ kind: 'elsewhere' })
      expect(await leftMs(name)).toBeNull()
      const latter = tokenOf(await second.take(name, 0, TTL_MS, WAITS_MS))
      await third.take(name, 0, TTL_MS, WAITS_MS)
      expect(await second.renew(name, latter, TTL_MS)).toEqual(renewed(true))
      await second.release(name, latter)
      expect(tokenOf(await third.take(name, 0, TTL_MS, WAITS_MS))).toBe(latter + 1)
    })

    test('that died keeps nobody from the lease for longer than its time', async () => {
      const { name, first, second, token, expireWaiting } = await held()
      await second.take(name, 0, TTL_MS, WAITS_MS)
      await first.release(name, token)
      await expireWaiting(name)
      expect(tokenOf(await first.take(name, NOW_MS, TTL_MS))).toBe(token + 1)
    })

    test('takes nothing from a holder that asks for a new token', async () => {
      const { name, first, second, token } = await held()
      await second.take(name, 0, TTL_MS, WAITS_MS)
      expect(tokenOf(await first.take(name, NOW_MS, TTL_MS, WAITS_MS))).toBe(token + 1)
      expect(await first.renew(name, token + 1, TTL_MS)).toEqual(renewed(true))
    })
  })
}
