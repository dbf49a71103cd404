import type { URLSearchParams } from 'node:url'
import type { TaskFault } from '@kkt/fault-kit/task_fault.ts'

export type { TaskFault }

/** A driver's error: its number, and its words in Russian as the driver says them. */
export type TaskError = { code: number; description: string }

/** A blocked task, as it is kept until the register answers again. */
export type Blocked = {
  /** The number that the document would have. */
  expectedFd: number
  fnNumber: string
  /** Of the connection: 2, or of the FN, or of the paper. */
  reason: 'connectionError' | 'fnError' | 'paperError'
  error: TaskError
  ms: number
}

export type TaskEnd =
  | { status: 'ready'; result: object | null; warnings: object | null }
  | { status: 'error'; error: TaskError }
  | { status: 'blocked'; blocked: Blocked }

export type QueryAnswer = { kind: 'told'; body: object } | { kind: 'failed'; error: TaskError }

/** The register's driver: it checks and does tasks. It acts at once; the time passes in the queue. */
export type Executor = {
  /** The error of a task that is no task of the driver: 501 with the path of the field. Null: it may be run. */
  check(task: unknown): TaskError | null
  run(task: unknown, given: { uuid: string; fault: TaskFault | null; blocksOnPrintErrors: boolean }): TaskEnd
  /** The end of a blocked task, once the register answers again. */
  settle(task: unknown, blocked: Blocked): TaskEnd
  /** A query beside the queue, by the name in its route without `query`: `ShiftStatus`. Undefined: there is no such query. */
  query(name: string, parameters: URLSearchParams): QueryAnswer | undefined
  /** The document that the task would make, noted before it runs: after a crash the FN is asked for it. Null: it makes none. */
  expects(task: unknown): Pick<Blocked, 'expectedFd' | 'fnNumber'> | null
  /**
   * So long the task takes, by its type: a Z report longer than a receipt.
   * @param draw chance, from 0 to below 1: the same draw gives the same time
   */
  takesMs(task: unknown, draw: number): number
}
