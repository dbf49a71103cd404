import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { hostsOf, LONG_MS, NAME, TURN_MS } from '../testing/lease_kit.ts'
import { REDIS_RENEW_EVERY_MS, REDIS_WAITS_MS } from './host_lease.ts'
import { readLeaseState } from './lease_state.ts'

/** A hand-over takes three commands: one host announces, the other sees it, the first takes the lease. */
const HAND_OVER_MS = 3 * REDIS_RENEW_EVERY_MS

/** Hosts that ask at different times; the first one holds the lease. */
async function started(count: number) {
  const shop = await hostsOf(count)
  for (const { sender } of shop.hosts) {
    sender.start()
    await settle()
    await shop.clock.advance(REDIS_RENEW_EVERY_MS / 4)
  }
  expect(shop.senders()).toEqual([0])
  const [first, second] = shop.hosts
  if (!first || !second) throw new Error('There are two hosts')
  return { ...shop, first, second }
}

const states = ({ hosts }: Awaited<ReturnType<typeof started>>) => hosts.map(({ sender }) => sender.hostState)

test('a holder keeps the lease while nobody waits for it, whether it has something to send or not', async () => {
  const { first, watch } = await started(2)
  for (const wants of [false, true]) {
    first.work.wants = wants
    expect(await watch(LONG_MS)).toEqual({ turns: [expect.objectContaining({ host: 0 })], isDoubled: false })
  }
})

test('a holder that has nothing to send gives the lease to the host that waits, which sends under a greater token', async () => {
  const shop = await started(2)
  const { first, second, watch } = shop
  const former = first.token()
  second.work.wants = true
  expect((await watch(HAND_OVER_MS)).isDoubled).toBe(false)
  expect(states(shop)).toEqual(['elsewhere', 'held'])
  expect(second.token()).toBeGreaterThan(former)
  expect(first.events().at(-1)).toBe('held>elsewhere given to a host that waits')
  second.work.wants = false
  expect((await watch(LONG_MS)).turns).toEqual([expect.objectContaining({ host: 1 })])
})

test('invariant 6: two hosts that always have something to send take turns, none shorter than it may be', async () => {
  const { hosts, watch } = await started(2)
  for (const { work } of hosts) work.wants = true
  const { turns, isDoubled } = await watch(LONG_MS)
  expect(isDoubled).toBe(false)
  expect(turns.length).toBeGreaterThan(LONG_MS / (TURN_MS + HAND_OVER_MS) - 1)
  for (const [n, { atMs }] of turns.entries()) {
    const next = turns[n + 1]
    if (n > 0 && next) expect(next.atMs - atMs).toBeGreaterThanOrEqual(TURN_MS)
  }
})

test.each([3, 5])('none of %p hosts that always have something to send is left out', async (count) => {
  const { hosts, watch } = await started(count)
  for (const { work } of hosts) work.wants = true
  const { turns, isDoubled } = await watch(3 * count * (TURN_MS + HAND_OVER_MS))
  expect(isDoubled).toBe(false)
  for (const [n] of hosts.entries()) {
    expect(turns.filter(({ host }) => host === n).length).toBeGreaterThanOrEqual(2)
  }
})

describe('invariant 6: a holder whose turn is over', () => {
  /** The holder is sending when the other host begins to wait. */
  async function ending() {
    const shop = await started(2)
    const { first, second, clock } = shop
    const since = first.token()
    first.work.sending = true
    second.work.wants = true
    await clock.advance(HAND_OVER_MS)
    expect(first.sender.hostState).toBe('yielding')
    return { ...shop, since }
  }

  test('begins nothing more, brings to its end what it has begun, and only then gives the lease back', async () => {
    const shop = await ending()
    const { first, since, redis, clock, watch, senders } = shop
    expect((await watch(LONG_MS)).turns).toEqual([])
    expect([first.sender.token(), first.sender.token(since)]).toEqual([null, since])
    expect(readLeaseState(first.own, first.sender)).toMatchObject({ heldBy: 'this_process', fencingToken: null })
    expect(redis.held(NAME)?.bufferId).toBe('host 0')
    first.work.sending = false
    await clock.advance(2 * REDIS_RENEW_EVERY_MS)
    expect([states(shop), senders()]).toEqual([['elsewhere', 'held'], [1]])
    expect(first.sender.token(since)).toBeNull()
  })

  test('goes on when the host that waited is gone', async () => {
    const { first, second, since, watch } = await ending()
    const takenBefore = first.timesTaken()
    second.link.reach = 'gone'
    first.work.wants = true
    const { turns } = await watch(REDIS_WAITS_MS + REDIS_RENEW_EVERY_MS)
    expect(turns).toEqual([expect.objectContaining({ host: 0 })])
    expect([first.token(), first.timesTaken()]).toEqual([since, takenBefore + 1])
  })

  test('goes on alone when Redis is gone, with what it has', async () => {
    const { first, since, clock } = await ending()
    first.link.reach = 'gone'
    await clock.advance(REDIS_RENEW_EVERY_MS)
    expect([first.sender.hostState, first.token()]).toEqual(['unreachable', since])
  })
})

test('the lease that is given back to a host that has died meanwhile is had again as soon as that does not wait any more', async () => {
  const { first, second, clock, redis, watch } = await started(2)
  second.work.wants = true
  await clock.advance(REDIS_RENEW_EVERY_MS)
  expect(redis.waiting(NAME)).toBe('host 1')
  second.link.reach = 'gone'
  first.work.wants = false
  await clock.advance(REDIS_RENEW_EVERY_MS)
  expect(first.sender.hostState).toBe('elsewhere')
  const { turns } = await watch(REDIS_WAITS_MS + REDIS_RENEW_EVERY_MS)
  expect(turns).toEqual([expect.objectContaining({ host: 0 })])
})

test.each(['silent', 'unheard'] as const)(
  'invariant 6: one that gives it back, and does not learn whether that was heard (%s), sends nothing until it is granted it',
  async (reach) => {
    const { first, second, clock, watch } = await started(2)
    const { release } = first.link
    first.link.release = async (...what) => {
      first.link.release = release
      first.link.reach = reach
      await release(...what)
      first.link.reach = 'up'
    }
    second.work.wants = true
    await clock.advance(HAND_OVER_MS)
    expect((await watch(LONG_MS)).isDoubled).toBe(false)
    expect(second.timesTaken()).toBeGreaterThan(0)
    expect(first.sender.hostState).toBe('elsewhere')
  },
)

test('a Redis that loses everything again and again leaves none of two hosts out', async () => {
  const { hosts, redis, clock, watch } = await started(2)
  for (const { work } of hosts) work.wants = true
  const seen = new Set<number>()
  for (let times = 0; times < 12; times++) {
    await clock.advance(REDIS_RENEW_EVERY_MS / 3)
    redis.flush()
    const { turns } = await watch(2 * TURN_MS)
    for (const { host } of turns) seen.add(host)
  }
  expect([...seen].toSorted()).toEqual([0, 1])
})
