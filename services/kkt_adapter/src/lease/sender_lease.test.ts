import { expect, test } from 'bun:test'
import { contender, NAME, oneHost, twoHosts, twoProcesses } from '../testing/lease_kit.ts'
import { replaceVerbs } from '../testing/verbs.ts'
import { REDIS_RENEW_EVERY_MS, REDIS_TRUST_MS, REDIS_TTL_MS } from './host_lease.ts'
import { TTL_MS } from './tenure.ts'

const LONG_MS = 10 * REDIS_TTL_MS

test('invariant 6: of two hosts one sends, and keeps the lease while it renews', async () => {
  const { first, second, senders, everBothIn } = await twoHosts()
  first.sender.start()
  second.sender.start()
  expect(await everBothIn(LONG_MS)).toBe(false)
  expect(senders()).toEqual([true, false])
  expect([first.sender.hostState, second.sender.hostState]).toEqual(['held', 'elsewhere'])
  expect([first.timesTaken(), second.timesTaken()]).toEqual([1, 0])
})

test('invariant 6: nobody sends before Redis has been asked', async () => {
  const { clock, first, second, senders } = await twoHosts()
  await clock.advance(LONG_MS)
  expect([first.own.token(), second.own.token()]).not.toContain(null)
  expect(senders()).toEqual([false, false])
  expect(first.sender.hostState).toBe('not_asked')
})

test('invariant 6: another host takes over after the time to live of a silent holder, with a greater token, and never do both hold it', async () => {
  const { first, second, senders, everBothIn } = await twoHosts()
  await first.sender.turn()
  const former = first.token()
  second.sender.start()
  expect(await everBothIn(REDIS_TTL_MS + REDIS_RENEW_EVERY_MS)).toBe(false)
  expect(senders()).toEqual([false, true])
  expect(second.token()).toBeGreaterThan(former)
  await first.sender.turn()
  expect([first.sender.token(), first.sender.hostState]).toEqual([null, 'elsewhere'])
})

test('invariant 6: a holder that was paused past its trust does not hold it when it wakes, before any turn', async () => {
  const { clock, first } = await oneHost()
  await first.sender.turn()
  await clock.advance(REDIS_TRUST_MS - 1)
  expect(first.sender.token()).not.toBeNull()
  await clock.advance(1)
  expect(first.sender.token()).toBeNull()
  await first.sender.turn()
  expect(first.sender.token()).not.toBeNull()
  expect(first.timesTaken()).toBe(2)
})

test.each([
  ['granted', 0],
  ['renewed', 1],
])('invariant 6: what is %s by a slow answer is trusted from before it was asked for', async (_how, turnsBefore) => {
  const { clock, link, first } = await oneHost()
  for (let i = 0; i < turnsBefore; i++) await first.sender.turn()
  link.delayMs = 400
  const turn = first.sender.turn()
  await clock.advance(400)
  await turn
  await clock.advance(REDIS_TRUST_MS - 401)
  expect(first.sender.token()).not.toBeNull()
  await clock.advance(1)
  expect(first.sender.token()).toBeNull()
})

test('invariant 6: Redis keeps the lease for longer than its holder trusts itself', async () => {
  const { clock, redis, first } = await oneHost()
  await first.sender.turn()
  expect(redis.held(NAME)?.leftMs).toBe(REDIS_TTL_MS)
  await clock.advance(REDIS_RENEW_EVERY_MS)
  await first.sender.turn()
  expect(redis.held(NAME)?.leftMs).toBe(REDIS_TTL_MS)
  expect(REDIS_TTL_MS).toBeGreaterThan(REDIS_TRUST_MS + REDIS_RENEW_EVERY_MS)
})

test('invariant 6: a holder that has lost it to nobody does not send while it asks for it again', async () => {
  const { clock, redis, link, first } = await oneHost()
  await first.sender.turn()
  redis.flush()
  link.delayMs = 100
  const turn = first.sender.turn()
  await clock.advance(99)
  expect(first.sender.token()).not.toBeNull()
  await clock.advance(1)
  expect(first.sender.token()).toBeNull()
  await clock.advance(100)
  await turn
  expect(first.sender.token()).not.toBeNull()
})

