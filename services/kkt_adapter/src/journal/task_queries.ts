import type { Drawer, Task, TaskFilter, TaskId, TaskKind, TaskStatus } from '../domain/task.ts'
import type { Database } from '../sqlite/database.ts'
import type { Page } from './pages.ts'

/** A row of `tasks` from SQLite. STRICT and the CHECKs guarantee these types. */
type TaskRow = {
  task_id: TaskId
  kind: TaskKind
  work: string
  status: TaskStatus
  fn_number: string | null
  result: string | null
  own_drawer_kopecks: number | null
  last_error: string | null
  created_at_ms: number
  changed_at_ms: number
}

const COLUMNS = `task_id, kind, work, status, fn_number, result, own_drawer_kopecks, last_error, created_at_ms, changed_at_ms`

/** Repeats the condition of the index `tasks_before_the_end`, so that SQLite uses it. A task that waits for a person has not ended. */
export const TASK_HAS_NOT_ENDED = "status <> 'done' AND status <> 'refused'"

/** A task that was handed to the KKT. `fnNumber`: the FN that was in the KKT then. */
export type AskedTask = Task & { fnNumber: string }

/** Behind all ids. */
const NEWEST = 'g'

/** The KKT's tasks, as they are read. */
export function createTaskQueries(db: Database) {
  const byId = db.prepare<TaskRow>(`SELECT ${COLUMNS} FROM tasks WHERE task_id = ?`)
  const byKeys = db.prepare<TaskRow>(
    `SELECT ${COLUMNS} FROM tasks WHERE idempotency_key IN (SELECT value FROM json_each(?)) LIMIT 1`,
  )
  const oldestIn = (condition: string) =>
    db.prepare<TaskRow>(
      `SELECT ${COLUMNS} FROM tasks WHERE ${condition} AND ${TASK_HAS_NOT_ENDED} ORDER BY task_id LIMIT 1`,
    )
  const oldestAccepted = oldestIn("status = 'accepted'")
  const oldestAsked = oldestIn("status = 'asked'")
  const oldestUnknown = oldestIn("status = 'unknown'")
  const oldestUnderWay = oldestIn("status <> 'unclear' AND kind = ?1 AND (?2 IS NULL OR work ->> 'shiftNumber' = ?2)")
  const oldestUrgent = oldestIn("status = 'accepted' AND kind = 'close_shift' AND after_seq = 0")
  const page = db.prepare<TaskRow>(
    `SELECT ${COLUMNS} FROM tasks WHERE task_id < ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR kind = ?3)
     ORDER BY task_id DESC LIMIT ?4`,
  )
  const optional = (row: TaskRow | undefined): Task | null => (row ? toTask(row) : null)

  const unclear = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM tasks WHERE status = 'unclear' AND ${TASK_HAS_NOT_ENDED}`,
  )
  const waiting = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM tasks WHERE status <> 'unclear' AND ${TASK_HAS_NOT_ENDED}`,
  )
  return {
    find: (id: TaskId): Task | null => optional(byId.get(id)),
    /** The task with one of these keys. */
    ofKeys: (keys: readonly string[]): Task | null => optional(byKeys.get(JSON.stringify(keys))),
    /** The number of tasks of which a person has to say whether they were done. */
    countUnclear: (): number => unclear.get()?.n ?? 0,
    /** The number of tasks that the KKT has not ended, and that need no person. */
    countWaiting: (): number => waiting.get()?.n ?? 0,
    /** The first task that waits for the KKT. */
    nextAccepted: (): Task | null => optional(oldestAccepted.get()),
    /** The first closing that comes before everything that waits for the KKT. */
    nextUrgent: (): Task | null => optional(oldestUrgent.get()),
    /** The oldest task whose outcome at the KKT is not known. */
    nextUncertain(): AskedTask | null {
      const row = oldestAsked.get() ?? oldestUnknown.get()
      if (row === undefined) return null
      const { fn_number: fnNumber } = row
      if (fnNumber === null) throw new Error(`Task ${row.task_id} was handed over at no FN`)
      return { ...toTask(row), fnNumber }
    },
    /** An opening of a shift, or a closing of this one, that has not ended. */
    underWay: (kind: 'open_shift' | 'close_shift', shiftNumber: number | null): Task | null =>
      optional(oldestUnderWay.get(kind, shiftNumber)),
    /** Newest first. */
    list({ status, kind }: TaskFilter, cursor: string | null, limit: number): Page<Task> {
      const rows = page.all(cursor ?? NEWEST, status, kind, limit + 1)
      const items = rows.slice(0, limit).map(toTask)
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  }
}

export type TaskQueries = ReturnType<typeof createTaskQueries>

function toTask(row: TaskRow): Task {
  const result: Task['result'] = row.result === null ? null : JSON.parse(row.result)
  return {
    id: row.task_id,
    work: JSON.parse(row.work),
    status: row.status,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    result,
    drawer: drawerOf(result?.drawerKopecks ?? null, row.own_drawer_kopecks),
    lastError: row.last_error,
    fnNumber: row.fn_number,
  }
}

function drawerOf(byKkt: number | null, own: number | null): Drawer | null {
  if (byKkt !== null) return { kopecks: byKkt, countedBy: 'kkt' }
  return own === null ? null : { kopecks: own, countedBy: 'adapter' }
}
