import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { FiscalDoc, Paper, ReceiptContent, ReceiptId } from '../../domain/receipt.ts'
import type { ShiftDocument } from '../../domain/shift.ts'
import type { Attempt } from '../attempts.ts'
import { afterError } from './after_error.ts'
import { fiscalDocOf, isWhole, type MadeDocument, readMade } from './document_of_result.ts'
import type { TaskEnd } from './entries.ts'
import { type DriverError, errorInWords, ruleOf } from './errors.ts'
import { type FnDocumentRead, isDocumentOf } from './fn_documents.ts'
import { type Look, lookInFn } from './look.ts'
import { unknown } from './outcomes.ts'
import type { Register } from './register.ts'
import type { Requests } from './requests.ts'
import { secretsOf } from './secrets.ts'

/** The result of an attempt. */
export type SettledReceipt =
  | { kind: 'found'; doc: FiscalDoc; paper: Paper; shiftOpened?: ShiftDocument }
  /** `mayRepeat`: at once. */
  | { kind: 'not_made'; isLasting: boolean; mayRepeat: boolean; reason: string }
  /** The service knows no such request, and the FN that is in the KKT holds no document of it. */
  | { kind: 'gone'; fnNumber: string }
  /** The FN holds several documents that may be it, or one that is in doubt or cannot be read. */
  | { kind: 'untellable'; reason: string }
  | { kind: 'unknown'; reason: string }

type Found = Extract<SettledReceipt, { kind: 'found' }>

/** A receipt, and the attempt whose result is asked for. */
export type SoughtReceipt = { id: ReceiptId; content: ReceiptContent; attempt: Attempt }

type SettlingDeps = { requests: Requests; register: Register; clock: Clock; logger: Logger; stopping: AbortSignal }

const UNFIT =
  'the KKT told of its document in a form that is not known, and its FN holds none that is it. An operator has to say whether it was made'

/** Says what came of a receipt's attempt, by the end of its request, and by the FN where that does not tell. Nothing here rejects. */
export function createReceiptSettling(deps: SettlingDeps) {
  const { register, logger } = deps

  /** Nothing tells whether its paper came out. That of the last document can be finished. */
  function foundInFn(look: Extract<Look, { kind: 'found' }>, { id, content }: SoughtReceipt): Found {
    const { document, facts, opening, isLast } = look
    const paper = isLast && !content.electronic ? 'missing' : 'printed'
    const { fnNumber } = facts.state
    const made = { ...document, fnNumber, paper, isRecovered: true, hasOpenedShift: opening !== null } as const
    logger.warn('kkt_document_found', { receipt_id: id, fd: document.fdNumber })
    return found(fiscalDocOf(made, content, facts.registered, document), paper, opening)
  }

  type IfNone = (fnNumber: string) => SettledReceipt

  async function byFn(sought: SoughtReceipt, ifNone: IfNone, looks = 1): Promise<SettledReceipt> {
    const look = await lookInFn(deps, sought.attempt, judging(sought), looks)
    if (look.kind === 'found') return foundInFn(look, sought)
    if (look.kind === 'none') return ifNone(look.fnNumber)
    if (look.kind === 'other_fn') return { kind: 'gone', fnNumber: look.fnNumber }
    return look.kind === 'untellable' ? look : unknown(look.reason)
  }

  async function byResult(entry: unknown, sought: SoughtReceipt): Promise<SettledReceipt> {
    const { id, content } = sought
    const made = readMade(entry)
    if (made === null) return await byFn(sought, () => ({ kind: 'untellable', reason: UNFIT }))
    if (made.isRecovered) logger.warn('kkt_document_recovered', { receipt_id: id, fd: made.fdNumber })
    if (made.paper === 'missing') logger.warn('kkt_document_not_printed', { receipt_id: id, fd: made.fdNumber })
    const paper = content.electronic ? 'printed' : made.paper
    // A recovered result does not tell whether a shift was opened for it.
    if (made.hasOpenedShift || made.isRecovered || !isWhole(made)) return await withFn(made, sought, paper)
    const registered = await register.registered()
    if (registered.kind === 'silent') return unknown(registered.reason)
    return found(fiscalDocOf(made, content, registered.value), paper, null)
  }

  /** Reads the document in the FN, and the one before it: that opened the shift where the KKT did so by itself. */
  async function withFn(made: MadeDocument, sought: SoughtReceipt, paper: Paper): Promise<SettledReceipt> {
    const [{ fdNumber }, { id, content }] = [made, sought]
    const facts = await register.facts()
    if (facts.kind === 'silent') return unknown(facts.reason)
    // Another FN would tell of another document.
    if (facts.state.fnNumber !== made.fnNumber) return found(fiscalDocOf(made, content, facts.registered), paper, null)
    const read = await register.documents({ after: Math.max(0, fdNumber - 2), through: fdNumber }, facts)
    if (read.kind === 'silent') return unknown(read.reason)
    const own = read.documents.find((one) => one.fdNumber === fdNumber)
    const before = read.documents.find((one) => one.fdNumber === fdNumber - 1)
    const isOpening = before?.kind === 'shift_opening' && mayHaveOpened(made, sought)
    const opening = isOpening ? register.shiftDocument(before, facts) : null
    if (opening) logger.info('kkt_opened_shift', { receipt_id: id, shift: opening.shiftNumber })
    return found(fiscalDocOf(made, content, facts.registered, own ?? null), paper, opening)
  }

  async function byError(error: DriverError, sought: SoughtReceipt): Promise<SettledReceipt> {
    const rule = ruleOf(error.code)
    const reason = errorInWords(error, secretsOf(sought.content))
    const [isLasting, mayRepeat] = [rule === null || rule.way === 'lasting', rule?.way === 'once']
    const notMade: SettledReceipt = { kind: 'not_made', isLasting, mayRepeat, reason }
    const next = await afterError(deps, error, sought.attempt, { receipt_id: sought.id })
    if (next.kind === 'unknown') return next
    return next.kind === 'not_made' ? notMade : await byFn(sought, () => notMade, next.looks)
  }

  return async function settle(end: TaskEnd, sought: SoughtReceipt): Promise<SettledReceipt> {
    switch (end.kind) {
      case 'ready':
        return await byResult(end.entry, sought)
      case 'failed':
        return await byError(end.error, sought)
      case 'not_begun':
        return { kind: 'not_made', isLasting: false, mayRepeat: false, reason: 'the KKT took it out of its queue' }
      case 'gone':
        return await byFn(sought, (fnNumber) => ({ kind: 'gone', fnNumber }))
      case 'open':
        return unknown(end.reason)
    }
  }
}

function judging(sought: SoughtReceipt) {
  const judge = (document: FnDocumentRead) => isDocumentOf(document, sought)
  const isNamed = (document: FnDocumentRead) => document.receiptId === sought.id && judge(document) === 'certain'
  return { judge, isNamed }
}

/** Unless the register says so, a shift whose opening was there when the attempt began was opened for something else. */
const mayHaveOpened = ({ fnNumber, fdNumber, hasOpenedShift }: MadeDocument, { attempt }: SoughtReceipt): boolean =>
  hasOpenedShift || fnNumber !== attempt.fnNumber || fdNumber - 1 > attempt.lastFdNumber

const found = (doc: FiscalDoc, paper: Paper, shiftOpened: ShiftDocument | null): Found =>
  shiftOpened === null ? { kind: 'found', doc, paper } : { kind: 'found', doc, paper, shiftOpened }
