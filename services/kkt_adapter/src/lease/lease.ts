import type { FencingToken } from '../domain/fencing_token.ts'
import type { Tx } from '../journal/journal.ts'

/** The right to act for a KKT. One process holds it at a time. */
export type Lease = {
  /**
   * The token to act with while this process may, else null. Ask right before acting: a process that was paused learns
   * here that its time is over.
   * @param since the token with which it was begun what the act is part of: null too when the lease was lost in between,
   *   though it is held again
   */
  token(since?: FencingToken): FencingToken | null
  /**
   * Journals what the holder has to say. A process that was overtaken writes nothing, and one that has the lease again
   * nothing of what it began before: others had the rows in between.
   * @param since the token with which it was begun
   * @throws LeaseLost, StorageFailure, or what `work` throws; then nothing of it is stored
   */
  write<T>(work: (tx: Tx) => T, since: FencingToken): Promise<T>
  /** The same behind every other work of its turn, as the journal's `takeUp`. */
  takeUp<T>(work: (tx: Tx) => T, since: FencingToken): Promise<T>
}

/** Another process has taken the lease. What was under way is its to settle, by asking. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  constructor() {
    super('Another process has taken the lease')
  }
}
