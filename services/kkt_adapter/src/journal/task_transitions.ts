import type { NextTask, TaskId, TaskKind, TaskResult, TaskStatus, TaskWork } from '../domain/task.ts'
import type { Database, SqlValue } from '../sqlite/database.ts'
import { BY_A_TASK, type Documents } from './documents.ts'
import type { DrawerCount } from './drawer.ts'
import type { Gathered } from './gathered.ts'
import { LostTransition } from './transition.ts'

export type TaskDeps = { wallMs: () => number; gathered: Gathered; documents: Documents; drawer: DrawerCount }

/** The parts of the audit entry that the transition does not say. */
type Said = { detail?: string | null; who?: string | null }

/** The words of an audit entry about a task. */
export const taskInWords = (kind: TaskKind, id: TaskId, detail: string | null): string =>
  [`${kind} ${id}`, ...(detail === null ? [] : [detail])].join(': ')

/** Makes the transitions of tasks. Each guards on the state it leaves. @throws LostTransition */
function transitionsOf(db: Database, { wallMs, gathered }: TaskDeps) {
  /** @param set further changes: ?1 is now, ?2 the task's id, further values follow from ?3 */
  return <From extends TaskStatus>(from: From, to: NextTask<From>, set = '') => {
    const statement = db.prepare<{ kind: TaskKind; work: string }>(
      `UPDATE tasks SET status = '${to}', changed_at_ms = ?1${set && `, ${set}`}
       WHERE task_id = ?2 AND status = '${from}' RETURNING kind, work`,
    )
    return (id: TaskId, { detail = null, who = null }: Said = {}, ...values: SqlValue[]): TaskWork => {
      const atMs = wallMs()
      const row = statement.get(atMs, id, ...values)
      if (!row) throw new LostTransition(`Task ${id} is not ${from}, so it cannot become ${to}`)
      const said = taskInWords(row.kind, id, detail)
      gathered.note({ atMs, kind: 'task', receiptId: null, from, to, detail: said, who })
      return JSON.parse(row.work)
    }
  }
}

const WITH_RESULT = 'result = ?3, last_error = NULL'
const WITH_REASON = 'last_error = ?3'
/** The KKT has not done it, and knows nothing of it. */
const NOT_HANDED_OVER = 'fn_number = NULL'
/** A person's word is all that is known of it. */
const TOLD: TaskResult = { doc: null, totals: null, drawerKopecks: null }

/** The ways of tasks from `accepted` to their ends. */
export function createTaskTransitions(db: Database, deps: TaskDeps) {
  const transition = transitionsOf(db, deps)
  const acceptedToAsked = transition('accepted', 'asked', 'fn_number = ?3')
  const acceptedToRefused = transition('accepted', 'refused', WITH_REASON)
  const askedToDone = transition('asked', 'done', WITH_RESULT)
  const askedToRefused = transition('asked', 'refused', WITH_REASON)
  const askedToUnknown = transition('asked', 'unknown', WITH_REASON)
  const askedToAccepted = transition('asked', 'accepted', `${WITH_REASON}, ${NOT_HANDED_OVER}`)
  const unknownToDone = transition('unknown', 'done', WITH_RESULT)
  const unknownToAccepted = transition('unknown', 'accepted', NOT_HANDED_OVER)
  const unknownToRefused = transition('unknown', 'refused', WITH_REASON)
  const unknownToUnclear = transition('unknown', 'unclear', WITH_REASON)
  const unclearToDone = transition('unclear', 'done', WITH_RESULT)
  const unclearToRefused = transition('unclear', 'refused', WITH_REASON)
  const keep = resultKeeper(db, deps)

  return {
    /** accepted → asked, before the KKT is asked. @param fnNumber the FN that is in the KKT */
    markAsked: (id: TaskId, fnNumber: string): void => void acceptedToAsked(id, {}, fnNumber),
    /** accepted → refused: there is nothing to do any more, so the KKT is not asked. */
    recordTaskNeedless: (id: TaskId, reason: string): void => void acceptedToRefused(id, { detail: reason }, reason),
    /** asked → done. */
    recordTaskDone: (id: TaskId, result: TaskResult): void =>
      keep(id, askedToDone(id, {}, JSON.stringify(result)), result),
    /** asked → refused: the KKT did not do it, and never will. */
    recordTaskRefused: (id: TaskId, reason: string): void => void askedToRefused(id, { detail: reason }, reason),
    /** asked → unknown: the KKT may have done it. */
    recordTaskUnknown: (id: TaskId, reason: string): void => void askedToUnknown(id, { detail: reason }, reason),
    /** asked → accepted: the KKT did not do it, and may do it later. */
    recordTaskPutOff: (id: TaskId, reason: string): void => void askedToAccepted(id, { detail: reason }, reason),
    /** unknown → done: a look-up has found it. */
    recordTaskFound: (id: TaskId, result: TaskResult): void =>
      keep(id, unknownToDone(id, {}, JSON.stringify(result)), result),
    /** unknown → accepted: a look-up at the same FN has not found it. */
    recordTaskAbsent: (id: TaskId): void => void unknownToAccepted(id),
    /** unknown → refused: its outcome will never be known, and doing it again is harmless. */
    giveTaskUp: (id: TaskId, reason: string): void => void unknownToRefused(id, { detail: reason }, reason),
    /** unknown → unclear: only a person can tell its outcome. */
    recordTaskUnclear: (id: TaskId, reason: string): void => void unknownToUnclear(id, { detail: reason }, reason),
    /** unclear → done or refused, by a person's word. */
    settleTask(id: TaskId, { done, reason, who }: { done: boolean; reason: string | null; who: string | null }): void {
      const detail = reason ?? (done ? 'a person says that it was done' : 'a person says that it was not done')
      if (done) keep(id, unclearToDone(id, { detail, who }, JSON.stringify(TOLD)), TOLD)
      else unclearToRefused(id, { detail, who }, detail)
    },
  }
}

/** Keeps what a task that is done has changed: the documents and the drawer. */
function resultKeeper(db: Database, { documents, drawer }: TaskDeps) {
  const setDrawer = db.prepare('UPDATE tasks SET own_drawer_kopecks = ?2 WHERE task_id = ?1')
  return (id: TaskId, work: TaskWork, { doc, drawerKopecks }: TaskResult): void => {
    // The KKT names the opening with the first receipt behind it, too, whoever has asked for it.
    if (doc !== null) documents.recordOfShift(doc, doc.kind === 'shift_opening' ? BY_A_TASK : null)
    if (drawerKopecks !== null) {
      drawer.know(drawerKopecks)
      return
    }
    if (work.kind === 'cash_in') drawer.move(work.amountKopecks)
    if (work.kind === 'cash_out') drawer.move(-work.amountKopecks)
    if (work.kind !== 'copy') setDrawer.run(id, drawer.kopecks())
  }
}
