import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import type { ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Fiscalised } from '../slip/blocks.ts'
import { slipBytes } from '../slip/escpos.ts'
import { slipPage } from '../slip/html.ts'
import { WIDTHS } from '../slip/layout.ts'
import { qrSvg } from '../slip/qr_code.ts'
import { slipText } from '../slip/text.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf, seenReceipt } from './callers.ts'
import { receiptId } from './receipt_body/fields.ts'

export type SlipRoutesDeps = {
  journal: Journal
  driver: Pick<KktDriver, 'isMock'>
  access: Access
}

/** A slip says what somebody bought: no cache keeps it, and a browser takes it for nothing else. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

const mustBeWidth = `must be ${WIDTHS.join(' or ')}`

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
      async ({ params, query: { format, width }, request }) => {
        const receipt = fiscalised(params.receipt_id, request)
        if (format === 'text') return answer(slipText(receipt, width), 'text/plain; charset=utf-8')
        if (format === 'escpos') return answer(await slipBytes(receipt, width), 'application/octet-stream')
        const { page, policy } = await slipPage(receipt, width)
        return answer(page, 'text/html; charset=utf-8', policy)
      },
      {
        params,
        query: z.strictObject({
          format: z
            .enum(['text', 'html', 'escpos'])
            .default('text')
            .meta({ description: 'Plain text, a page to print, or bytes for a printer of receipts' }),
          width: z
            .string()
            .regex(/^\d+$/, mustBeWidth)
            .transform(Number)
            .pipe(z.literal(WIDTHS, mustBeWidth))
            .prefault('48')
            .meta({
              type: 'integer',
              pattern: undefined,
              description: 'The columns of a line: 32 on paper of 58 mm, 48 on paper of 80 mm',
              enum: [...WIDTHS],
            }),
        }),
        response: { 200: z.string(), ...problems },
      },
    )
    .get(
      '/v1/kkt/receipt/:receipt_id/qr.svg',
      async ({ params, request }) => {
        const { doc } = fiscalised(params.receipt_id, request)
        return answer(await qrSvg(doc.qrCodeData), 'image/svg+xml; charset=utf-8', "default-src 'none'")
      },
      { params, response: { 200: z.string(), ...problems } },
    )
}

function answer(body: string | Uint8Array<ArrayBuffer>, contentType: string, policy?: string): Response {
  const headers = new Headers({ ...HEADERS, 'content-type': contentType })
  if (policy !== undefined) headers.set('content-security-policy', policy)
  return new Response(body, { headers })
}

/** The sign of the document that a receipt answers to, if it is said or this journal has it. */
function signOfOriginal({ queries }: Journal, { corrects, refundOf }: ReceiptContent): string | null {
  const original = corrects ?? refundOf
  if (original === undefined) return null
  if (original.receiptId === undefined) return original.fiscalSign
  const id = receiptId.safeParse(original.receiptId)
  return id.success ? (queries.find(id.data)?.fiscalDoc?.fiscalSign ?? null) : null
}
