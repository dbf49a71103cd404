import type { Blocked, TaskError } from '../executor.ts'

/** The document that a task would make. */
export type Expected = Pick<Blocked, 'expectedFd' | 'fnNumber'>

/**
 * A task, from its arrival to its end.
 * - `inProgress`: `expected` is the document to look for if the service dies meanwhile; null where it makes none;
 * - `blocked`: it is unknown whether the document was made, and the queue stands still;
 * - `interrupted`: a task before it in its request has failed;
 * - `canceled`: its request was deleted before it began.
 */
export type TaskState =
  | { kind: 'wait' | 'interrupted' | 'canceled' }
  | { kind: 'inProgress'; expected: Expected | null }
  | { kind: 'blocked'; blocked: Blocked }
  | { kind: 'ready'; result: object | null; warnings: object | null }
  | { kind: 'error'; error: TaskError }

const NO_ERROR: TaskError = { code: 0, description: 'Ошибок нет' }
const BY_EARLIER: TaskError = { code: 502, description: 'Выполнение прервано из-за ошибки предыдущего задания' }

export type ShownTask = { status: TaskState['kind']; error: TaskError | null; result: object | null; warnings?: object }

/** A task as a look-up answers it. */
export function shownTask(state: TaskState): ShownTask {
  const { kind: status } = state
  switch (state.kind) {
    case 'ready': {
      const { result, warnings } = state
      return { status, error: NO_ERROR, result, ...(warnings && { warnings }) }
    }
    case 'error':
      return { status, error: state.error, result: null }
    case 'blocked':
      return { status, error: state.blocked.error, result: null }
    case 'interrupted':
      return { status, error: BY_EARLIER, result: null }
    case 'wait':
    case 'inProgress':
    case 'canceled':
      return { status, error: null, result: null }
  }
}

const ENDS: readonly TaskState['kind'][] = ['ready', 'error', 'interrupted', 'canceled']

export const isEnded = ({ kind }: TaskState): boolean => ENDS.includes(kind)

/** The status of a whole request: of the task that failed or is at work, or else of the last one. */
export function statusOf(states: readonly TaskState[]): TaskState['kind'] {
  const telling = states.find(({ kind }) => kind !== 'ready') ?? states.at(-1)
  return telling?.kind ?? 'wait'
}
