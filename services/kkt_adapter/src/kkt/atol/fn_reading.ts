import type { TaskEnd } from './entries.ts'
import { errorInWords, NO_SUCH_DOCUMENT, needsPerson, ruleOf } from './errors.ts'
import { type FnDocumentRead, readFnDocument } from './fn_documents.ts'
import { type Asked, silent } from './questions.ts'
import type { Requests } from './requests.ts'
import { readDocumentTask } from './task_of_work.ts'

/** So many documents are read by one request: more would hold the queue of a slow FN for long. */
const PAGE = 20

type Range = { after: number; through: number }

/** `lacking`: the reason why the first of those that the FN cannot read was not read. Null where all were. */
type Read =
  | { kind: 'documents'; documents: FnDocumentRead[]; lacking: string | null }
  | { kind: 'silent'; reason: string }
/** `retry`: an earlier one of the page ended with an error, so it was not read. */
type ReadOne =
  | { kind: 'read'; document: FnDocumentRead }
  | { kind: 'lacking'; reason: string }
  | { kind: 'silent'; reason: string }
  | { kind: 'retry' }

/** The FN that is to be read. `offset`: of the KKT's clock. */
export type FnToRead = { fnNumber: string; offset: string }

const REPLACED = 'another FN was put in while this one was read'

/**
 * Reads the FN's documents after an FD number and up to another one, in order. It does not reject.
 * @param fnNow the number of the FN that is in the KKT
 */
export function createFnReading(requests: Requests, fnNow: () => Promise<Asked<string>>) {
  async function readPage(first: number, { through }: Range, offset: string): Promise<ReadOne[]> {
    const page = Array.from({ length: Math.min(PAGE, through - first + 1) }, (_, index) => first + index)
    const ends = await requests.read(page.map(readDocumentTask))
    if (!Array.isArray(ends)) return [{ kind: 'silent', reason: ends.reason }]
    return ends.slice(0, page.length).map((end, index) => {
      if (end.kind === 'not_begun' && index > 0) return { kind: 'retry' }
      const document = end.kind === 'ready' ? readFnDocument(end.result, offset) : null
      if (document !== null) return { kind: 'read', document }
      return { kind: isUnreadable(end) ? 'lacking' : 'silent', reason: unreadInWords(first + index, end) }
    })
  }

  return async function read(range: Range, { fnNumber, offset }: FnToRead): Promise<Read> {
    const all: ReadOne[] = []
    for (let next = range.after + 1; next <= range.through; next = range.after + 1 + all.length) {
      const page = await readPage(next, range, offset)
      const end = page.findIndex(({ kind }) => kind === 'retry')
      all.push(...(end === -1 ? page : page.slice(0, end)))
      const silence = all.find((one) => one.kind === 'silent')
      if (silence) return { kind: 'silent', reason: silence.reason }
    }
    // A document does not tell its FN.
    const now = await fnNow()
    if (now.kind === 'silent') return now
    if (now.value !== fnNumber) return silent(REPLACED)
    const lacking = all.find((one) => one.kind === 'lacking')
    const documents = all.flatMap((one) => (one.kind === 'read' ? one.document : []))
    return { kind: 'documents', documents, lacking: lacking?.reason ?? null }
  }
}

/** It cannot be read later either. That the register is busy, or waits for a person, does not say so. */
function isUnreadable(end: TaskEnd): boolean {
  if (end.kind !== 'failed') return end.kind === 'ready'
  const rule = ruleOf(end.error.code)
  return end.error.code === NO_SUCH_DOCUMENT || (rule?.way !== 'retry' && !needsPerson(rule))
}

const unreadInWords = (fdNumber: number, end: TaskEnd): string =>
  `document ${fdNumber} of the FN cannot be read${end.kind === 'failed' ? `: ${errorInWords(end.error, null)}` : ''}`
