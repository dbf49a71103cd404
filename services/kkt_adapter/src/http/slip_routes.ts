import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { slipPage } from '../slip/html.ts'
import { WIDTHS } from '../slip/layout.ts'
import { qrSvg } from '../slip/qr_svg.ts'
import type { Fiscalised } from '../slip/sections.ts'
import { slipText } from '../slip/text.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf, seenReceipt } from './callers.ts'
import { receiptId } from './receipt_schema.ts'

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
    return { content, doc: fiscalDoc, isMock: driver.isMock }
  }

  return new Elysia({ name: 'slips' })
    .get(
      '/v1/kkt/receipt/:receipt_id/slip',
      async ({ params, query: { format, width }, set, request }) => {
        const receipt = fiscalised(params.receipt_id, request)
        Object.assign(set.headers, HEADERS)
        if (format === 'text') {
          set.headers['content-type'] = 'text/plain; charset=utf-8'
          return slipText(receipt, width)
        }
        const { page, policy } = await slipPage(receipt, width)
        set.headers['content-type'] = 'text/html; charset=utf-8'
        set.headers['content-security-policy'] = policy
        return page
      },
      {
        params,
        query: z.strictObject({
          format: z.enum(['text', 'html']).default('text').meta({ description: 'Plain text, or a page to print' }),
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
      async ({ params, set, request }) => {
        const { doc } = fiscalised(params.receipt_id, request)
        Object.assign(set.headers, HEADERS)
        set.headers['content-type'] = 'image/svg+xml; charset=utf-8'
        set.headers['content-security-policy'] = "default-src 'none'"
        return await qrSvg(doc.qrCodeData)
      },
      { params, response: { 200: z.string(), ...problems } },
    )
}
