import type { FencingToken } from '../domain/fencing_token.ts'
import type { Order } from '../journal/group_commit.ts'

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
   * @param order among the works of one turn
   * @throws LeaseLost, StorageFailure, or what `work` throws; then nothing of it is stored
   */
  write<T>(work: () => T, since: FencingToken, order?: Order): Promise<T>
}

/** Another process has taken the lease. What was under way is its to settle, by asking. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  constructor() {
    super('Another process has taken the lease')
  }
}
