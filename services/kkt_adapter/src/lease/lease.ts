import type { FencingToken } from '../domain/fencing_token.ts'
import type { Tx } from '../journal/journal.ts'

/** The right to act for a KKT. One process holds it at a time. */
export type Lease = {
  /**
   * The token, or null when this process may not act. Ask right before acting: a process that was paused learns only
   * here that its lease has ended.
   * @param since the token with which the current work began: null too when the lease was lost in between and is held
   * again
   */
  token(since?: FencingToken): FencingToken | null
  /**
   * Journals the holder's work. A process that lost the lease writes nothing. A process that lost it and has it again
   * writes nothing of its earlier work, because others may have changed the rows in between.
   * @param since the token with which the work began
   * @throws LeaseLost, StorageFailure, or the error of `work`; then nothing is stored
   */
  write<T>(work: (tx: Tx) => T, since: FencingToken): Promise<T>
  /** Writes behind all other works of the same commit, as the journal's `takeUp` does. */
  takeUp<T>(work: (tx: Tx) => T, since: FencingToken): Promise<T>
}

/** Another process has taken the lease. It settles this process's unfinished work, by look-ups. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  constructor() {
    super('Another process has taken the lease')
  }
}
