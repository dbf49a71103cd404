/** Invariant 3: the journal knows each asking of a KKT that keeps no ids of ours. */
import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import type { TaskId } from '../domain/task.ts'
import { journalAndDb } from '../testing/kit.ts'
import { acceptedTask, resultOf, setUpTasks, X_REPORT } from '../testing/task_kit.ts'
import { nextDoc, setUp } from '../testing/transitions.ts'
import { LostTransition } from './transition.ts'

const FN = '9999078900000961'
const after = (lastFdNumber: number, fnNumber = FN) => ({ fnNumber, lastFdNumber })
const NOBODYS = '01900000-0000-7000-8000-000000000000' as ReceiptId

test('invariant 3: attempts are numbered from 1, and the last one tells the FN and the FD before it', async () => {
  const { journal, clock, reach } = setUp()
  const id = await reach('printing')
  expect(journal.latestAttempt(id)).toBeNull()
  const first = await journal.write((tx) => tx.beginAttempt(id, after(70)))
  expect(first).toEqual({ number: 1, fnNumber: FN, lastFdNumber: 70, begunAtMs: clock.wallMs(), isToldNotMade: false })
  await clock.advance(1234)
  await journal.write((tx) => tx.beginAttempt(id, after(0, '9999078900000962')))
  expect(journal.latestAttempt(id)).toEqual({
    number: 2,
    fnNumber: '9999078900000962',
    lastFdNumber: 0,
    begunAtMs: clock.wallMs(),
    isToldNotMade: false,
  })
  expect(journal.latestAttempt(await reach('printing'))).toBeNull()
})

test('invariant 3: an attempt keeps the word of an operator that it made no document, and the next one begins without', async () => {
  const { journal, reach } = setUp()
  const id = await reach('printing')
  await journal.write((tx) => {
    tx.meetFn(FN, 70, false)
    for (const lastFd of [70, 71]) tx.beginAttempt(id, after(lastFd))
    tx.recordUnknown(id, 'the reply was lost')
    tx.recordUntold(id, FN, 'FD 72 may be it')
    tx.settleNotPrinted(id, null)
  })
  expect(journal.latestAttempt(id)).toMatchObject({ number: 2, isToldNotMade: true })
  await journal.write((tx) => {
    tx.markPrinting(id)
    tx.beginAttempt(id, after(72))
  })
  expect(journal.latestAttempt(id)).toMatchObject({ number: 3, isToldNotMade: false })
})

test.each(['accepted', 'unknown', 'refused', 'pending', 'synced'] as const)(
  'invariant 3: no attempt is begun for a receipt that is %s',
  async (status) => {
    const { journal, reach, eventsOf } = setUp()
    const id = await reach(status)
    const before = eventsOf(id)
    await expect(journal.write((tx) => tx.beginAttempt(id, after(70)))).rejects.toBeInstanceOf(LostTransition)
    expect([journal.latestAttempt(id), eventsOf(id)]).toEqual([null, before])
  },
)

test('no attempt is begun for what is not journaled', async () => {
  const { journal } = journalAndDb()
  await expect(journal.write((tx) => tx.beginAttempt(NOBODYS, after(70)))).rejects.toBeInstanceOf(LostTransition)
})

describe('a task', () => {
  test('invariant 14: has attempts of its own while the KKT is asked for it', async () => {
    const { journal, events } = setUpTasks()
    const id = await acceptedTask(journal, X_REPORT, null)
    await expect(journal.write((tx) => tx.beginAttempt(id, after(3)))).rejects.toBeInstanceOf(LostTransition)
    await journal.write((tx) => {
      tx.markAsked(id, FN)
      tx.beginAttempt(id, after(3))
    })
    expect(journal.latestAttempt(id)).toMatchObject({ number: 1, lastFdNumber: 3 })
    expect(events()[0]).toMatchObject({
      kind: 'task',
      from: 'asked',
      to: 'asked',
      detail: `x_report ${id}: attempt 1, when the last document of FN ${FN} was FD 3`,
    })
  })

  test('that is removed takes its attempts along, and no other one’s', async () => {
    const { journal, clock } = setUpTasks()
    const ids: TaskId[] = [await acceptedTask(journal, X_REPORT, null), await acceptedTask(journal, X_REPORT, null)]
    await journal.write((tx) => {
      for (const id of ids) {
        tx.markAsked(id, FN)
        tx.beginAttempt(id, after(3))
      }
      tx.recordTaskDone(ids[0] as TaskId, resultOf())
    })
    clock.setWallBy(1)
    await journal.write((tx) => tx.prune(clock.wallMs(), 10))
    expect(ids.map((id) => journal.latestAttempt(id)?.number)).toEqual([undefined, 1])
  })
})

test('a sale whose answer was lost is told by the audit log line by line', async () => {
  const { journal, reach, eventsOf } = setUp()
  const id = await reach('printing')
  await journal.write((tx) => tx.beginAttempt(id, after(70)))
  await journal.write((tx) => tx.recordUnknown(id, 'the register did not answer'))
  await journal.write((tx) => tx.recordAbsent(id))
  await journal.write((tx) => tx.markPrinting(id))
  await journal.write((tx) => tx.beginAttempt(id, after(71)))
  await journal.write((tx) => tx.recordPrinted(id, nextDoc(), 'printed'))
  const lines = eventsOf(id)
    .toReversed()
    .map(({ from, to, detail }) => [from, to, detail])
  expect(lines).toEqual([
    [null, 'accepted', null],
    ['accepted', 'printing', null],
    ['printing', 'printing', `attempt 1, when the last document of FN ${FN} was FD 70`],
    ['printing', 'unknown', 'the register did not answer'],
    ['unknown', 'accepted', null],
    ['accepted', 'printing', null],
    ['printing', 'printing', `attempt 2, when the last document of FN ${FN} was FD 71`],
    ['printing', 'pending', null],
  ])
})

test('a receipt that is removed takes its attempts along', async () => {
  const { db, journal, clock, reach } = setUp()
  const [id, kept] = [await reach('printing'), await reach('printing')]
  await journal.write((tx) => {
    tx.beginAttempt(id, after(70))
    tx.beginAttempt(kept, after(70))
    tx.recordRefused(id, 'no paper')
  })
  clock.setWallBy(1)
  await journal.write((tx) => tx.prune(clock.wallMs(), 10))
  expect(db.prepare<{ subject_id: string }>('SELECT subject_id FROM attempts').all()).toEqual([{ subject_id: kept }])
})

test.each([
  ['number = 0', 'CHECK'],
  ["fn_number = ''", 'CHECK'],
  ['last_fd = -1', 'CHECK'],
  ['last_fd = 4294967296', 'CHECK'],
  ['begun_at_ms = NULL', 'NOT NULL'],
  ['number = 2', 'UNIQUE'],
])('an attempt never has %s', async (set, constraint) => {
  const { db, journal, reach } = setUp()
  const id = await reach('printing')
  await journal.write((tx) => [tx.beginAttempt(id, after(70)), tx.beginAttempt(id, after(70))])
  expect(() => db.exec(`UPDATE attempts SET ${set}`)).toThrow(constraint)
})
