import { languageHeaders, languageOf } from '@kkt/platform/language.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Receipt } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { BYTE_ORDER_MARK } from './csv.ts'
import { documentLine, headerLine } from './day_csv.ts'
import { day } from './receipt_body/fields.ts'
import { ADAPTER_WORDS } from './words/words.ts'

/** Few enough that a till hardly waits for them. */
const PAGE = 50

type ExportDeps = { journal: Journal; logger: Pick<Logger, 'warn'> }

/** A day's documents for the accountant. */
export const exportRoute = ({ journal, logger }: ExportDeps) =>
  new Elysia({ name: 'export' }).get(
    '/v1/kkt/receipts.csv',
    ({ query: { date }, request }) => {
      const language = languageOf(request.headers.get('accept-language'))
      const header = BYTE_ORDER_MARK + headerLine(ADAPTER_WORDS[language].csv)
      const pages = pagesOf(journal, date)
      // A disk that fails now is told by a problem.
      const first = pages.next()
      return new Response(streamOf(header, first, pages, logger), {
        headers: {
          ...languageHeaders(language),
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="receipts-${date}.csv"`,
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        },
      })
    },
    {
      query: z.strictObject({ date: day("The day of the documents, in the KKT's zone") }),
      response: { 200: z.string(), 422: problemDocument, 503: problemDocument },
    },
  )

/** The lines of a day, page by page. Each page is read when the one before was taken. */
function* pagesOf(journal: Journal, date: string): Generator<string> {
  let page: { receipts: Receipt[]; lastSeq: number | null } = journal.queries.ofDay(date, 0, PAGE)
  while (page.lastSeq !== null) {
    yield page.receipts
      .map((receipt) => (receipt.fiscalDoc ? documentLine(receipt, receipt.fiscalDoc, journal) : ''))
      .join('')
    page = journal.queries.ofDay(date, page.lastSeq, PAGE)
  }
}

/** Other requests are answered between two pages. */
function streamOf(
  header: string,
  first: IteratorResult<string>,
  pages: Iterator<string>,
  logger: Pick<Logger, 'warn'>,
) {
  const encoder = new TextEncoder()
  let next: IteratorResult<string> | null = first
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(encoder.encode(header)),
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve))
      try {
        const { done, value } = next ?? pages.next()
        next = null
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        logger.warn('export_cut_off', errorFields(error))
        controller.error(error)
      }
    },
  })
}
