import { describe, expect, test } from 'bun:test'
import { collectHistory, readTillAnswer } from './history.ts'
import type { Answer } from './http.ts'
import { fnDocumentOf, idOf, rowOf, TIME, tillsDocOf } from './sample_history.ts'

const DOC = tillsDocOf(7)

const answerOf = (status: number, body: unknown, headers = {}): Answer => ({
  status,
  headers: new Headers(headers),
  text: JSON.stringify(body),
})
const problemOf = (status: number, code: string) =>
  answerOf(
    status,
    { type: 'about:blank', title: 'No', status, detail: 'no', code },
    { 'content-type': 'application/problem+json' },
  )

describe('an answer to a till', () => {
  const told = { receipt_id: idOf(1), message: 'as it is', warnings: [] }
  test.each([
    [
      'printed',
      answerOf(200, { status: 'printed', fiscal_doc: DOC, paper: 'printed', ...told }),
      { kind: 'printed' as const, receiptId: idOf(1), doc: DOC, warnings: [] },
    ],
    [
      'printed, whose paper is lost',
      answerOf(200, { status: 'printed', fiscal_doc: DOC, paper: 'missing', ...told }),
      { kind: 'printed' as const, receiptId: idOf(1), doc: DOC, warnings: [], isPaperLost: true as const },
    ],
    [
      'buffered',
      answerOf(200, { status: 'buffered', fiscal_doc: null, paper: 'none', ...told }),
      { kind: 'buffered' as const, receiptId: idOf(1), warnings: [] },
    ],
    [
      'buffered with a document that is not on paper',
      answerOf(200, { status: 'buffered', fiscal_doc: DOC, paper: 'missing', ...told }),
      { kind: 'buffered' as const, receiptId: idOf(1), warnings: [] },
    ],
    ['refused', problemOf(502, 'kkt_refused'), { kind: 'refused' as const }],
    ['one that says nothing', problemOf(503, 'buffer_full'), null],
    ['another', problemOf(500, 'internal_error'), { kind: 'other' as const, what: '500 internal_error' }],
  ])('%s', (_what, answer, told) => expect(readTillAnswer(answer)).toEqual(told))

  test('that breaks the contract is thrown', () => {
    expect(() => readTillAnswer(answerOf(200, { status: 'printed' }))).toThrow('unexpected answer 200')
    expect(() => readTillAnswer(answerOf(500, {}))).toThrow('500 came as null')
  })
})

test('all pages of the journal, the FN and the DLQ are read', async () => {
  const rows = [3, 2, 1].map((n) => rowOf(n, 'till'))
  const documents = Array.from({ length: 1001 }, (_, i) => fnDocumentOf(i + 1))
  const letters = [1, 2].map((n) => ({
    receipt_id: idOf(n),
    pos_id: 'till',
    reason: 'refused_by_ofd' as const,
    last_error: 'no',
    retry_count: 0,
    fiscal_doc_number: n,
    total: 10,
    failed_at: TIME,
  }))
  /** One item per page. */
  const pageOf = <T>(items: T[], cursor: string | undefined) => {
    const i = Number(cursor ?? 0)
    return { page: items.slice(i, i + 1), next_cursor: i + 1 < items.length ? String(i + 1) : null }
  }
  const adapter = {
    async receipts({ cursor }: { cursor?: string }) {
      const { page, next_cursor } = pageOf(rows, cursor)
      return { receipts: page, next_cursor }
    },
    async dlq({ cursor }: { cursor?: string } = {}) {
      const { page, next_cursor } = pageOf(letters, cursor)
      return { items: page, next_cursor, total: letters.length }
    },
    async get(path: string) {
      const query = new URL(path, 'http://adapter.test').searchParams
      const after = Number(query.get('after'))
      const page = documents.slice(after, after + Number(query.get('limit')))
      return answerOf(200, { fn_number: '9999078900000961', count: page.length, documents: page })
    },
  }
  const history = await collectHistory(adapter, { ledger: async () => [] })
  expect(history).toEqual({ journal: rows, fn: documents, ledger: [], deadLetters: letters })
})
