import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { askedInVain, FOR_AS_LONG_AS_A_LEASE, LONG_MS, oneHost, twoHosts } from '../testing/lease_kit.ts'
import type { Reach } from '../testing/test_redis.ts'
import { REDIS_RENEW_EVERY_MS, REDIS_TRUST_MS, REDIS_TTL_MS } from './host_lease.ts'

const REFUSALS: Reach[] = ['refusing', 'read_only']

describe.each(REFUSALS)('invariant 6: a Redis that is there and refuses (%s)', (reach) => {
  test('gives nobody the right to send, however long it is asked', async () => {
    const { clock, link, first } = await oneHost()
    link.reach = reach
    first.sender.start()
    for (let ms = 0; ms < LONG_MS; ms += 1000) {
      await clock.advance(1000)
      expect([first.sender.token(), first.sender.hostState]).toEqual([null, 'refused'])
    }
    link.reach = 'up'
    await clock.advance(REDIS_RENEW_EVERY_MS)
    expect(first.sender.hostState).toBe('held')
    expect(first.timesTaken()).toBe(1)
  })

  test('leaves it to the one that had it, with its token and without a pause, and to no second one', async () => {
    const { links, first, second, senders, everBothIn } = await twoHosts()
    first.sender.start()
    await settle()
    second.sender.start()
    await settle()
    const token = first.token()
    for (const link of links) link.reach = reach
    second.work.wants = true
    for (let ms = 0; ms < LONG_MS; ms += 2000) {
      expect(await everBothIn(2000)).toBe(false)
      expect([first.token(), senders()]).toEqual([token, [true, false]])
    }
    expect([first.sender.hostState, second.sender.hostState]).toEqual(['refused', 'refused'])
    expect([first.timesTaken(), second.timesTaken()]).toEqual([1, 0])
  })

  test('and is well again grants a greater token', async () => {
    const { clock, link, first } = await oneHost()
    first.sender.start()
    await settle()
    const former = first.token()
    link.reach = reach
    await clock.advance(LONG_MS)
    link.reach = 'up'
    await clock.advance(REDIS_RENEW_EVERY_MS)
    expect(first.token()).toBeGreaterThan(former)
    expect(first.events().slice(2)).toEqual([
      'held>refused among hosts',
      `refused>held among hosts, token ${first.token()}`,
    ])
  })

  test('gives it back to none that was paused past its trust', async () => {
    const { clock, link, first } = await oneHost()
    await first.sender.turn()
    link.reach = reach
    await clock.advance(REDIS_TRUST_MS)
    for (let asked = 0; asked < 20; asked++) {
      await first.sender.turn()
      expect(first.sender.token()).toBeNull()
      await clock.advance(REDIS_RENEW_EVERY_MS)
    }
  })

  test('and then cannot be reached is asked for as long as a lease lasts, by one that has not the right', async () => {
    const host = await oneHost()
    host.link.reach = reach
    await host.first.sender.turn()
    host.link.reach = 'gone'
    expect(await askedInVain(host)).toEqual(FOR_AS_LONG_AS_A_LEASE)
  })

  test('takes it from none that went on alone before', async () => {
    const { clock, link, first } = await oneHost()
    link.reach = 'gone'
    first.sender.start()
    await clock.advance(LONG_MS)
    const token = first.token()
    link.reach = reach
    await clock.advance(LONG_MS)
    expect(first.token()).toBe(token)
  })
})

test('invariant 6: a Redis that only reads tells the former holder that another host has it', async () => {
  const { clock, links, first, second, senders } = await twoHosts()
  first.sender.start()
  await settle()
  links[0].reach = 'gone'
  second.sender.start()
  await clock.advance(REDIS_TTL_MS + REDIS_RENEW_EVERY_MS)
  links[0].reach = 'read_only'
  await clock.advance(REDIS_RENEW_EVERY_MS)
  expect([first.sender.hostState, senders()]).toEqual(['elsewhere', [false, true]])
})
