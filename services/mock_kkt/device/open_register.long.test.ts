/** The register that a network reaches: its documents, its shift and its drawer. */
import { describe, expect, test } from 'bun:test'
import { noTotals } from '@kkt/adapter/src/domain/shift.ts'
import { TAXATION_SYSTEMS } from '@kkt/adapter/src/domain/taxation.ts'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import { CASHIER, HOUR_MS, made, refused, setUp } from '../testing/registers.ts'

describe('a receipt', () => {
  test('opens a closed shift first, in the name of its cashier', () => {
    const { register } = setUp()
    const first = register.receipt({ ...content(), cashier: CASHIER }, 'first')
    expect(first).toMatchObject({
      kind: 'made',
      doc: { fdNumber: 3, shiftNumber: 1, receiptNumber: 1, totalKopecks: 10_000 },
      isOnPaper: true,
      shiftOpened: { kind: 'shift_opening', fdNumber: 2, shiftNumber: 1, cashier: CASHIER },
    })
    const second = register.receipt(content(), 'second')
    expect(second).toMatchObject({ kind: 'made', doc: { fdNumber: 4, receiptNumber: 2 } })
    expect(second).not.toHaveProperty('shiftOpened')
  })

  test.each([...TAXATION_SYSTEMS])(
    'of the taxation system %s is taken by a register that names no systems',
    (system) => {
      const { register } = setUp()
      const outcome = register.receipt({ ...content(), taxationSystem: system }, 'a')
      expect(outcome).toMatchObject({ kind: 'made', doc: { details: { taxationSystem: system } } })
    },
  )

  test('of a system that is not named is refused, and one that says none is of the first', () => {
    const { register } = setUp({ taxationSystems: ['patent', 'osn'] })
    expect(register.receipt({ ...content(), taxationSystem: 'esn' }, 'a')).toEqual(refused('taxation_not_registered'))
    expect(register.state().shift).toEqual({ kind: 'closed', number: 0 })
    expect(made(register.receipt(content(), 'b')).details?.taxationSystem).toBe('patent')
  })

  test('that is larger than a document may be is refused', () => {
    const { register } = setUp()
    const [item] = content().items
    if (!item) throw new Error('The sale has no item')
    const items = Array.from({ length: 100 }, () => ({ ...item, name: 'Ж'.repeat(400) }))
    expect(register.receipt({ ...content(), items }, 'a')).toEqual(refused('document_too_large'))
  })

  test('is made without paper, and its paper comes later', () => {
    const { register } = setUp()
    register.setFaults({ paper_out: true })
    expect(register.receipt(content(), 'a')).toMatchObject({ kind: 'made', doc: { fdNumber: 3 }, isOnPaper: false })
    expect(register.state()).toMatchObject({ paper: 'out', owesPaper: true, trouble: 'paper_out' })
    expect(register.receipt({ ...content(), electronic: true }, 'b')).toMatchObject({ isOnPaper: true })
    register.receipt(content(), 'c')
    register.setFaults({ paper_out: false })
    register.finishPaper()
    expect(register.state()).toMatchObject({ paper: 'present', owesPaper: false, trouble: null })
  })
})

describe('a shift', () => {
  test('has its opening, its closing and the report of the exchange as documents with numbers of their own', () => {
    const { register } = setUp()
    expect(register.closeShift(CASHIER)).toEqual(refused('shift_closed'))
    expect(made(register.openShift(CASHIER))).toMatchObject({ kind: 'shift_opening', fdNumber: 2, cashier: CASHIER })
    expect(register.openShift(CASHIER)).toEqual(refused('shift_open'))
    register.receipt(content(), 'a')
    expect(made(register.ofdReport(CASHIER))).toMatchObject({ fdNumber: 4, shiftNumber: 1, cashier: CASHIER })
    expect(register.state()).toMatchObject({ shiftDocumentCount: 3, lastFdNumber: 4, lastReceiptNumber: 1 })
    expect(made(register.receipt(content(), 'b'))).toMatchObject({ fdNumber: 5, receiptNumber: 2 })
    const closed = made(register.closeShift(null))
    expect(closed).toMatchObject({ kind: 'shift_closing', fdNumber: 6, receiptCount: 2, documentCount: 5 })
    expect(register.state()).toMatchObject({ shift: { kind: 'closed', number: 1 }, shiftDocumentCount: 0 })
    expect(made(register.ofdReport(null))).toMatchObject({ fdNumber: 7 })
    expect(made(register.openShift(null))).toMatchObject({ fdNumber: 8, shiftNumber: 2 })
    expect(register.state()).toMatchObject({ shiftDocumentCount: 1, lastReceiptNumber: 0 })
  })

  test('expires 24 hours after its opening: then it takes no receipt until it is closed', async () => {
    const { clock, register } = setUp()
    register.receipt(content(), 'a')
    await clock.advance(24 * HOUR_MS - 1)
    expect(register.receipt(content(), 'b')).toMatchObject({ kind: 'made' })
    await clock.advance(1)
    expect(register.state()).toMatchObject({ shift: { kind: 'expired', number: 1 }, trouble: 'shift_expired' })
    expect(register.receipt(content(), 'c')).toEqual(refused('shift_expired'))
    expect(made(register.ofdReport(null))).toMatchObject({ fdNumber: 5 })
    expect(made(register.closeShift(null))).toMatchObject({ fdNumber: 6 })
    expect(register.receipt(content(), 'd')).toMatchObject({ kind: 'made', shiftOpened: { shiftNumber: 2 } })
  })

  test('that a fault has expired is over when it is closed', () => {
    const { register } = setUp()
    register.openShift(null)
    register.setFaults({ shift_expired: true })
    expect(register.receipt(content(), 'a')).toEqual(refused('shift_expired'))
    register.closeShift(null)
    register.openShift(null)
    expect(register.receipt(content(), 'b')).toMatchObject({ kind: 'made' })
  })
})