test('a lease that is given back is another host’s at its next turn', async () => {
  const { first, second, senders } = await twoHosts()
  await first.sender.turn()
  await second.sender.turn()
  expect(senders()).toEqual([true, false])
  await first.sender.release()
  expect(senders()).toEqual([false, false])
  await second.sender.turn()
  expect(senders()).toEqual([false, true])
})

test('a lease that is granted while the end comes is given back too', async () => {
  const { clock, redis, link, first } = await oneHost()
  link.delayMs = 400
  first.sender.start()
  await clock.advance(100)
  expect(redis.held(NAME)).not.toBeNull()
  const released = first.sender.release()
  await clock.advance(700)
  await released
  expect(redis.held(NAME)).toBeNull()
})

test('invariant 6: a lost lease in the journal ends it, and the process that has that one goes on with a greater token', async () => {
  const { clock, first, second } = twoProcesses()
  first.start()
  await clock.advance(0)
  const former = first.token()
  await first.release()
  expect(first.sender.token()).toBeNull()
  second.start()
  await clock.advance(0)
  expect(second.token()).toBeGreaterThan(former)
})

test('invariant 6: among the processes on one buffer a take-over waits for the lease in the journal alone', async () => {
  const { clock, first, second } = twoProcesses()
  await first.own.turn()
  await first.sender.turn()
  const former = first.token()
  second.start()
  await clock.advance(TTL_MS + REDIS_RENEW_EVERY_MS)
  expect(second.token()).toBeGreaterThan(former)
  await first.own.turn()
  await first.sender.turn()
  expect([first.sender.token(), first.sender.hostState]).toEqual([null, 'not_asked'])
  await second.sender.turn()
  expect([second.sender.hostState, second.timesTaken()]).toEqual(['held', 1])
})

test('invariant 6: a lease in the journal that was lost and had again is asked for again before anything is sent', async () => {
  const { clock, first, second } = twoProcesses()
  await first.own.turn()
  await first.sender.turn()
  const former = first.token()
  second.own.start()
  await clock.advance(TTL_MS)
  await second.own.release()
  await first.own.turn()
  await first.own.turn()
  expect(first.own.token()).not.toBeNull()
  expect(first.sender.token()).toBeNull()
  await first.sender.turn()
  expect(first.token()).toBeGreaterThan(former)
})

test('invariant 6: a token is in the journal before it is used, and whoever comes after has a greater one', async () => {
  const { clock, redis, link, first } = await oneHost()
  const ahead = clock.wallMs() + LONG_MS
  const another = redis.connect('another')
  await another.take(NAME, ahead, REDIS_TTL_MS)
  await another.release(NAME, ahead + 1)
  const usedBefore: (number | null)[] = []
  replaceVerbs(first.journal, (own) => ({
    raiseToken(name, floor) {
      usedBefore.push(first.sender.token())
      return own.raiseToken(name, floor)
    },
  }))
  await first.sender.turn()
  expect(usedBefore).toEqual([null])
  expect(Number(first.token())).toBe(ahead + 2)
  link.reach = 'gone'
  await first.own.release()
  const successor = contender(clock, 'successor', { journal: first.journal, hosts: link })
  await successor.own.turn()
  await successor.sender.turn()
  expect(Number(successor.token())).toBe(ahead + 3)
})

test('each change is in the audit log', async () => {
  const { first, second, links, redis } = await twoHosts()
  await first.sender.turn()
  const former = first.token()
  await second.sender.turn()
  await second.sender.turn()
  links[0].reach = 'gone'
  await first.sender.turn()
  await first.sender.turn()
  links[0].reach = 'up'
  redis.flush()
  await first.sender.turn()
  await first.sender.turn()
  expect(first.events().slice(1)).toEqual([
    `not_asked>held among hosts, token ${former}`,
    'held>unreachable among hosts',
    `unreachable>held among hosts, token ${first.token()}`,
  ])
  expect(second.events().slice(1)).toEqual(['not_asked>elsewhere among hosts'])
})
