import { NO_SECRETS } from '../../domain/secrets.ts'
import type { ShiftDocument } from '../../domain/shift.ts'
import { makesDocument, type TaskId, type TaskResult, type TaskWork } from '../../domain/task.ts'
import type { Attempt } from '../attempts.ts'
import { afterError } from './after_error.ts'
import { readMade } from './document_of_result.ts'
import { drawerAfter } from './drawer.ts'
import type { TaskEnd } from './entries.ts'
import { type DriverError, type ErrorRule, errorInWords, needsPerson, ruleOf } from './errors.ts'
import type { Facts } from './facts.ts'
import type { FnDocumentRead } from './fn_documents.ts'
import { lookInFn } from './look.ts'
import { unknown } from './outcomes.ts'
import type { WorkDeps } from './receipts.ts'

/** The result of an attempt. */
export type SettledTask =
  | { kind: 'done'; result: TaskResult }
  | { kind: 'refused'; isLasting: boolean; reason: string }
  /** It never began. */
  | { kind: 'absent'; fnNumber: string }
  /** The service knows no such request, and the FN that is in the KKT holds no document of it. */
  | { kind: 'gone'; fnNumber: string }
  | { kind: 'untellable'; reason: string }
  | { kind: 'unknown'; reason: string }

/** `counters`: of the shift before a task that was begun a moment ago. */
export type SoughtTask = { id: TaskId; work: TaskWork; attempt: Attempt; counters: Facts['counters'] }

export const UNTELLABLE = 'the service of the KKT knows nothing of it any more, and the FN keeps no document of it'

const UNFIT = 'the KKT told of its document in a form that is not known, and its FN holds none that is it'

const NOTHING: TaskResult = { doc: null, totals: null, drawerKopecks: null }
const done = (result: Partial<TaskResult>) => ({ kind: 'done' as const, result: { ...NOTHING, ...result } })

/** Says what came of a task's attempt, by the end of its request, and by the FN where that does not tell. Nothing here rejects. */
export function createTaskSettling(deps: Omit<WorkDeps, 'attempts'>) {
  const { register, logger } = deps

  function byDocument(document: FnDocumentRead, facts: Facts, counters: Facts['counters']): SettledTask {
    // The counters of a shift are read before it is closed.
    const doc = register.shiftDocument(document, { ...facts, counters: counters ?? facts.counters })
    return doc === null ? doneWithout(document.fdNumber) : doneBy(doc)
  }

  /** It is in the FN, and its content is not told. */
  function doneWithout(fdNumber: number): SettledTask {
    logger.warn('kkt_document_not_told', { fd: fdNumber })
    return done({})
  }

  async function byShiftResult(entry: unknown, sought: SoughtTask): Promise<SettledTask> {
    const made = readMade(entry)
    if (made === null) return await byFn(sought, () => ({ kind: 'untellable', reason: UNFIT }))
    const facts = await register.facts()
    if (facts.kind === 'silent') return unknown(facts.reason)
    if (facts.state.fnNumber !== made.fnNumber) return done({})
    const read = await register.documents({ after: made.fdNumber - 1, through: made.fdNumber }, facts)
    if (read.kind === 'silent') return unknown(read.reason)
    const [document] = read.documents
    return document ? byDocument(document, facts, sought.counters) : doneWithout(made.fdNumber)
  }

  async function byResult(
    { entry, result }: Extract<TaskEnd, { kind: 'ready' }>,
    sought: SoughtTask,
  ): Promise<SettledTask> {
    switch (sought.work.kind) {
      case 'cash_in':
      case 'cash_out':
        return done({ drawerKopecks: drawerAfter(result) })
      case 'copy':
        return done({})
      case 'x_report': {
        const report = await register.report()
        return done(report === null ? {} : { totals: report.totals, drawerKopecks: report.drawerKopecks })
      }
      case 'open_shift':
      case 'close_shift':
        return await byShiftResult(entry, sought)
    }
  }

  type IfNone = (fnNumber: string) => SettledTask

  /** The document of a shift is found in the FN. Nothing tells of the other tasks. */
  async function byFn({ work, attempt, counters }: SoughtTask, ifNone: IfNone, looks = 1): Promise<SettledTask> {
    if (!makesDocument(work.kind)) return { kind: 'untellable', reason: UNTELLABLE }
    const judge = (document: FnDocumentRead) => (isOf(document, work) ? 'certain' : 'no')
    // The document of a shift carries no name: one in another FN may be of another shift.
    const look = await lookInFn(deps, attempt, { judge, isNamed: () => false }, looks)
    if (look.kind === 'none') return ifNone(look.fnNumber)
    if (look.kind === 'other_fn') return { kind: 'gone', fnNumber: look.fnNumber }
    if (look.kind === 'found') return byDocument(look.document, look.facts, counters)
    return look.kind === 'untellable' ? look : unknown(look.reason)
  }

  async function byError(error: DriverError, sought: SoughtTask): Promise<SettledTask> {
    const isLasting = isLastingFor(sought.work, ruleOf(error.code))
    // A copy is of a document with a customer's data.
    const secrets = sought.work.kind === 'copy' ? null : NO_SECRETS
    const refused: SettledTask = { kind: 'refused', isLasting, reason: errorInWords(error, secrets) }
    const next = await afterError(deps, error, sought.attempt, { task_id: sought.id })
    if (next.kind === 'unknown') return next
    return next.kind === 'not_made' ? refused : await byFn(sought, () => refused, next.looks)
  }

  return async function settle(end: TaskEnd, sought: SoughtTask): Promise<SettledTask> {
    switch (end.kind) {
      case 'ready':
        return await byResult(end, sought)
      case 'failed':
        return await byError(end.error, sought)
      case 'not_begun':
        return { kind: 'absent', fnNumber: sought.attempt.fnNumber }
      case 'gone':
        return await byFn(sought, (fnNumber) => ({ kind: 'gone', fnNumber }))
      case 'open':
        return unknown(end.reason)
    }
  }
}

const doneBy = (doc: ShiftDocument): SettledTask =>
  doc.kind === 'shift_opening' ? done({ doc }) : done({ doc, totals: doc.totals, drawerKopecks: doc.drawerKopecks })

function isOf({ kind, shiftNumber }: FnDocumentRead, work: TaskWork): boolean {
  if (work.kind === 'open_shift') return kind === 'shift_opening'
  return work.kind === 'close_shift' && kind === 'shift_closing' && shiftNumber === work.shiftNumber
}

/** A report or a copy is asked for by a person, who puts paper in and asks again. */
function isLastingFor({ kind }: TaskWork, rule: ErrorRule | null): boolean {
  if (rule === null || rule.way === 'lasting') return true
  if (makesDocument(kind)) return rule.way === 'shift_state'
  return (kind === 'x_report' || kind === 'copy') && needsPerson(rule)
}
