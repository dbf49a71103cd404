/** The contract of leases in Redis, for a real one and for the one that unit tests and simulations use. */
import { expect, test } from 'bun:test'
import { MAX_TOKEN } from '../domain/fencing_token.ts'
import type { RedisLeases } from '../lease/redis_leases.ts'
import { NOW_MS, type RedisHosts, TTL_MS, tokenOf, waitingHostsConformance } from './redis_waiting_conformance.ts'

export type RedisGround = {
  /** The leases as the host with this buffer sees them, over a connection of its own. */
  host(bufferId: string): RedisLeases
  newName(): string
  /** The lease's remaining time, or null when no host holds it. */
  leftMs(name: string): Promise<number | null>
  expire(name: string): Promise<void>
  /** Lets the waiting host's time expire. */
  expireWaiting(name: string): Promise<void>
  /** Replaces the newest token by a value. */
  spoil(name: string, value: string): Promise<void>
  flush(): Promise<void>
}

/** @param set gives each test its surroundings */
export function redisLeasesConformance(set: () => Promise<RedisGround>): void {
  async function setUp(): Promise<RedisGround & RedisHosts> {
    const ground = await set()
    return { ...ground, name: ground.newName(), first: ground.host('first'), second: ground.host('second') }
  }

  test('invariant 6: a free lease is granted for the time to live, under a token above the given one', async () => {
    const { name, first, leftMs } = await setUp()
    expect(await leftMs(name)).toBeNull()
    expect(tokenOf(await first.take(name, NOW_MS, TTL_MS))).toBe(NOW_MS + 1)
    const left = await leftMs(name)
    expect(left).toBeGreaterThan(TTL_MS - 2000)
    expect(left).toBeLessThanOrEqual(TTL_MS)
  })

  test('invariant 6: of two hosts that ask at once, one is granted it', async () => {
    const { name, first, second } = await setUp()
    const grants = await Promise.all([first, second].map((host) => host.take(name, 0, TTL_MS)))
    expect(grants.map(({ kind }) => kind).toSorted()).toEqual(['elsewhere', 'granted'])
  })

  test('invariant 6: another host’s lease is neither taken, nor renewed, nor given back', async () => {
    const { name, first, second, leftMs } = await setUp()
    const token = tokenOf(await first.take(name, NOW_MS, TTL_MS))
    expect(await second.take(name, NOW_MS + 1000, 10 * TTL_MS)).toEqual({ kind: 'elsewhere' })
    expect(await second.renew(name, token, 10 * TTL_MS)).toEqual({ kind: 'lost' })
    await second.release(name, token)
    expect(await leftMs(name)).toBeLessThanOrEqual(TTL_MS)
    expect(await first.renew(name, token, TTL_MS)).toMatchObject({ kind: 'renewed' })
  })

  test('one whose name begins as the holder’s is another', async () => {
    const { name, host } = await setUp()
    const [short, long] = [host('buffer-1'), host('buffer-12')]
    await long.take(name, 0, TTL_MS)
    expect(await short.take(name, 0, TTL_MS)).toEqual({ kind: 'elsewhere' })
    await long.release(name, tokenOf(await long.take(name, 0, TTL_MS)))
    await short.take(name, 0, TTL_MS)
    expect(await long.take(name, 0, TTL_MS)).toEqual({ kind: 'elsewhere' })
  })

  test('invariant 6: another process on the same buffer takes it over at once, and the token of the former is worth nothing', async () => {
    const { name, first, host, leftMs } = await setUp()
    const former = tokenOf(await first.take(name, NOW_MS, TTL_MS))
    const successor = host('first')
    const latter = tokenOf(await successor.take(name, former, TTL_MS))
    expect(latter).toBe(former + 1)
    expect(await first.renew(name, former, TTL_MS)).toEqual({ kind: 'lost' })
    await first.release(name, former)
    expect(await leftMs(name)).not.toBeNull()
    expect(await successor.renew(name, latter, TTL_MS)).toMatchObject({ kind: 'renewed' })
  })

  test('invariant 6: every grant has a greater token, whatever floor is given', async () => {
    const { name, first, second } = await setUp()
    const tokens: number[] = []
    for (const above of [NOW_MS, 0, NOW_MS + 1000, 5, NOW_MS + 1003]) {
      const host = tokens.length % 2 === 0 ? first : second
      const token = tokenOf(await host.take(name, above, TTL_MS))
      tokens.push(token)
      await host.release(name, token)
    }
    expect(tokens).toEqual([NOW_MS + 1, NOW_MS + 2, NOW_MS + 1001, NOW_MS + 1002, NOW_MS + 1004])
  })

  test('a renewal starts the time again', async () => {
    const { name, first, leftMs } = await setUp()
    const token = tokenOf(await first.take(name, 0, TTL_MS))
    expect(await first.renew(name, token, 10 * TTL_MS)).toMatchObject({ kind: 'renewed' })
    expect(await leftMs(name)).toBeGreaterThan(9 * TTL_MS)
  })

  test('a lease that is given back is free, and stays so: nobody renews it', async () => {
    const { name, first, second, leftMs } = await setUp()
    const token = tokenOf(await first.take(name, 0, TTL_MS))
    await first.release(name, token)
    expect(await leftMs(name)).toBeNull()
    expect(await first.renew(name, token, TTL_MS)).toEqual({ kind: 'lost' })
    expect(await leftMs(name)).toBeNull()
    expect(tokenOf(await second.take(name, 0, TTL_MS))).toBe(token + 1)
  })

  test('invariant 6: a lease that ran out is free for another host, and the former holder learns that it lost it', async () => {
    const { name, first, second, expire } = await setUp()
    const former = tokenOf(await first.take(name, 0, TTL_MS))
    await expire(name)
    const latter = tokenOf(await second.take(name, 0, TTL_MS))
    expect(latter).toBeGreaterThan(former)
    expect(await first.renew(name, former, TTL_MS)).toEqual({ kind: 'lost' })
    expect(await first.take(name, former, TTL_MS)).toEqual({ kind: 'elsewhere' })
    await first.release(name, former)
    expect(await second.renew(name, latter, TTL_MS)).toMatchObject({ kind: 'renewed' })
  })

  test('invariant 6: a Redis that lost everything has lost the lease, and grants it above the floor again', async () => {
    const { name, first, flush } = await setUp()
    const former = tokenOf(await first.take(name, NOW_MS, TTL_MS))
    await flush()
    expect(await first.renew(name, former, TTL_MS)).toEqual({ kind: 'lost' })
    expect(tokenOf(await first.take(name, former, TTL_MS))).toBe(former + 1)
  })

  test.each([999_999_999_999, 1_764_123_456_789, 1_764_123_456_789_012])(
    'a token above %p is exact to the last digit',
    async (above) => {
      const { name, first } = await setUp()
      const token = tokenOf(await first.take(name, above, TTL_MS))
      expect(token).toBe(above + 1)
      expect(await first.renew(name, above, TTL_MS)).toEqual({ kind: 'lost' })
      expect(await first.renew(name, token, TTL_MS)).toMatchObject({ kind: 'renewed' })
      expect(tokenOf(await first.take(name, 0, TTL_MS))).toBe(above + 2)
    },
  )

  test.each([
    'x',
    '',
    '-1',
    '1.5',
    '1e3',
    ' 1',
    '4503599627370497',
    '9007199254740992',
    '9223372036854775807',
    '9'.repeat(400),
  ])(
    'invariant 6: while %p is in the place of the newest token nothing is granted; what was is kept, and it goes on when that is gone',
    async (value) => {
      const { name, first, second, leftMs, spoil, flush } = await setUp()
      const former = tokenOf(await first.take(name, NOW_MS, TTL_MS))
      await spoil(name, value)
      expect(await first.renew(name, former, TTL_MS)).toMatchObject({ kind: 'renewed' })
      expect(await second.take(name, NOW_MS, TTL_MS)).toEqual({ kind: 'elsewhere' })
      expect(await first.take(name, former, TTL_MS)).toEqual({ kind: 'unreachable' })
      expect(await first.renew(name, former, TTL_MS)).toMatchObject({ kind: 'renewed' })
      await first.release(name, former)
      expect(await second.take(name, NOW_MS, TTL_MS)).toEqual({ kind: 'unreachable' })
      expect(await leftMs(name)).toBeNull()
      await flush()
      expect(tokenOf(await second.take(name, former, TTL_MS))).toBe(former + 1)
    },
  )

  test('invariant 6: no token is above the greatest, which is given again', async () => {
    const { name, first, second } = await setUp()
    for (const [host, above] of [
      [first, MAX_TOKEN - 2],
      [second, 0],
      [first, 0],
      [second, MAX_TOKEN],
    ] as const) {
      const token = tokenOf(await host.take(name, above, TTL_MS))
      expect(token).toBe(Math.min(MAX_TOKEN, token))
      expect(token).toBeGreaterThanOrEqual(MAX_TOKEN - 1)
      expect(await host.renew(name, token, TTL_MS)).toMatchObject({ kind: 'renewed' })
      await host.release(name, token)
    }
  })

  test('each KKT has a lease and tokens of its own', async () => {
    const { name, newName, first, second } = await setUp()
    const other = newName()
    await first.take(name, NOW_MS, TTL_MS)
    expect(tokenOf(await second.take(other, 0, TTL_MS))).toBe(1)
  })

  waitingHostsConformance(setUp)
}
