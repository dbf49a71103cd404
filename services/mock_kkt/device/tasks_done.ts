import type { TaskId, TaskKind, TaskResult } from '@kkt/adapter/src/domain/task.ts'
import { makesDocument } from '@kkt/adapter/src/domain/task.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import type { Device } from './fiscal_memory.ts'

/** A task as the device remembers it. `number`: the order in which they were done, from 1. */
export type DoneTask = {
  number: number
  taskId: string
  kind: TaskKind
  /** The shift in which it counts, by `countsIn`. */
  shiftNumber: number
  /** Of cash. 0 for other tasks. */
  amountKopecks: number
  fdNumber: number | null
}
type DoneRow = {
  number: number
  task_id: string
  kind: TaskKind
  shift_number: number
  amount_kopecks: number
  fd_number: number | null
}
type ResultRow = { fn_number: string; kind: TaskKind; result: string }

/** The shift in which a task counts. Cash that is moved while none is open counts in the next one. */
export const countsIn = ({ shift }: Pick<Device, 'shift'>): number =>
  shift.kind === 'open' ? shift.shiftNumber : shift.shiftNumber + 1

/** The device's memory of its tasks. It is not in the FN, and outlives that. */
export function createTasksDone(db: Database) {
  const insert = db.prepare(
    `INSERT INTO tasks (task_id, kind, fn_number, shift_number, amount_kopecks, result, fd_number)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const byId = db.prepare<ResultRow>(
    'SELECT fn_number, kind, result FROM tasks WHERE task_id = ? ORDER BY number LIMIT 1',
  )
  const page = db.prepare<DoneRow>(
    `SELECT number, task_id, kind, shift_number, amount_kopecks, fd_number FROM tasks
     WHERE number > ? ORDER BY number LIMIT ?`,
  )
  return {
    /** Call it inside a transaction. */
    append(done: Omit<DoneTask, 'number' | 'fdNumber'>, fnNumber: string, result: TaskResult): void {
      const { taskId, kind, shiftNumber, amountKopecks } = done
      const kept = JSON.stringify(result)
      insert.run(taskId, kind, fnNumber, shiftNumber, amountKopecks, kept, result.doc?.fdNumber ?? null)
    },
    /** The result of a task; null where it was not done, or where an FN that was replaced holds its document. */
    find(id: TaskId, fnNumber: string): TaskResult | null {
      const row = byId.get(id)
      if (!row || (makesDocument(row.kind) && row.fn_number !== fnNumber)) return null
      return JSON.parse(row.result)
    },
    list: (after: number, limit: number): DoneTask[] =>
      page.all(after, limit).map((row) => ({
        number: row.number,
        taskId: row.task_id,
        kind: row.kind,
        shiftNumber: row.shift_number,
        amountKopecks: row.amount_kopecks,
        fdNumber: row.fd_number,
      })),
  }
}
