/** A fault that strikes the execution of one task of a cash register. */
export type TaskFault =
  /** The driver reports this error at a step of the task, and no document is made. */
  | { kind: 'error'; code: number; at: 'open' | 'position' | 'close' }
  /** The connection breaks while the document is closed. `isMade`: the FN holds it, and the task ends as recovered; else with 123. */
  | { kind: 'blocked'; code: number; isMade: boolean; ms: number }
  /** The document is made, and does not come out on paper. */
  | { kind: 'not_printed' }
  /** Closing the document fails, and it is closed all the same, but not on paper. */
  | { kind: 'close_fails_but_closed' }
