import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { MAX_TOKEN } from '../domain/fencing_token.ts'
import { OthersBuffer } from '../sqlite/fitness.ts'
import { journalAndDb, memoryJournal } from '../testing/kit.ts'

const NAME = 'KKT-001'
const UNTOUCHED = { holder: null, epoch: 0, beat: 0 }

function setUp() {
  const clock = new TestClock()
  const { leases } = memoryJournal(clock)
  const take = (holder: string, seen = leases.read(NAME)) => leases.take(NAME, holder, seen)?.epoch ?? null
  return { clock, leases, take, row: () => leases.read(NAME) }
}

test('a lease that nobody ever had is free', () => {
  const { row } = setUp()
  expect(row()).toEqual(UNTOUCHED)
})

test('taking it makes the taker its holder, in a new epoch', () => {
  const { take, row } = setUp()
  expect(take('one')).toBe(1)
  expect(row()).toEqual({ holder: 'one', epoch: 1, beat: 1 })
  expect(take('other')).toBe(2)
  expect(row()).toEqual({ holder: 'other', epoch: 2, beat: 2 })
})

test('of two who saw the same only the first gets it', () => {
  const { take, row } = setUp()
  const seen = row()
  expect([take('one', seen), take('other', seen)]).toEqual([1, null])
  expect(row().holder).toBe('one')
})

test('whoever saw it before it was renewed, released or retaken does not get it', () => {
  const { leases, take, row } = setUp()
  take('one')
  const changes = [
    () => leases.renew(NAME, 'one', 1),
    () => leases.release(NAME, 'one'),
    () => take('one'),
    () => take('one'),
  ]
  for (const change of changes) {
    const seen = row()
    change()
    const after = row()
    expect(take('other', seen)).toBeNull()
    expect(row()).toEqual(after)
  }
})

test('renewing is a beat more, for its holder in its epoch alone', () => {
  const { leases, take, row } = setUp()
  take('one')
  expect(leases.renew(NAME, 'one', 1)).toBe(true)
  expect(row()).toEqual({ holder: 'one', epoch: 1, beat: 2 })
  expect(leases.renew(NAME, 'other', 1)).toBe(false)
  expect(leases.renew(NAME, 'one', 2)).toBe(false)
  expect(leases.renew('KKT-002', 'one', 1)).toBe(false)
  expect(row()).toEqual({ holder: 'one', epoch: 1, beat: 2 })
  take('other')
  expect(leases.renew(NAME, 'one', 1)).toBe(false)
})

test('its holder may give it back, nobody else, and the epoch goes on', () => {
  const { leases, take, row } = setUp()
  take('one')
  leases.release(NAME, 'other')
  expect(row().holder).toBe('one')
  leases.release(NAME, 'one')
  expect(row()).toEqual({ holder: null, epoch: 1, beat: 2 })
  expect(leases.renew(NAME, 'one', 1)).toBe(false)
  expect(take('other')).toBe(2)
})

test('invariant 6: a buffer has one lease: under another name none can be taken, though its holder gave it back', () => {
  const { leases, take, row } = setUp()
  take('one')
  leases.release(NAME, 'one')
  const before = row()
  expect(leases.take('KKT-002', 'other', leases.read('KKT-002'))).toBeNull()
  expect(leases.read('KKT-002')).toEqual(UNTOUCHED)
  expect(row()).toEqual(before)
})

test('it is held by its holder in its epoch alone', () => {
  const { leases, take } = setUp()
  expect(leases.isHeldBy(NAME, 'one', 0)).toBe(false)
  take('one')
  expect([leases.isHeldBy(NAME, 'one', 1), leases.isHeldBy(NAME, 'one', 0)]).toEqual([true, false])
  expect([leases.isHeldBy(NAME, 'other', 1), leases.isHeldBy('KKT-002', 'one', 1)]).toEqual([false, false])
  take('other')
  expect(leases.isHeldBy(NAME, 'one', 1)).toBe(false)
})

test('invariant 6: each taking and each raise gives a greater token, whatever the wall clock does', () => {
  const { clock, leases } = setUp()
  const tokens: number[] = []
  const take = () => tokens.push(leases.take(NAME, 'one', leases.read(NAME))?.token ?? 0)
  const startedMs = clock.wallMs()
  take()
  take()
  clock.setWallBy(-3_600_000)
  take()
  tokens.push(leases.raise(NAME, 0), leases.raise(NAME, startedMs + 1000), leases.raise(NAME, startedMs))
  clock.setWallBy(2 * 3_600_000)
  take()
  expect(tokens).toEqual([0, 1, 2, 3, 1000, 1001, 3_600_000].map((ms) => startedMs + ms))
})

