import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import type { ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Fiscalised } from '../slip/blocks.ts'
import { qrSvg } from '../slip/qr_code.ts'
import { receiptSlip } from '../slip/sections.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf, seenReceipt } from './callers.ts'
import { receiptId } from './receipt_body/fields.ts'
import { privateAnswer, slipAnswer, slipQuery } from './slip_answer.ts'

export type SlipRoutesDeps = {
  journal: Journal
  driver: Pick<KktDriver, 'isMock'>
  access: Access
}

const params = z.object({ receipt_id: receiptId })
const problems = { 404: problemDocument, 409: problemDocument, 422: problemDocument, 503: problemDocument }

export const slipRoutes = ({ journal, driver, access }: SlipRoutesDeps) => {
  function fiscalised(id: ReceiptId, request: Request): Fiscalised {
    const { content, status, fiscalDoc } = seenReceipt(journal, id, callerOf(access, request))
    if (!fiscalDoc) throw adapterProblem.noFiscalDocument(id, status)
    return { content, doc: fiscalDoc, originalSign: signOfOriginal(journal, content), isMock: driver.isMock }
  }

  return new Elysia({ name: 'slips' })
    .get(
      '/v1/kkt/receipt/:receipt_id/slip',
      ({ params, query, request }) => slipAnswer(receiptSlip(fiscalised(params.receipt_id, request)), query),
      { params, query: z.strictObject(slipQuery), response: { 200: z.string(), ...problems } },
    )
    .get(
      '/v1/kkt/receipt/:receipt_id/qr.svg',
      async ({ params, request }) => {
        const { doc } = fiscalised(params.receipt_id, request)
        return privateAnswer(await qrSvg(doc.qrCodeData), 'image/svg+xml; charset=utf-8', "default-src 'none'")
      },
      { params, response: { 200: z.string(), ...problems } },
    )
}

/** The sign of the document that a receipt answers to, if it is said or this journal has it. */
function signOfOriginal({ refunds }: Journal, { corrects, refundOf }: ReceiptContent): string | null {
  const original = corrects ?? refundOf
  if (original === undefined) return null
  return original.receiptId === undefined ? original.fiscalSign : refunds.signOf(original.receiptId)
}
