import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { integer } from '@kkt/platform/settings.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { type Filed, SERVICE_KINDS } from './documents.ts'
import { kktFaults, kktFaultsChange } from './faults.ts'
import type { MockKkt } from './mock_kkt.ts'

/** A configuration has only a few fields. */
export const MAX_CONFIG_BYTES = 64 * 1024
/** A test continues from the last FD number of the page. */
const MAX_PAGE = 1000

const numbers = {
  fiscal_doc_number: whole.meta({ description: "The document's number in the FN" }),
  shift_number: whole.meta({ description: 'The number of the shift; 0 before the first' }),
  on_paper: z.boolean().meta({ description: 'Whether it came out on paper' }),
}

const filedDocument = z.discriminatedUnion('kind', [
  z.object({
    ...numbers,
    kind: z.literal('receipt').meta({ description: 'The kind of document' }),
    receipt_id: z.string().meta({ description: 'The receipt that it is of' }),
    receipt_number: whole.meta({ description: 'Counted within the shift' }),
  }),
  z.object({
    ...numbers,
    kind: z.enum(SERVICE_KINDS).meta({ description: 'The kind of document' }),
    receipt_id: z.null().meta({ description: 'It is of no receipt' }),
    receipt_number: z.null().meta({ description: 'It is of no receipt' }),
  }),
])

const documentsAnswer = z.object({
  count: whole.meta({ description: 'All documents in the FN, whatever the page' }),
  documents: z.array(filedDocument).meta({ description: 'In the order of their numbers' }),
})

function toWire(filed: Filed): z.input<typeof filedDocument> {
  const { fdNumber, shiftNumber, isOnPaper } = filed
  const shown = { fiscal_doc_number: fdNumber, shift_number: shiftNumber, on_paper: isOnPaper }
  return filed.kind === 'receipt'
    ? { ...shown, kind: filed.kind, receipt_id: filed.receiptId, receipt_number: filed.receiptNumber }
    : { ...shown, kind: filed.kind, receipt_id: null, receipt_number: null }
}

/** The test control of the mock KKT: its faults and the FN's documents. The FN itself is never wiped. */
export const mockKktControl = (
  { faults, documents, documentCount }: Pick<MockKkt, 'faults' | 'documents' | 'documentCount'>,
  onReset: () => void,
) =>
  new Elysia({ name: 'kkt_control', prefix: '/v1/kkt/_test' })
    .get('/config', () => faults.current(), { response: { 200: kktFaults } })
    .post('/config', ({ body }) => faults.configure(body), {
      parse: jsonBody(MAX_CONFIG_BYTES),
      body: kktFaultsChange,
      response: { 200: kktFaults, 400: problemDocument, 413: problemDocument, 422: problemDocument },
    })
    .post(
      '/reset',
      () => {
        faults.reset()
        onReset()
        return { status: 'reset' as const }
      },
      {
        parse: 'none',
        response: {
          200: z.object({
            status: z.literal('reset').meta({ description: 'The faults have ended, and the usual pace holds' }),
          }),
        },
      },
    )
    .get(
      '/documents',
      ({ query }) => ({
        count: documentCount(),
        documents: documents(query.after, query.limit).map(toWire),
      }),
      {
        query: z.strictObject({
          after: integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
            .prefault('0')
            .meta({ description: 'Only documents with a higher number' }),
          limit: integer({ min: 1, max: MAX_PAGE })
            .prefault('100')
            .meta({ description: 'The most documents that the page has' }),
        }),
        response: { 200: documentsAnswer, 422: problemDocument },
      },
    )
