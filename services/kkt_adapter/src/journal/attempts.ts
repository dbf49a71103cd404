import type { Attempt, Before } from '../domain/attempt.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { TaskId, TaskKind } from '../domain/task.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { taskInWords } from './task_transitions.ts'
import { LostTransition } from './transition.ts'

type AttemptRow = { number: number; fn_number: string; last_fd: number; begun_at_ms: number; told_not_made: 0 | 1 }

/** The askings of a register for receipts and tasks. */
export function createAttempts(db: Database, { wallMs, gathered }: { wallMs: () => number; gathered: Gathered }) {
  const latest = db.prepare<AttemptRow>(
    `SELECT number, fn_number, last_fd, begun_at_ms, told_not_made FROM attempts
     WHERE subject_id = ? ORDER BY number DESC LIMIT 1`,
  )
  const insert = db.prepare(
    'INSERT INTO attempts (subject_id, number, fn_number, last_fd, begun_at_ms) VALUES (?, ?, ?, ?, ?)',
  )
  const printing = db.prepare<{ receipt_id: ReceiptId }>(
    "SELECT receipt_id FROM sales JOIN states USING (seq) WHERE receipt_id = ? AND status = 'printing'",
  )
  const asked = db.prepare<{ task_id: TaskId; kind: TaskKind }>(
    "SELECT task_id, kind FROM tasks WHERE task_id = ? AND status = 'asked'",
  )

  /** The audit log records also what leaves the status as it is. */
  function note(id: ReceiptId | TaskId, atMs: number, detail: string): void {
    const receipt = printing.get(id)
    if (receipt) {
      const [receiptId, status] = [receipt.receipt_id, 'printing']
      gathered.note({ atMs, kind: 'receipt', receiptId, from: status, to: status, detail, who: null })
      return
    }
    const task = asked.get(id)
    if (!task) throw new LostTransition(`${id} is no receipt and no task that is handed over, so the KKT is not asked`)
    const said = taskInWords(task.kind, task.task_id, detail)
    gathered.note({ atMs, kind: 'task', receiptId: null, from: 'asked', to: 'asked', detail: said, who: null })
  }

  return {
    reads: {
      /** The last asking for a receipt or a task; null where the KKT was never asked for it, or is one that needs no record. */
      latestAttempt(id: ReceiptId | TaskId): Attempt | null {
        const row = latest.get(id)
        return row === undefined ? null : attemptOf(row)
      },
    },
    verbs: {
      /**
       * Records that the KKT is about to be asked for a receipt or a task that is handed over.
       * @throws LostTransition when it is not handed over
       */
      beginAttempt(id: ReceiptId | TaskId, { fnNumber, lastFdNumber }: Before): Attempt {
        const [number, begunAtMs] = [(latest.get(id)?.number ?? 0) + 1, wallMs()]
        note(id, begunAtMs, `attempt ${number}, when the last document of FN ${fnNumber} was FD ${lastFdNumber}`)
        insert.run(id, number, fnNumber, lastFdNumber, begunAtMs)
        return { number, fnNumber, lastFdNumber, begunAtMs, isToldNotMade: false }
      },
    },
  }
}

const attemptOf = ({ number, fn_number, last_fd, begun_at_ms, told_not_made }: AttemptRow): Attempt => ({
  number,
  fnNumber: fn_number,
  lastFdNumber: last_fd,
  begunAtMs: begun_at_ms,
  isToldNotMade: told_not_made === 1,
})
