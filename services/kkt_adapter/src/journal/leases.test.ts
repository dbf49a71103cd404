import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { MAX_TOKEN } from '../domain/fencing_token.ts'
import { OthersBuffer } from '../sqlite/fitness.ts'
import { journalAndDb, memoryJournal } from '../testing/kit.ts'
import type { Journal } from './journal.ts'

const NAME = 'KKT-001'
const UNTOUCHED = { holder: null, epoch: 0, beat: 0 }

function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const row = () => journal.leases.read(NAME)
  return {
    clock,
    row,
    journal,
    leases: journal.leases,
    ...changesOf(journal),
    /** @returns the new epoch, or null */
    take: (holder: string, seen = row()) => journal.write((tx) => tx.takeLease(NAME, holder, seen)?.epoch ?? null),
  }
}

/** The verbs of leases, each in a commit of its own. */
const changesOf = (journal: Journal) => ({
  renew: (name: string, holder: string, epoch: number) => journal.write((tx) => tx.renewLease(name, holder, epoch)),
  holds: (holder: string, epoch: number, name = NAME) => journal.write((tx) => tx.holdsLease(name, holder, epoch)),
  release: (name: string, holder: string) => journal.write((tx) => tx.releaseLease(name, holder)),
  raise: async (floor: number) => Number(await journal.write((tx) => tx.raiseToken(NAME, floor))),
  /** @returns the token, or null */
  takeAs: (name: string, holder: string) =>
    journal.write((tx) => tx.takeLease(name, holder, journal.leases.read(name))?.token ?? null),
})

test('a lease that nobody ever had is free', () => {
  const { row } = setUp()
  expect(row()).toEqual(UNTOUCHED)
})

test('taking it makes the taker its holder, in a new epoch', async () => {
  const { take, row } = setUp()
  expect(await take('one')).toBe(1)
  expect(row()).toEqual({ holder: 'one', epoch: 1, beat: 1 })
  expect(await take('other')).toBe(2)
  expect(row()).toEqual({ holder: 'other', epoch: 2, beat: 2 })
})

test('of two who saw the same only the first gets it', async () => {
  const { take, row } = setUp()
  const seen = row()
  expect([await take('one', seen), await take('other', seen)]).toEqual([1, null])
  expect(row().holder).toBe('one')
})

test('whoever saw it before it was renewed, released or retaken does not get it', async () => {
  const { renew, release, take, row } = setUp()
  await take('one')
  const changes = [() => renew(NAME, 'one', 1), () => release(NAME, 'one'), () => take('one'), () => take('one')]
  for (const change of changes) {
    const seen = row()
    await change()
    const after = row()
    expect(await take('other', seen)).toBeNull()
    expect(row()).toEqual(after)
  }
})

test('renewing is a beat more, for its holder in its epoch alone', async () => {
  const { renew, take, row } = setUp()
  await take('one')
  expect(await renew(NAME, 'one', 1)).toBe(true)
  expect(row()).toEqual({ holder: 'one', epoch: 1, beat: 2 })
  expect(await renew(NAME, 'other', 1)).toBe(false)
  expect(await renew(NAME, 'one', 2)).toBe(false)
  expect(await renew('KKT-002', 'one', 1)).toBe(false)
  expect(row()).toEqual({ holder: 'one', epoch: 1, beat: 2 })
  await take('other')
  expect(await renew(NAME, 'one', 1)).toBe(false)
})

test('its holder may give it back, nobody else, and the epoch goes on', async () => {
  const { renew, release, take, row } = setUp()
  await take('one')
  await release(NAME, 'other')
  expect(row().holder).toBe('one')
  await release(NAME, 'one')
  expect(row()).toEqual({ holder: null, epoch: 1, beat: 2 })
  expect(await renew(NAME, 'one', 1)).toBe(false)
  expect(await take('other')).toBe(2)
})

test('invariant 6: a buffer has one lease: under another name none can be taken, though its holder gave it back', async () => {
  const { leases, release, take, takeAs, row } = setUp()
  await take('one')
  await release(NAME, 'one')
  const before = row()
  expect(await takeAs('KKT-002', 'other')).toBeNull()
  expect(leases.read('KKT-002')).toEqual(UNTOUCHED)
  expect(row()).toEqual(before)
})

test('only its holder holds it, and only in its epoch', async () => {
  const { holds, take } = setUp()
  expect(await holds('one', 0)).toBe(false)
  await take('one')
  expect([await holds('one', 1), await holds('one', 0)]).toEqual([true, false])
  expect([await holds('other', 1), await holds('one', 1, 'KKT-002')]).toEqual([false, false])
  await take('other')
  expect(await holds('one', 1)).toBe(false)
})

test('a work sees what the works before it did to the lease in the same commit', async () => {
  const { journal, row, take } = setUp()
  await take('one')
  const holds = () => journal.write((tx) => tx.holdsLease(NAME, 'one', 1))
  const release = () => journal.write((tx) => tx.releaseLease(NAME, 'one'))
  expect(await Promise.all([holds(), release(), holds()])).toEqual([true, true, false])
  const held: boolean[] = []
  const undone = journal.write((tx) => {
    held.push(tx.holdsLease(NAME, 'two', 2))
    tx.takeLease(NAME, 'two', row())
    held.push(tx.holdsLease(NAME, 'two', 2))
    throw new Error('a mistake')
  })
  const after = journal.write((tx) => tx.holdsLease(NAME, 'two', 2))
  expect(await Promise.allSettled([undone, after])).toMatchObject([{ status: 'rejected' }, { value: false }])
  expect(held.slice(-2)).toEqual([false, true])
})

