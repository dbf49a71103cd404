/** An FN that is replaced by another. */
import { expect, test } from 'bun:test'
import {
  cash,
  closing,
  DELAY,
  handOne,
  nextId,
  opening,
  sale,
  setUp,
  setUpInFile,
  TOKEN,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { NO_FAULTS } from '../device/faults.ts'

test('the new one is registered, its shift is closed, and its documents are counted from 1', async () => {
  const { fiscalize, done, reopen, kinds, kkt } = setUpInFile()
  const first = await fiscalize()
  await done(cash('cash_in', 700))
  const before = await kkt().state()
  const { oldFnNumber, newFnNumber } = kkt().replaceFn()
  expect(oldFnNumber).toBe(first.fnNumber)
  expect(newFnNumber).not.toBe(oldFnNumber)
  reopen()
  const { registrationNumber, serialNumber } = before ?? {}
  expect(await kkt().state()).toMatchObject({
    fnNumber: newFnNumber,
    lastFdNumber: 1,
    trouble: null,
    shift: { kind: 'closed', number: 0 },
    drawerKopecks: 10_700,
    unsent: { count: 0 },
    registrationNumber: registrationNumber ?? expect.anything(),
    serialNumber: serialNumber ?? expect.anything(),
  })
  expect(kinds()).toEqual(['registration'])
  const next = await fiscalize()
  expect(next).toMatchObject({ fnNumber: newFnNumber, fdNumber: 3, shiftNumber: 1, receiptNumber: 1 })
  expect(await kkt().shiftReport()).toMatchObject({
    totals: { receipts: { sale: { count: 1 } }, cashIn: { count: 0 } },
  })
  expect(await kkt().state()).toMatchObject({ drawerKopecks: 20_700 })
})

test('the documents of the old one are kept, and no look-up at the new one finds them', async () => {
  const { fiscalize, done, perform, kkt } = setUp()
  const [id, open, put] = [nextId(), opening(), cash('cash_in', 100)]
  await done(open)
  await done(put)
  const { fnNumber } = await fiscalize(id)
  const documents = kkt().documents(0, 10)
  const { newFnNumber } = kkt().replaceFn()
  expect(kkt().documentsOf(fnNumber, 0, 10)).toEqual({ fnNumber, count: 3, documents })
  expect(await kkt().lookup(id, TOKEN)).toEqual({ kind: 'absent', fnNumber: newFnNumber })
  expect(await kkt().lookupTask(open, TOKEN)).toEqual({ kind: 'absent', fnNumber: newFnNumber })
  // The device remembers what has no document.
  expect(await kkt().lookupTask(put, TOKEN)).toMatchObject({ kind: 'done' })
  expect(await kkt().reprint(id, TOKEN)).toMatchObject({ kind: 'refused', isLasting: true })
  expect(await perform(closing(1))).toMatchObject({ kind: 'refused', isLasting: true })
})

test('a document whose paper comes out after that is printed in the old one', async () => {
  const { clock, kkt } = setUp({ delay: DELAY, random: 0 })
  const made = handOne(kkt(), sale(nextId()), TOKEN)
  const { oldFnNumber } = kkt().replaceFn()
  const other = handOne(kkt(), sale(nextId()), TOKEN)
  kkt().faults.configure({ paper_out: true })
  await handOne(kkt(), sale(nextId()), TOKEN)
  await clock.advance(200)
  expect(await made).toMatchObject({ kind: 'done', doc: { fnNumber: oldFnNumber, fdNumber: 3 } })
  await other
  expect(kkt().documentsOf(oldFnNumber, 2, 10).documents).toMatchObject([{ fdNumber: 3, isOnPaper: true }])
  expect(kkt().documents(2, 10)).toMatchObject([
    { fdNumber: 3, isOnPaper: true },
    { fdNumber: 4, isOnPaper: false },
  ])
})

test('the faults of the old one leave with it, and the others stay', async () => {
  const { kkt } = setUp()
  kkt().faults.configure({
    fn_full: true,
    fn_broken: true,
    fn_expired: true,
    fn_nearly_full: true,
    fn_days_left: 2,
    unsent_for_days: 31,
    not_registered: true,
    shift_expired: true,
    busy: 2,
    paper_near_end: true,
  })
  kkt().replaceFn()
  expect(kkt().faults.current()).toEqual({ ...NO_FAULTS, busy: 2, paper_near_end: true })
})

test('a clock that went ahead with the old one is set right with the new one', async () => {
  const { fiscalize, kkt } = setUp()
  kkt().faults.configure({ clock_ahead_seconds: 3600 })
  await fiscalize()
  kkt().faults.reset()
  expect((await fiscalize()).fiscalDatetime).toBe('2026-01-31T16:00:00+03:00')
  kkt().replaceFn()
  expect((await fiscalize()).fiscalDatetime).toBe('2026-01-31T15:00:00+03:00')
})
