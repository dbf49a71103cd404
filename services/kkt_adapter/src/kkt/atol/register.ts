import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { KktState, KktTrouble, ShiftReport } from '../../domain/kkt.ts'
import type { FnDocument } from '../../domain/kkt_outcome.ts'
import type { ShiftDocument } from '../../domain/shift.ts'
import { queueStatus } from './answer_forms.ts'
import { createFacts, type Facts, type RegisterDeps } from './facts.ts'
import { type FnDocumentRead, receiptIn } from './fn_documents.ts'
import { createFnReading } from './fn_reading.ts'
import { type TimeLeft, together } from './questions.ts'
import { shiftDocumentOf } from './shift_document.ts'
import { reportOf } from './state_of_register.ts'

/** A till may wait for the state, so a register that is busy for longer counts as silent. */
const STATE_LIMIT_MS = 10_000
/** Of one question. A register that answers each one slowly has more time for all. */
const STATE_QUESTION_MS = 5000

/** A full FN is tried again after this time: the register may have been wrong. */
const FULL_MS = 60_000

export type Register = ReturnType<typeof createRegister>

/** Reads the register. Nothing here rejects. */
export function createRegister(deps: RegisterDeps & { clock: Clock; logger: Logger }) {
  const { client, kktNumber, clock, logger } = deps
  const { here, facts, registered, lastRegistered, fnNow } = createFacts(deps)
  const read = createFnReading(deps.requests, fnNow)
  const documents = (range: { after: number; through: number }, { state, offset }: Facts) =>
    read(range, { fnNumber: state.fnNumber, offset })

  const shiftDocument = (document: FnDocumentRead, { state, registered, counters }: Facts): ShiftDocument | null =>
    shiftDocumentOf(document, { registered, fnNumber: state.fnNumber, standing: state, counters })

  function inFn(document: FnDocumentRead, facts: Facts): FnDocument {
    const receipt = receiptIn(document, { fnNumber: facts.state.fnNumber, kktNumber })
    return { fdNumber: document.fdNumber, receipt, ofShift: shiftDocument(document, facts) }
  }

  const stateTime = () => together(clock, STATE_LIMIT_MS, STATE_QUESTION_MS)

  /** The queue's own trouble. Null without one, or without an answer. */
  async function troubleOfQueue(left: TimeLeft): Promise<KktTrouble | null> {
    const answer = await client.queue(left())
    const status = answer.kind === 'answered' ? queueStatus.safeParse(answer.body) : null
    if (!status?.success || !status.data.isBlocked) return null
    return status.data.blockReason === 'paperError' ? 'paper_out' : 'busy'
  }

  /** The FN that was full when it was last asked for a document: none of its answers tells. `untilMs`: by the monotonic clock. */
  let full: { fnNumber: string; untilMs: number } | null = null

  return {
    here,
    facts,
    registered,
    lastRegistered,
    documents,
    shiftDocument,
    async documentsAfter(fdNumber: number, limit: number): Promise<FnDocument[] | null> {
      const now = await facts()
      if (now.kind === 'silent') return null
      const through = Math.min(now.state.lastFdNumber, fdNumber + limit)
      const read = await documents({ after: fdNumber, through }, now)
      if (read.kind === 'silent') return null
      // It may be a receipt that the journal has lost.
      if (read.lacking !== null) logger.warn('kkt_document_unreadable', { reason: read.lacking })
      return read.documents.map((document) => inFn(document, now))
    },
    async state(): Promise<KktState | null> {
      const left = stateTime()
      const now = await facts(left)
      if (now.kind === 'silent') return null
      const isFull = full?.fnNumber === now.state.fnNumber && clock.monotonicMs() < full.untilMs
      return { ...now.state, trouble: isFull ? 'fn_full' : (now.state.trouble ?? (await troubleOfQueue(left))) }
    },
    /** Notes that an FN has refused a document because it is full. */
    noteFull(fnNumber: string): void {
      full = { fnNumber, untilMs: clock.monotonicMs() + FULL_MS }
    },
    async report(): Promise<ShiftReport | null> {
      const now = await facts(stateTime())
      return now.kind === 'silent' || now.counters === null ? null : reportOf(now.state, now.counters)
    },
  }
}