test('invariant 6: each taking and each raise gives a greater token, whatever the wall clock does', async () => {
  const { clock, raise, takeAs } = setUp()
  const tokens: number[] = []
  const take = async () => tokens.push((await takeAs(NAME, 'one')) ?? 0)
  const startedMs = clock.wallMs()
  await take()
  await take()
  clock.setWallBy(-3_600_000)
  await take()
  for (const floor of [0, startedMs + 1000, startedMs]) tokens.push(await raise(floor))
  clock.setWallBy(2 * 3_600_000)
  await take()
  expect(tokens).toEqual([0, 1, 2, 3, 1000, 1001, 3_600_000].map((ms) => startedMs + ms))
})

test('invariant 6: the first token of a new buffer is above those of one that was lost', async () => {
  const clock = new TestClock()
  const last = (await changesOf(memoryJournal(clock)).takeAs(NAME, 'one')) ?? 0
  clock.setWallBy(1)
  expect(await changesOf(memoryJournal(clock)).takeAs(NAME, 'one')).toBeGreaterThan(last)
})

describe('a buffer is claimed by one KKT', () => {
  function claimed() {
    const { journal, db } = journalAndDb({ clock: new TestClock() })
    const { leases, claim } = journal
    const { takeAs, release } = changesOf(journal)
    const rows = db.prepare<{ name: string }>('SELECT name FROM leases')
    const names = () => rows.all().map(({ name }) => name)
    const refused = async (name: string) => {
      try {
        await claim(name)
      } catch (error) {
        if (error instanceof OthersBuffer) return error.kktId
        throw error
      }
      return null
    }
    return { db, leases, claim, takeAs, release, names, refused }
  }

  test('invariant 6: the first has it, though it never took the lease; the others are refused', async () => {
    const { leases, claim, takeAs, release, names, refused } = claimed()
    await claim('KKT-1')
    expect(leases.read('KKT-1')).toEqual(UNTOUCHED)
    expect(await refused('KKT-2')).toBe('KKT-1')
    await takeAs('KKT-1', 'one')
    await release('KKT-1', 'one')
    expect(await refused('KKT-2')).toBe('KKT-1')
    expect(names()).toEqual(['KKT-1'])
  })

  test('its own claims it again, and changes nothing: not the lease that another process holds, nor anything on a full disk', async () => {
    const { db, leases, claim, takeAs, refused } = claimed()
    await claim('KKT-1')
    await takeAs('KKT-1', 'one')
    const before = leases.read('KKT-1')
    db.exec('PRAGMA query_only = ON')
    await claim('KKT-1')
    expect(await refused('KKT-2')).toBe('KKT-1')
    expect(leases.read('KKT-1')).toEqual(before)
  })

  test('of several, which an older version allowed, each may go on', async () => {
    const { db, leases, claim, takeAs, names, refused } = claimed()
    await takeAs('KKT-1', 'one')
    db.exec("INSERT INTO leases (name, holder, epoch, beat, fence) VALUES ('KKT-2', 'two', 1, 1, 1)")
    expect(await refused('KKT-3')).toBe('KKT-1 or KKT-2')
    for (const name of ['KKT-1', 'KKT-2']) await claim(name)
    expect(names().toSorted()).toEqual(['KKT-1', 'KKT-2'])
    expect(leases.read('KKT-2').holder).toBe('two')
  })
})

describe('invariant 6: a fencing token is one that an OFD takes', () => {
  async function withFence(fence: string) {
    const { db, clock, journal } = journalAndDb()
    await journal.claim(NAME)
    db.exec(`UPDATE leases SET fence = ${fence}`)
    return { ...changesOf(journal), clock }
  }

  test.each(['4503599627370497', '9007199254740993', '9223372036854775807'])(
    'also after an older version has taken over %s: it goes on from the wall clock',
    async (fence) => {
      const { takeAs, raise, clock } = await withFence(fence)
      expect(Number(await takeAs(NAME, 'one'))).toBe(clock.wallMs())
      expect(await raise(0)).toBe(clock.wallMs() + 1)
    },
  )

  test('also where one is raised in a row that an older version has taken such a one into', async () => {
    const { raise, clock } = await withFence('9223372036854775807')
    expect(await raise(clock.wallMs())).toBe(clock.wallMs())
  })

  test('and none is above the greatest, which is given again', async () => {
    const { takeAs, raise } = await withFence(String(MAX_TOKEN - 1))
    expect(await raise(0)).toBe(MAX_TOKEN)
    expect(await raise(0)).toBe(MAX_TOKEN)
    expect(await raise(2 ** 60)).toBe(MAX_TOKEN)
    expect(Number(await takeAs(NAME, 'one'))).toBe(MAX_TOKEN)
  })
})