test('invariant 6: the first token of a new buffer is above those of one that was lost', () => {
  const clock = new TestClock()
  const lost = memoryJournal(clock).leases
  const last = lost.take(NAME, 'one', lost.read(NAME))?.token ?? 0
  clock.setWallBy(1)
  const { leases } = memoryJournal(clock)
  expect(leases.take(NAME, 'one', leases.read(NAME))?.token).toBeGreaterThan(last)
})

describe('a buffer is claimed by one KKT', () => {
  function claimed() {
    const { journal, db } = journalAndDb({ clock: new TestClock() })
    const { leases } = journal
    const take = (name: string) => leases.take(name, 'one', leases.read(name))
    const rows = db.prepare<{ name: string }>('SELECT name FROM leases')
    const names = () => rows.all().map(({ name }) => name)
    const refused = (name: string) => {
      try {
        leases.claim(name)
      } catch (error) {
        if (error instanceof OthersBuffer) return error.kktId
        throw error
      }
      return null
    }
    return { db, leases, take, names, refused }
  }

  test('invariant 6: the first has it, though it never took the lease; the others are refused', () => {
    const { leases, take, names, refused } = claimed()
    leases.claim('KKT-1')
    expect(leases.read('KKT-1')).toEqual(UNTOUCHED)
    expect(refused('KKT-2')).toBe('KKT-1')
    take('KKT-1')
    leases.release('KKT-1', 'one')
    expect(refused('KKT-2')).toBe('KKT-1')
    expect(names()).toEqual(['KKT-1'])
  })

  test('its own claims it again, and changes nothing: not the lease that another process holds, nor anything on a full disk', () => {
    const { db, leases, take, refused } = claimed()
    leases.claim('KKT-1')
    take('KKT-1')
    const before = leases.read('KKT-1')
    db.exec('PRAGMA query_only = ON')
    leases.claim('KKT-1')
    expect(refused('KKT-2')).toBe('KKT-1')
    expect(leases.read('KKT-1')).toEqual(before)
  })

  test('of several, which an older version allowed, each may go on', () => {
    const { db, leases, take, names, refused } = claimed()
    take('KKT-1')
    db.exec("INSERT INTO leases (name, holder, epoch, beat, fence) VALUES ('KKT-2', 'two', 1, 1, 1)")
    expect(refused('KKT-3')).toBe('KKT-1 or KKT-2')
    for (const name of ['KKT-1', 'KKT-2']) leases.claim(name)
    expect(names().toSorted()).toEqual(['KKT-1', 'KKT-2'])
    expect(leases.read('KKT-2').holder).toBe('two')
  })
})

describe('invariant 6: a fencing token is one that an OFD takes', () => {
  function withFence(fence: string) {
    const { db, clock, journal } = journalAndDb()
    journal.leases.claim(NAME)
    db.exec(`UPDATE leases SET fence = ${fence}`)
    return { leases: journal.leases, clock }
  }

  test.each(['4503599627370497', '9007199254740993', '9223372036854775807'])(
    'also after an older version has taken over %s: it goes on from the wall clock',
    (fence) => {
      const { leases, clock } = withFence(fence)
      const taken = leases.take(NAME, 'one', leases.read(NAME))
      expect(Number(taken?.token)).toBe(clock.wallMs())
      expect(Number(leases.raise(NAME, 0))).toBe(clock.wallMs() + 1)
    },
  )

  test('also where one is raised in a row that an older version has taken such a one into', () => {
    const { leases, clock } = withFence('9223372036854775807')
    expect(Number(leases.raise(NAME, clock.wallMs()))).toBe(clock.wallMs())
  })

  test('and none is above the greatest, which is given again', () => {
    const { leases } = withFence(String(MAX_TOKEN - 1))
    expect(Number(leases.raise(NAME, 0))).toBe(MAX_TOKEN)
    expect(Number(leases.raise(NAME, 0))).toBe(MAX_TOKEN)
    expect(Number(leases.raise(NAME, 2 ** 60))).toBe(MAX_TOKEN)
    expect(Number(leases.take(NAME, 'one', leases.read(NAME))?.token)).toBe(MAX_TOKEN)
  })
})
