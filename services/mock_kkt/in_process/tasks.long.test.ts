/** The tasks that are no receipts. */
import { describe, expect, test } from 'bun:test'
import {
  cash,
  closing,
  DELAY,
  FIRST_FD,
  HOUR_MS,
  handOne,
  nextId,
  opening,
  sale,
  setUp,
  setUpInFile,
  TOKEN,
  taskOf,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { openDatabase } from '#sqlite'

const xReport = () => taskOf({ kind: 'x_report' })
const refusedForGood = (reason: string) => ({ kind: 'refused' as const, isLasting: true, reason })

describe('a shift', () => {
  test('is opened by a task, with a document that names the cashier', async () => {
    const { done, kinds, kkt } = setUp()
    const cashier = { name: 'Иванова А. А.', inn: '123456789047' }
    const { doc, totals } = await done(taskOf({ kind: 'open_shift', cashier }))
    expect(doc).toMatchObject({ kind: 'shift_opening', fdNumber: 2, shiftNumber: 1, cashier, fnFlags: [] })
    expect(doc?.seller.inn).toBe('7700000009')
    expect(totals).toBeNull()
    expect(kinds()).toEqual(['registration', 'shift_opening'])
    const { shift } = (await kkt().state()) ?? {}
    expect(shift).toMatchObject({ kind: 'opened', number: 1 })
  })

  test('that is open is not opened again, and one that is closed or another one is not closed', async () => {
    const { done, perform, kinds } = setUp()
    expect(await perform(closing(0))).toEqual(refusedForGood('no shift is open'))
    await done(opening())
    expect(await perform(opening())).toEqual(refusedForGood('a shift is open already'))
    expect(await perform(closing(2))).toEqual(refusedForGood('shift 2 is not open, but shift 1'))
    await done(closing(1))
    expect(await perform(closing(1))).toEqual(refusedForGood('no shift is open'))
    expect(kinds()).toEqual(['registration', 'shift_opening', 'shift_closing'])
  })

  test('expires 24 hours after its opening, and may be closed then', async () => {
    const { clock, done, kkt } = setUp()
    await done(opening())
    const openedAtMs = clock.wallMs()
    clock.setWallBy(24 * HOUR_MS - 1)
    const expiresAtMs = openedAtMs + 24 * HOUR_MS
    expect((await kkt().state())?.shift).toEqual({ kind: 'opened', number: 1, openedAtMs, expiresAtMs })
    clock.setWallBy(1)
    expect((await kkt().state())?.shift).toEqual({ kind: 'expired', number: 1, openedAtMs, expiresAtMs })
    await done(closing(1))
    expect((await kkt().state())?.shift).toEqual({ kind: 'closed', number: 1 })
  })

  test('that a receipt opens is told with the receipt, and by its look-up, and with no other one', async () => {
    const { kkt } = setUp()
    const [first, second] = [nextId(), nextId()]
    const opened = { kind: 'shift_opening', fdNumber: 2, shiftNumber: 1, cashier: null }
    expect(await handOne(kkt(), sale(first), TOKEN)).toMatchObject({ kind: 'done', shiftOpened: opened })
    expect(await kkt().lookup(first, TOKEN)).toMatchObject({ kind: 'found', shiftOpened: opened })
    for (const answer of [await handOne(kkt(), sale(second), TOKEN), await kkt().lookup(second, TOKEN)])
      expect(answer).not.toHaveProperty('shiftOpened')
  })

  test('prints its documents, and makes them without paper where there is none', async () => {
    const { clock, kkt } = setUp({ delay: DELAY, random: 0 })
    const made = kkt().perform(opening(), TOKEN)
    await clock.advance(199)
    expect(kkt().documents(1, 10)).toMatchObject([{ kind: 'shift_opening', isOnPaper: false }])
    await clock.advance(1)
    expect(await made).toMatchObject({ kind: 'done' })
    expect(kkt().documents(1, 10)).toMatchObject([{ kind: 'shift_opening', isOnPaper: true }])
    kkt().faults.configure({ paper_out: true })
    expect(await kkt().perform(closing(1), TOKEN)).toMatchObject({ kind: 'done' })
    expect(kkt().documents(2, 10)).toMatchObject([{ kind: 'shift_closing', isOnPaper: false }])
  })
})

describe('invariant 14: every task of the KKT once: a look-up', () => {
  test('finds each kind of task that was done, with its result, also after reopening', async () => {
    const { fiscalize, done, reopen, kkt } = setUpInFile()
    const receiptId = nextId()
    await fiscalize(receiptId)
    const tasks = [xReport(), cash('cash_in', 500), cash('cash_out', 100), closing(1), opening()]
    tasks.push(taskOf({ kind: 'copy', receiptId }))
    for (const task of tasks) {
      expect(await kkt().lookupTask(task, TOKEN)).toMatchObject({ kind: 'absent' })
      const result = await done(task)
      reopen()
      expect(await kkt().lookupTask(task, TOKEN)).toEqual({ kind: 'done', result })
    }
    expect(kkt().tasks(0, 10)).toMatchObject(tasks.map(({ id, work: { kind } }) => ({ taskId: id, kind })))
    expect(kkt().tasks(5, 10)).toHaveLength(1)
  })

  test('finds a task whose reply got lost, and none whose connection broke', async () => {
    const { perform, kkt } = setUp()
    const [cut, lost] = [opening(), opening()]
    kkt().faults.configure({ connection_lost: 1, reply_lost: 1 })
    expect(await perform(cut)).toMatchObject({ kind: 'unknown' })
    expect(await kkt().lookupTask(cut, TOKEN)).toMatchObject({ kind: 'absent' })
    expect(await perform(lost)).toMatchObject({ kind: 'unknown' })
    expect(await kkt().lookupTask(lost, TOKEN)).toMatchObject({ kind: 'done', result: { doc: { fdNumber: 2 } } })
    expect(kkt().faults.current()).toMatchObject({ connection_lost: 0, reply_lost: 0 })
  })

  test('finds a closing whose reply got lost', async () => {
    const { fiscalize, perform, kkt, kinds } = setUp()
    kkt().faults.configure({ closing_reply_lost: 1, shift_expired: true })
    await fiscalize()
    const close = closing(1)
    expect(await perform(close)).toMatchObject({ kind: 'unknown' })
    expect(kkt().faults.current()).toMatchObject({ closing_reply_lost: 0, shift_expired: false })
    expect(await kkt().lookupTask(close, TOKEN)).toMatchObject({ kind: 'done', result: { totals: {} } })
    expect(kinds().filter((kind) => kind === 'shift_closing')).toHaveLength(1)
  })

  test('may get lost, and may not be able to tell of what has no document', async () => {
    const { perform, kkt } = setUp()
    const [open, put] = [opening(), cash('cash_in', 100)]
    await perform(open)
    await perform(put)
    kkt().faults.configure({ task_lookup_untellable: true, lookup_lost: 1 })
    expect(await kkt().lookupTask(put, TOKEN)).toMatchObject({ kind: 'unknown' })
    expect(await kkt().lookupTask(put, TOKEN)).toMatchObject({ kind: 'untellable' })
    expect(await kkt().lookupTask(open, TOKEN)).toMatchObject({ kind: 'done' })
  })

  test('does nothing of a task when the memory fails', async () => {
    const { path, perform, kkt, kinds } = setUpInFile()
    const other = openDatabase(path)
    other.exec("CREATE TRIGGER full BEFORE INSERT ON tasks BEGIN SELECT RAISE(ABORT, 'full'); END")
    const open = opening()
    expect(await perform(open)).toMatchObject({ kind: 'unknown' })
    expect(kinds()).toEqual(['registration'])
    expect(await kkt().lookupTask(open, TOKEN)).toMatchObject({ kind: 'absent' })
    expect(await kkt().state()).toMatchObject({ shift: { kind: 'closed', number: 0 } })
    other.close()
  })
})

describe('a copy', () => {
  test('prints a document that there is, and makes none', async () => {
    const { fiscalize, done, perform, fds } = setUp()
    const receiptId = nextId()
    await fiscalize(receiptId)
    expect(await done(taskOf({ kind: 'copy', receiptId }))).toEqual({ doc: null, totals: null, drawerKopecks: null })
    expect(await perform(taskOf({ kind: 'copy', receiptId: nextId() }))).toMatchObject({ isLasting: true })
    expect(fds()).toEqual([FIRST_FD])
  })

  test('and an X report need paper, for they are nothing else', async () => {
    const { fiscalize, perform, kkt } = setUp()
    const receiptId = nextId()
    await fiscalize(receiptId)
    kkt().faults.configure({ paper_out: true })
    const noPaper = refusedForGood('the KKT has no paper: put some in, and ask again')
    expect(await perform(taskOf({ kind: 'copy', receiptId }))).toEqual(noPaper)
    expect(await perform(xReport())).toEqual(noPaper)
    expect(await perform(cash('cash_in', 100))).toMatchObject({ kind: 'done' })
  })
})

test('an X report takes as long as printing, and changes nothing', async () => {
  const { clock, kkt } = setUp({ delay: DELAY, random: 0 })
  const made = handOne(kkt(), sale(nextId()), TOKEN)
  await clock.advance(200)
  await made
  const before = await kkt().shiftReport()
  let isDone = false
  const report = kkt()
    .perform(xReport(), TOKEN)
    .then((outcome) => {
      isDone = true
      return outcome
    })
  await clock.advance(199)
  expect(isDone).toBe(false)
  await clock.advance(1)
  const { totals, drawerKopecks } = before ?? {}
  expect(await report).toEqual({
    kind: 'done',
    result: { doc: null, totals: totals ?? expect.anything(), drawerKopecks: drawerKopecks ?? -1 },
  })
  expect(await kkt().shiftReport()).toMatchObject({ ...before, clockMs: expect.any(Number) })
  expect(kkt().documentCount()).toBe(FIRST_FD)
})
