/** The documents of a real register at an OFD that judges them. */
import { expect, test } from 'bun:test'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import { CASHIER, made, openAt } from '../testing/registers.ts'
import { createOfdDelivery } from './delivery.ts'
import { createOfd, quiet } from './testing.ts'

/** With all that FFD 1.2 wants of a receipt. */
function whole(): ReceiptContent {
  const { items, ...sale } = content()
  const said = { paymentMethod: 'full_payment', paymentObject: 'commodity', measure: 'piece' } as const
  return { ...sale, cashier: CASHIER, items: items.map((item) => ({ ...item, ...said })) }
}

function setUp() {
  const ofd = createOfd()
  const register = openAt({ clock: ofd.clock })
  const deps = { register, clock: ofd.clock, logger: quiet, url: 'http://localhost', send: ofd.send, random: () => 0 }
  return { ...ofd.mock, register, delivery: createOfdDelivery(deps) }
}

test('a strict OFD takes every kind of document from a register, and the register owes nothing', async () => {
  const { register, delivery, config, advance, documents, health } = setUp()
  await config({ judge: 'strict' })
  made(register.receipt(whole(), 'sale'))
  made(register.receipt({ ...whole(), type: 'refund' }, 'refund'))
  made(register.ofdReport(CASHIER))
  made(register.closeShift(CASHIER))
  expect(register.state().unsent).toMatchObject({ count: 6, firstFd: 1 })
  delivery.start()
  await advance(0)
  expect(Object(await documents()).documents.map(({ kind, findings }: Row) => [kind, findings])).toEqual([
    ['registration', []],
    ['shift_opening', []],
    ['receipt', []],
    ['receipt', []],
    ['ofd_report', []],
    ['shift_closing', []],
  ])
  expect(await health()).toMatchObject({ receipts_received: 2, other_documents: 4, judged_wrong: 0 })
  expect(register.state().unsent).toEqual({ count: 0, firstFd: null, sinceMs: null })
  await delivery.stop()
})

test('a document has the words of its kind', async () => {
  const { register, delivery, advance, documents } = setUp()
  const sold = made(register.receipt(whole(), 'sale'))
  const closed = made(register.closeShift(CASHIER))
  delivery.start()
  await advance(0)
  const [registration, opening, receipt, closing] = Object(await documents()).documents.map(
    ({ document }: Row) => document,
  )
  const { serialNumber, seller } = register.registration
  expect(registration).toMatchObject({ kind: 'registration', fd_number: 1, fiscal_doc: { seller } })
  expect(opening).toMatchObject({ kind: 'shift_opening', kkt_id: serialNumber, fiscal_doc: { seller } })
  expect(opening.fiscal_doc).toMatchObject({ fiscal_doc_number: 2, shift_number: 1, cashier: CASHIER })
  expect(receipt).toMatchObject({
    fn_number: sold.fnNumber,
    fd_number: 3,
    total: 100,
    items: [{ name: 'Frame', price: 100, quantity: 1, vat: 'vat22' }],
    fiscal_doc: { fiscal_sign: sold.fiscalSign, total: 100, qr_code_data: sold.qrCodeData, operation: 'sale' },
  })
  expect(receipt).not.toHaveProperty('pos_id')
  expect(closing.fiscal_doc).toMatchObject({ fiscal_sign: closed.fiscalSign, receipt_count: 1, document_count: 3 })
  await delivery.stop()
})

test('of an FN that was taken out nothing more is sent, and the documents of the new one are', async () => {
  const { register, delivery, config, advance, documents } = setUp()
  await config({ permanent_failure: true })
  made(register.receipt(whole(), 'sale'))
  delivery.start()
  await advance(10_000)
  const { newFnNumber } = register.replaceFn()
  made(register.receipt(whole(), 'another'))
  await config({ permanent_failure: false })
  await advance(10_000)
  expect(await documents()).toMatchObject({
    count: 3,
    documents: [
      { fn_number: newFnNumber, fiscal_doc_number: 1, kind: 'registration' },
      { fn_number: newFnNumber, fiscal_doc_number: 2, kind: 'shift_opening' },
      { fn_number: newFnNumber, fiscal_doc_number: 3, kind: 'receipt' },
    ],
  })
  expect(register.state().unsent.count).toBe(0)
  await delivery.stop()
})

type Row = { kind: string; findings: object[]; document: object }
