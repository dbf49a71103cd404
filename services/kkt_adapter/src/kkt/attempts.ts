import type { Attempt, Before } from '../domain/attempt.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { TaskId } from '../domain/task.ts'

/** Where a driver journals its attempts. */
export type Attempts = {
  /** The last attempt; null where the register was never asked for it. @throws StorageFailure */
  latest(id: ReceiptId | TaskId): Attempt | null
  /** Journals the next attempt. @throws LeaseLost when another process drives the register by now, StorageFailure */
  begin(id: ReceiptId | TaskId, before: Before, token: FencingToken): Promise<Attempt>
}

export type { Attempt, Before }
