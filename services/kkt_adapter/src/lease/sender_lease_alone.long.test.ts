import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { memoryJournal } from '../testing/kit.ts'
import {
  askedInVain,
  contender,
  FOR_AS_LONG_AS_A_LEASE,
  LONG_MS,
  oneHost,
  twoHosts,
  withoutRedis,
} from '../testing/lease_kit.ts'
import { TestRedis } from '../testing/test_redis.ts'
import { REDIS_RENEW_EVERY_MS, REDIS_TRUST_MS, REDIS_TTL_MS } from './host_lease.ts'
import { TRUST_MS } from './tenure.ts'

/** The time limit of a Redis command. */
const GIVES_UP_AFTER_MS = 500

describe('invariant 6: without Redis the lease in the journal holds', () => {
  test('from the start where none is configured', async () => {
    const { clock, first } = await withoutRedis()
    first.sender.start()
    const token = first.token()
    expect(first.sender.hostState).toBe('off')
    await clock.advance(LONG_MS)
    expect([first.sender.token(), first.own.token()]).toEqual([token, token])
    await first.own.release()
    expect(first.sender.token()).toBeNull()
  })

  test.each(['gone', 'silent', 'unheard'] as const)('%s from the start: it sends when it knows that', async (reach) => {
    const { clock, link, first } = await oneHost()
    link.reach = reach
    first.sender.start()
    await clock.advance(reach === 'gone' ? 0 : GIVES_UP_AFTER_MS)
    expect([first.sender.hostState, first.sender.token()]).toEqual(['unreachable', first.own.token()])
    await clock.advance(LONG_MS)
    expect(first.sender.token()).not.toBeNull()
    expect(first.timesTaken()).toBe(1)
  })

  test.each(['gone', 'silent', 'unheard'] as const)(
    '%s later: it goes on without a pause, with its last token',
    async (reach) => {
      const { clock, link, first } = await oneHost()
      first.sender.start()
      await settle()
      const last = first.token()
      link.reach = reach
      for (let ms = 0; ms < LONG_MS; ms += 100) {
        await clock.advance(100)
        expect(first.sender.token()).toBe(last)
      }
      expect(first.sender.hostState).toBe('unreachable')
    },
  )

  test.each(['gone', 'silent', 'unheard'] as const)('%s, then back: it is granted a greater token', async (reach) => {
    const { clock, link, first } = await oneHost()
    first.sender.start()
    await settle()
    const former = first.token()
    link.reach = reach
    await clock.advance(LONG_MS)
    link.reach = 'up'
    await clock.advance(REDIS_RENEW_EVERY_MS + GIVES_UP_AFTER_MS)
    expect(first.sender.hostState).toBe('held')
    expect(first.token()).toBeGreaterThan(former)
  })

  test('back, when another host has taken it meanwhile: it sends nothing more', async () => {
    const { clock, links, first, second, senders } = await twoHosts()
    first.sender.start()
    await settle()
    links[0].reach = 'gone'
    await clock.advance(REDIS_TTL_MS)
    second.sender.start()
    await settle()
    expect(second.token()).toBeGreaterThan(first.token())
    links[0].reach = 'up'
    await clock.advance(REDIS_RENEW_EVERY_MS)
    expect(senders()).toEqual([false, true])
    expect(first.sender.hostState).toBe('elsewhere')
  })
})

describe('invariant 6: one that has lost the right to send does not go on because Redis does not answer', () => {
  test.each([
    ['granted by Redis', 'up'],
    ['its own while Redis was gone', 'gone'],
  ] as const)('paused while the lease was %s: it asks for as long as a lease lasts', async (_whose, reach) => {
    const host = await oneHost()
    host.link.reach = reach
    await host.first.sender.turn()
    expect(host.first.sender.token()).not.toBeNull()
    await host.clock.advance(REDIS_TRUST_MS)
    expect(host.first.sender.token()).toBeNull()
    host.link.reach = 'gone'
    expect(await askedInVain(host)).toEqual(FOR_AS_LONG_AS_A_LEASE)
    await host.clock.advance(REDIS_TRUST_MS)
    expect(await askedInVain(host)).toEqual(FOR_AS_LONG_AS_A_LEASE)
  })

  test.each([
    ['its own while Redis was gone', 'gone', false],
    ['granted by Redis', 'up', true],
  ] as const)('paused past its lease in the journal, with a right that was %s', async (_whose, reach, isKept) => {
    const clock = new TestClock()
    const link = new TestRedis(clock).connect('first')
    link.reach = reach
    const { own, sender, turn } = contender(clock, 'first', { journal: memoryJournal(clock), hosts: link })
    await turn()
    expect(sender.token()).not.toBeNull()
    await clock.advance(TRUST_MS)
    // The host wakes and learns that it still has the journal's lease, before Redis is asked again.
    await sender.turn()
    await own.turn()
    expect([sender.hostState, sender.token() !== null]).toEqual(['not_asked', isKept])
  })

  test('paused in the middle of a question, which then seems to be unanswered', async () => {
    const { clock, links, first, second, senders } = await twoHosts()
    await first.sender.turn()
    await clock.advance(REDIS_RENEW_EVERY_MS)
    links[0].reach = 'silent'
    const { wait } = clock
    clock.wait = (ms, signal) => wait(ms === GIVES_UP_AFTER_MS ? LONG_MS : ms, signal)
    const asking = first.sender.turn()
    second.sender.start()
    await clock.advance(LONG_MS)
    await asking
    expect(first.sender.hostState).toBe('unreachable')
    expect(senders()).toEqual([false, true])
  })

  test('that has lost it, and does not learn to whom', async () => {
    const host = await oneHost()
    await host.first.sender.turn()
    host.redis.flush()
    const { take } = host.link
    host.link.take = async () => ({ kind: 'unreachable' })
    await host.first.sender.turn()
    expect(host.first.sender.token()).toBeNull()
    host.link.take = take
    await host.first.sender.turn()
    expect(host.first.sender.token()).not.toBeNull()
  })

  test('while another host has it: not before that one may have lost it', async () => {
    const { clock, redis, links, first, second, senders } = await twoHosts()
    await first.sender.turn()
    await second.sender.turn()
    const host = { clock, redis, link: links[1], first: second }
    links[1].reach = 'gone'
    await askedInVain(host, 5)
    links[1].reach = 'up'
    await first.sender.turn()
    await second.sender.turn()
    links[1].reach = 'gone'
    expect(await askedInVain(host)).toEqual(FOR_AS_LONG_AS_A_LEASE)
    expect(senders()[1]).toBe(true)
    expect(second.sender.hostState).toBe('unreachable')
  })

  test('a lease in the journal that is taken again is a new right', async () => {
    const { clock, link, first } = await oneHost()
    await first.sender.turn()
    link.reach = 'gone'
    await clock.advance(REDIS_TRUST_MS)
    await first.own.release()
    const successor = contender(clock, 'successor', { journal: first.journal, hosts: link })
    await successor.own.turn()
    await successor.sender.turn()
    expect(successor.sender.token()).not.toBeNull()
  })
})
