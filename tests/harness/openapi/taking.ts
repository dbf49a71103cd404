/** Provokes each outcome of a sale and of a correction. */
import type { Cannot } from '../../../services/kkt_adapter/src/domain/kkt_outcome.ts'
import type { ReceiptId } from '../../../services/kkt_adapter/src/domain/receipt.ts'
import { RECEIPT_ID } from '../../../services/kkt_adapter/src/http/docs/examples.ts'
import { fiscalDoc } from '../../../services/kkt_adapter/src/testing/kit.ts'
import { ANOTHER, api, CORRECT, REFUSED, refusedReceipt, SALE, SELL, sell, sellOriginal, start } from './adapter_app.ts'
import { examplesOf } from './contract.ts'
import type { Provoke, Send } from './provoked.ts'

/** Some register makes no such document by its registration. */
const NOT_FOR_THIS_KKT: Cannot = {
  pointer: '/items/0/agent',
  reason: { en: 'is not for this KKT', ru: 'не для этой ККТ' },
}

/** Sends the first example of a correction, of a receipt that is there. */
async function correct({ send }: { send: Send }, key: string, change: object = {}): Promise<Response> {
  const [{ path, body = '' }] = examplesOf(api, CORRECT)
  const wanted = JSON.stringify({ ...JSON.parse(body), ...change })
  return send('POST', path, { headers: { 'idempotency-key': key }, body: wanted })
}

async function withOriginal(options?: Parameters<typeof start>[0]) {
  const app = start(options)
  app.ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
  await sellOriginal(app)
  return app
}

export const correcting: Record<string, Provoke> = {
  receipt_not_found: () => correct(start(), 'one'),
  no_fiscal_document: async () => {
    const app = await refusedReceipt()
    return correct(app, 'one', { wrong: { receipt_id: app.receiptId } })
  },
  already_corrected: async () => {
    const app = await withOriginal()
    await correct(app, 'one')
    return correct(app, 'two')
  },
  idempotency_key_reused: async () => {
    const app = await withOriginal()
    await correct(app, 'one')
    return correct(app, 'one', { date: '2026-01-30' })
  },
  kkt_cannot: async () => {
    const app = await withOriginal()
    app.kkt.onCannot = () => NOT_FOR_THIS_KKT
    return correct(app, 'one')
  },
  kkt_refused: async () => {
    const app = await withOriginal()
    app.kkt.onFiscalize = async () => REFUSED
    return correct(app, 'one')
  },
  buffer_full: async () => correct(await withOriginal({ maxSize: 2 }), 'one'),
  kkt_unfit: async () => {
    const app = await withOriginal()
    app.kkt.trouble = 'fn_full'
    app.kkt.onFiscalize = async () => REFUSED
    await sell(app.send, 'one')
    return correct(app, 'two')
  },
  shutting_down: async () => {
    const app = await withOriginal()
    app.state.isStopping = true
    return correct(app, 'one')
  },
}

/** A refund of more than the receipt was, which refunds can name. */
const refund = () => examplesOf(api, SELL).find(({ body = '' }) => body.includes('refund_of'))?.body

/** It leaves its rates to an original that is not known. */
const withoutRates = () => refund()?.replaceAll(/,"vat_rate":\d+/g, '')

export const selling: Record<string, Provoke> = {
  idempotency_key_reused: async () => {
    const { send } = start()
    await sell(send, 'one')
    return sell(send, 'one', ANOTHER?.body)
  },
  vat_rate_refused: () => sell(start().send, 'one', SALE.body?.replace('"vat_rate":22', '"vat_rate":20')),
  refund_exceeds: async () => {
    const { send } = await withOriginal()
    return sell(send, 'one', refund())
  },
  refund_too_early: async () => {
    const app = await withOriginal()
    Object.assign(app.deps.rules, { refundsNeedSynced: true })
    return sell(app.send, 'one', refund())
  },
  refund_incomplete: () => sell(start().send, 'one', withoutRates()),
  key_undecided: async () => {
    const { send, kkt } = start()
    const found = { id: RECEIPT_ID as ReceiptId, content: null, doc: fiscalDoc(1), paper: 'printed' as const }
    kkt.onDocumentsAfter = async () => [{ fdNumber: 1, receipt: found, ofShift: null }]
    kkt.onLookupKey = async () => ({ kind: 'unknown', reason: 'no answer' })
    return sell(send, 'one', withoutRates())
  },
  kkt_cannot: () => {
    const { send, kkt } = start()
    kkt.onCannot = () => NOT_FOR_THIS_KKT
    return sell(send, 'one')
  },
  kkt_refused: () => {
    const { send, kkt } = start()
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the total is too high' })
    return sell(send, 'one')
  },
  buffer_full: async () => {
    const { send, ofd } = start({ maxSize: 1 })
    ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
    await sell(send, 'one')
    return sell(send, 'two')
  },
  kkt_unfit: async () => {
    const { send, kkt } = start()
    kkt.trouble = 'fn_full'
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the FN is full' })
    await sell(send, 'one')
    return sell(send, 'two')
  },
  shutting_down: () => {
    const { send, state } = start()
    state.isStopping = true
    return sell(send, 'one')
  },
}