describe('the drawer', () => {
  test('counts cash in and out and that of receipts, over the shifts', () => {
    const { register } = setUp()
    expect(register.moveCash(50_000)).toEqual({ kind: 'moved', drawerKopecks: 50_000 })
    register.receipt(content(), 'a')
    expect(register.moveCash(-20_000)).toEqual({ kind: 'moved', drawerKopecks: 40_000 })
    const sale = expect.objectContaining({ count: 1, sumKopecks: 10_000 })
    expect(register.shiftTotals()).toMatchObject({
      receipts: { sale },
      corrections: noTotals().corrections,
      cashIn: { count: 1, sumKopecks: 50_000 },
      cashOut: { count: 1, sumKopecks: 20_000 },
    })
    register.closeShift(null)
    expect(register.state().drawerKopecks).toBe(40_000)
  })

  test('gives no more than it holds', () => {
    const { register } = setUp()
    register.receipt(content(), 'a')
    expect(register.moveCash(-10_001)).toEqual(refused('drawer_too_low'))
    expect(register.moveCash(-10_000)).toEqual({ kind: 'moved', drawerKopecks: 0 })
    expect(register.shiftTotals().cashOut).toEqual({ count: 1, sumKopecks: 10_000 })
  })
})

test('the archive tells each document whole, and whether the OFD has it', () => {
  const { register } = setUp()
  const sale = register.receipt(content(), 'a')
  const report = made(register.ofdReport(CASHIER))
  register.confirmThrough(report.fnNumber, 2)
  expect(register.document(3)).toEqual({
    kind: 'receipt',
    doc: made(sale),
    content: content(),
    isSent: false,
    isOnPaper: true,
  })
  expect(register.document(2)).toMatchObject({ kind: 'shift_opening', isSent: true })
  expect(register.document(9)).toBeNull()
  expect(register.documentsAfter(0, 10)).toMatchObject([
    { kind: 'registration', doc: { fdNumber: 1, shiftNumber: 0 }, isSent: true },
    { kind: 'shift_opening', doc: { kind: 'shift_opening', fdNumber: 2 }, isSent: true },
    { kind: 'receipt', doc: { fdNumber: 3 }, isSent: false },
    { kind: 'ofd_report', doc: { ...report, cashier: CASHIER }, isSent: false },
  ])
  expect(register.documentsAfter(1, 1)).toMatchObject([{ doc: { fdNumber: 2 } }])
})

test('documents are unsent until the OFD has them, in the order of their numbers', () => {
  const { clock, register } = setUp()
  const { fnNumber } = made(register.receipt(content(), 'a'))
  expect(register.state().unsent).toEqual({ count: 3, firstFd: 1, sinceMs: clock.wallMs() })
  register.confirmThrough(fnNumber, 2)
  expect(register.state().unsent).toMatchObject({ count: 1, firstFd: 3 })
  register.confirmThrough('9999000000000000', 3)
  register.confirmThrough(fnNumber, 1)
  expect(register.state().unsent).toMatchObject({ count: 1, firstFd: 3 })
  register.confirmThrough(fnNumber, 99)
  expect(register.state().unsent).toEqual({ count: 0, firstFd: null, sinceMs: null })
})
