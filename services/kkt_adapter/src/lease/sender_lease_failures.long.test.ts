import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { MAX_TOKEN } from '../domain/fencing_token.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { token } from '../testing/kit.ts'
import { LONG_MS, oneHost, twoHosts, withoutRedis } from '../testing/lease_kit.ts'
import { replaceVerbs } from '../testing/verbs.ts'
import { REDIS_RENEW_EVERY_MS } from './host_lease.ts'

const HOUR_MS = 3_600_000
/** The time limit of a Redis command. */
const GIVES_UP_AFTER_MS = 500

describe('invariant 6: a Redis that lost everything', () => {
  test('grants the lease again, under a greater token', async () => {
    const { clock, redis, first } = await oneHost()
    first.sender.start()
    await settle()
    const former = first.token()
    redis.flush()
    await clock.advance(REDIS_RENEW_EVERY_MS)
    expect(first.sender.hostState).toBe('held')
    expect(first.token()).toBeGreaterThan(former)
  })

  test('and grants it to another host, under a greater token than the holder’s, though that host’s own is older', async () => {
    const { clock, redis, first, second, senders } = await twoHosts()
    await clock.advance(LONG_MS)
    await first.sender.turn()
    const former = first.token()
    expect(second.own.token()).toBeLessThan(former)
    redis.flush()
    await clock.advance(1)
    await second.sender.turn()
    expect(second.token()).toBeGreaterThan(former)
    await first.sender.turn()
    expect(senders()).toEqual([false, true])
  })
})

describe('invariant 6: a token that the OFD knows to be outdated sends nothing more', () => {
  test('without other hosts: until there is a greater one', async () => {
    const { first } = await withoutRedis()
    const former = first.token()
    first.sender.outdated(former)
    expect(first.sender.token()).toBeNull()
    await first.sender.turn()
    expect(first.token()).toBeGreaterThan(former)
    expect(first.timesTaken()).toBe(1)
  })

  test('with Redis: until that grants a greater one', async () => {
    const { first } = await oneHost()
    await first.sender.turn()
    const former = first.token()
    first.sender.outdated(former)
    expect(first.sender.token()).toBeNull()
    await first.sender.turn()
    expect(first.token()).toBeGreaterThan(former)
    expect([first.sender.hostState, first.timesTaken()]).toEqual(['held', 2])
  })

  test('with a Redis that cannot be reached: until it is back, for who else sends it alone knows', async () => {
    const { clock, link, first } = await oneHost()
    first.sender.start()
    await settle()
    const former = first.token()
    link.reach = 'gone'
    await clock.advance(REDIS_RENEW_EVERY_MS)
    first.sender.outdated(former)
    for (let ms = 0; ms < LONG_MS; ms += 1000) {
      await clock.advance(1000)
      expect(first.sender.token()).toBeNull()
    }
    link.reach = 'up'
    await clock.advance(REDIS_RENEW_EVERY_MS)
    expect(first.token()).toBeGreaterThan(former)
  })

  test('a greater one is seen to at once', async () => {
    const { clock, first } = await oneHost()
    first.sender.start()
    await settle()
    await clock.advance(REDIS_RENEW_EVERY_MS / 2)
    first.sender.outdated(first.token())
    await settle()
    expect(first.sender.token()).not.toBeNull()
  })

  test('what is said of an earlier one is old news', async () => {
    const { first } = await oneHost()
    await first.sender.turn()
    const former = first.token()
    first.sender.outdated(former)
    await first.sender.turn()
    const latter = first.token()
    first.sender.outdated(former)
    expect(first.sender.token()).toBe(latter)
    await first.sender.turn()
    expect(first.sender.token()).toBe(latter)
  })

  describe.each([
    ['without other hosts', withoutRedis],
    ['with Redis', oneHost],
  ])('%s', (_where, ground) => {
    /** Has the OFD refuse each token that is not above `newest`. Resolves to the number of refusals, at most 60. */
    async function overtake({ clock, first }: Awaited<ReturnType<typeof withoutRedis>>, newest: number, pauseMs = 0) {
      await first.sender.turn()
      let refusals = 0
      for (; first.token() <= newest && refusals < 60; refusals++) {
        first.sender.outdated(first.token())
        await clock.advance(pauseMs)
        await first.sender.turn()
      }
      return refusals
    }

    test.each([
      [100, 0],
      [25, 60_000],
    ])(
      'one that went by a clock %p hours ahead is overtaken soon, with %p ms between two refusals',
      async (hours, pauseMs) => {
        const host = await ground()
        const newest = host.clock.wallMs() + hours * HOUR_MS
        expect(await overtake(host, newest, pauseMs)).toBeLessThan(20)
        expect(host.first.token()).toBeLessThan(newest + 200 * HOUR_MS)
      },
    )

    test.each([2099, 9999])('one that went by a clock of the year %p is overtaken', async (year) => {
      const host = await ground()
      const newest = Date.UTC(year, 0)
      expect(await overtake(host, newest)).toBeLessThan(42)
      expect(host.first.token()).toBeGreaterThan(newest)
    })

    test('an OFD that refuses every token drives them to the greatest, which is sent on', async () => {
      const host = await ground()
      const { first } = host
      expect(await overtake(host, MAX_TOKEN)).toBe(60)
      expect(first.token()).toBe(token(MAX_TOKEN))
      await first.release()
      await first.turn()
      expect(first.token()).toBe(token(MAX_TOKEN))
    })
  })
})

describe('nothing here rejects', () => {
  const diskFull = () => {
    throw new StorageFailure('SQLITE_FULL', {})
  }

  test('a journal that cannot keep the token: it is not used', async () => {
    const { first, link } = await oneHost()
    const mend = replaceVerbs(first.journal, () => ({ raiseToken: diskFull }))
    await first.sender.turn()
    expect(first.sender.token()).toBeNull()
    mend()
    await first.sender.turn()
    expect(first.sender.token()).not.toBeNull()
    link.reach = 'gone'
    replaceVerbs(first.journal, () => ({ recordEvent: diskFull }))
    await first.sender.turn()
    expect(first.sender.hostState).toBe('unreachable')
  })

  test('an audit log that cannot be written costs neither the lease nor the word of it', async () => {
    const { first } = await oneHost()
    replaceVerbs(first.journal, () => ({ recordEvent: diskFull }))
    await first.sender.turn()
    expect(first.sender.token()).not.toBeNull()
    expect(first.timesTaken()).toBe(1)
  })

  test.each(['gone', 'silent'] as const)('the end, while Redis is %s', async (reach) => {
    const { clock, link, first } = await oneHost()
    first.sender.start()
    await settle()
    link.reach = reach
    const released = first.sender.release()
    await clock.advance(2 * GIVES_UP_AFTER_MS)
    expect(await released).toBeUndefined()
    expect([first.sender.token(), first.sender.hostState]).toEqual([null, 'not_asked'])
  })
})
