/** The counters of a shift, and the drawer. */
import { describe, expect, test } from 'bun:test'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { noTotals, type ShiftTotals } from '@kkt/adapter/src/domain/shift.ts'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import {
  cash,
  closing,
  handOne,
  nextId,
  opening,
  sale,
  setUp,
  setUpInFile,
  TOKEN,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { openDatabase } from '#sqlite'

const of = (type: ReceiptContent['type'], payments: ReceiptContent['payments'], totalKopecks: number) => ({
  ...content('POS-001', totalKopecks),
  type,
  payments,
})

const paid = (cash: number, card = 0, prepaid = 0) => ({ cash, card, prepaid, credit: 0, other: 0 })

/** A day with each operation, change, a correction, and cash that is moved. */
async function sellForADay({ fiscalize, done }: ReturnType<typeof setUp>): Promise<ShiftTotals> {
  await done(cash('cash_in', 50_000))
  const change = [
    { type: 'cash' as const, amountKopecks: 15_000 },
    { type: 'card' as const, amountKopecks: 3000 },
  ]
  await fiscalize(nextId(), of('sale', change, 10_000))
  await fiscalize(nextId(), of('sale', [{ type: 'prepaid', amountKopecks: 2500 }], 2500))
  await fiscalize(nextId(), of('refund', [{ type: 'cash', amountKopecks: 1000 }], 1000))
  await fiscalize(nextId(), of('buy', [{ type: 'cash', amountKopecks: 700 }], 700))
  await fiscalize(nextId(), of('buy_refund', [{ type: 'cash', amountKopecks: 200 }], 200))
  const correction = { type: 'self' as const, date: '2026-01-30' }
  await fiscalize(nextId(), { ...of('sale', [{ type: 'cash', amountKopecks: 400 }], 400), correction })
  await done(cash('cash_out', 20_000))
  await done(cash('cash_out', 1))
  const totals = noTotals()
  totals.receipts.sale = { count: 2, sumKopecks: 12_500, payments: paid(7000, 3000, 2500) }
  totals.receipts.refund = { count: 1, sumKopecks: 1000, payments: paid(1000) }
  totals.receipts.buy = { count: 1, sumKopecks: 700, payments: paid(700) }
  totals.receipts.buy_refund = { count: 1, sumKopecks: 200, payments: paid(200) }
  totals.corrections.sale = { count: 1, sumKopecks: 400, payments: paid(400) }
  totals.cashIn = { count: 1, sumKopecks: 50_000 }
  totals.cashOut = { count: 2, sumKopecks: 20_001 }
  return totals
}
/** 500 put in, 200.01 taken out, and the receipts' cash. */
const DRAWER = 50_000 - 20_001 + 7000 - 1000 - 700 + 200 + 400

describe('the counters of a shift', () => {
  test('are those of its receipts, to the kopeck, in the report, in the X report and in the closing', async () => {
    const device = setUp()
    await device.done(opening())
    const totals = await sellForADay(device)
    const report = { shift: { kind: 'opened', number: 1 }, totals, drawerKopecks: DRAWER }
    expect(await device.kkt().shiftReport()).toMatchObject(report)
    const { doc, ...closed } = await device.done(closing(1))
    expect(closed).toEqual({ totals, drawerKopecks: DRAWER })
    expect(doc).toMatchObject({ kind: 'shift_closing', totals, drawerKopecks: DRAWER, receiptCount: 6 })
    expect(doc).toMatchObject({ documentCount: 8, unsent: { count: 7, firstFd: 2 } })
    expect(await device.kkt().shiftReport()).toEqual({
      shift: { kind: 'closed', number: 1 },
      totals,
      drawerKopecks: DRAWER,
      clockMs: expect.any(Number),
    })
  })

  test('begin at nothing with the next shift, and the drawer does not', async () => {
    const device = setUp()
    await sellForADay(device)
    await device.done(closing(1))
    await device.done(cash('cash_in', 100))
    await device.done(opening())
    const totals = { ...noTotals(), cashIn: { count: 1, sumKopecks: 100 } }
    expect(await device.kkt().shiftReport()).toMatchObject({ totals, drawerKopecks: DRAWER + 100 })
    await device.fiscalize()
    expect(await device.kkt().state()).toMatchObject({ drawerKopecks: DRAWER + 100 + 10_000 })
  })

  test('are the same for two that drive the device, and after reopening', async () => {
    const device = setUpInFile()
    const other = device.open()
    await device.fiscalize()
    const first = await other.shiftReport()
    expect(first).toMatchObject({ totals: { receipts: { sale: { count: 1 } } }, drawerKopecks: 10_000 })
    await device.fiscalize()
    const second = await other.shiftReport()
    expect(second).toMatchObject({ totals: { receipts: { sale: { count: 2 } } }, drawerKopecks: 20_000 })
    expect(first).toMatchObject({ totals: { receipts: { sale: { count: 1 } } } })
    expect(await handOne(other, sale(nextId()), TOKEN)).toMatchObject({ kind: 'done' })
    await device.fiscalize()
    const third = await device.kkt().shiftReport()
    expect(third).toMatchObject({ totals: { receipts: { sale: { count: 4 } } }, drawerKopecks: 40_000 })
    expect(await other.shiftReport()).toEqual(third)
    device.reopen()
    expect(await device.kkt().shiftReport()).toEqual(third)
  })

  test('leave out documents whose transaction was undone', async () => {
    const { path, fiscalize, kkt } = setUpInFile()
    await fiscalize()
    const other = openDatabase(path)
    const ids = [nextId(), nextId()]
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON documents WHEN NEW.receipt_id = '${ids[1]}'
      BEGIN SELECT RAISE(ABORT, 'full'); END`)
    const outcomes = await kkt().fiscalize(
      ids.map((id) => sale(id)),
      TOKEN,
    )
    expect(outcomes).toMatchObject([{ kind: 'unknown' }, { kind: 'unknown' }])
    other.exec('DROP TRIGGER full')
    other.close()
    expect(await kkt().shiftReport()).toMatchObject({ totals: { receipts: { sale: { count: 1 } } } })
    await fiscalize(nextId(), of('sale', [{ type: 'cash', amountKopecks: 500 }], 500))
    expect(await kkt().shiftReport()).toMatchObject({ drawerKopecks: 10_500 })
  })

  test('are whole where a closing was undone', async () => {
    const { kkt, fiscalize, done, perform, path } = setUpInFile()
    await fiscalize()
    const other = openDatabase(path)
    other.exec("CREATE TRIGGER full BEFORE INSERT ON tasks BEGIN SELECT RAISE(ABORT, 'full'); END")
    expect(await perform(closing(1))).toMatchObject({ kind: 'unknown' })
    other.exec('DROP TRIGGER full')
    other.close()
    await fiscalize()
    expect(await kkt().shiftReport()).toMatchObject({ drawerKopecks: 20_000 })
    expect(await done(closing(1))).toMatchObject({ drawerKopecks: 20_000, doc: { receiptCount: 2, documentCount: 4 } })
  })
})

describe('the drawer', () => {
  test('gives no more cash than there is in it, and goes below nothing for a refund', async () => {
    const { fiscalize, done, perform, kkt } = setUp()
    await fiscalize()
    const refusal = { kind: 'refused', isLasting: true, reason: 'there are only 100.00 roubles in the drawer' }
    expect(await perform(cash('cash_out', 10_001))).toMatchObject(refusal)
    expect(await done(cash('cash_out', 10_000))).toMatchObject({ drawerKopecks: 0 })
    await fiscalize(nextId(), of('refund', [{ type: 'cash', amountKopecks: 300 }], 300))
    expect(await kkt().state()).toMatchObject({ drawerKopecks: -300 })
    expect(await done(cash('cash_in', 100))).toMatchObject({ drawerKopecks: -200 })
    expect(kkt().tasks(0, 10)).toHaveLength(2)
  })

  test('is not known to a KKT that keeps no sum, which gives what it is asked for', async () => {
    const { done, kkt } = setUp()
    kkt().faults.configure({ keeps_no_drawer_sum: true })
    expect(await done(cash('cash_out', 500))).toMatchObject({ drawerKopecks: null })
    expect(await kkt().state()).toMatchObject({ drawerKopecks: null })
    expect(await kkt().shiftReport()).toMatchObject({ drawerKopecks: null })
    await done(opening())
    expect(await done(closing(1))).toMatchObject({ drawerKopecks: null, doc: { drawerKopecks: null } })
  })
})

test('cash is moved in a shift that is closed, and makes no document', async () => {
  const { done, kinds, kkt } = setUp()
  expect(await done(cash('cash_in', 500))).toEqual({ doc: null, totals: null, drawerKopecks: 500 })
  expect(kinds()).toEqual(['registration'])
  expect(await kkt().state()).toMatchObject({ shift: { kind: 'closed', number: 0 }, drawerKopecks: 500 })
})
