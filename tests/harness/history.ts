import type { adapterClient, ofdClient } from './clients.ts'
import { type Answer, expectBody, expectProblem } from './http.ts'
import type { History, TillAnswer } from './invariants.ts'
import { type ReceiptView, receiptAnswer } from './wire.ts'
import { type FnDocument, kktDocuments } from './wire_kkt.ts'
import type { registersAnswer } from './wire_register.ts'

type Adapter = Pick<ReturnType<typeof adapterClient>, 'receipts' | 'dlq' | 'get'>
type Ofd = Pick<ReturnType<typeof ofdClient>, 'ledger'>

const MOST_RECEIPTS_A_PAGE = 100
const MOST_DOCUMENTS_A_PAGE = 1000

/**
 * The till's reading of an answer. Null for a 503, which only asks the till to send the same again.
 * @param form of an answer with a document
 * @throws Error when the answer breaks the contract
 */
export function readTillAnswer(
  answer: Answer,
  form: typeof receiptAnswer | typeof registersAnswer = receiptAnswer,
): TillAnswer | null {
  if (answer.status === 503) return null
  if (answer.status !== 200) {
    const { code } = expectProblem(answer, answer.status)
    return code === 'kkt_refused' ? { kind: 'refused' } : { kind: 'other', what: `${answer.status} ${code}` }
  }
  const { status, receipt_id: receiptId, fiscal_doc: doc, paper, warnings } = expectBody(answer, 200, form)
  if (status === 'buffered') return { kind: 'buffered', receiptId, warnings }
  return { kind: 'printed', receiptId, doc, warnings, ...(paper === 'missing' && { isPaperLost: true }) }
}

/** Everything that the adapter, its KKT and the OFD hold. Nothing may be under way. The FN's documents are read in full. */
export async function collectHistory(
  adapter: Adapter,
  ofd: Ofd,
): Promise<Pick<History, 'journal' | 'fn' | 'ledger' | 'deadLetters'>> {
  return {
    journal: await allReceipts(adapter),
    fn: await allDocuments(adapter),
    ledger: await ofd.ledger(),
    deadLetters: await allDeadLetters(adapter),
  }
}

async function allReceipts(adapter: Adapter): Promise<ReceiptView[]> {
  return await pages(async (cursor) => {
    const page = await adapter.receipts({ limit: MOST_RECEIPTS_A_PAGE, ...(cursor && { cursor }) })
    return { items: page.receipts, next: page.next_cursor }
  })
}

export async function allDeadLetters(adapter: Pick<Adapter, 'dlq'>) {
  return await pages(async (cursor) => {
    const page = await adapter.dlq({ limit: MOST_RECEIPTS_A_PAGE, ...(cursor && { cursor }) })
    return { items: page.items, next: page.next_cursor }
  })
}

async function allDocuments(adapter: Adapter): Promise<FnDocument[]> {
  return await pages(async (cursor) => {
    const path = `/v1/kkt/_test/documents?limit=${MOST_DOCUMENTS_A_PAGE}&after=${cursor ?? 0}`
    const { documents } = expectBody(await adapter.get(path), 200, kktDocuments)
    const isLast = documents.length < MOST_DOCUMENTS_A_PAGE
    return { items: documents, next: isLast ? null : String(documents.at(-1)?.fiscal_doc_number) }
  })
}

export async function pages<T>(
  read: (cursor: string | null) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = []
  for (let cursor: string | null = null; ; ) {
    const { items, next } = await read(cursor)
    all.push(...items)
    if (next === null) return all
    cursor = next
  }
}
