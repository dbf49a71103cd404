/** The requests that were in the queue of a register, over all its lives. */
import type { ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import type { TaskId } from '@kkt/adapter/src/domain/task.ts'
import { requestUuid } from '@kkt/adapter/src/kkt/atol/requests.ts'
import { openReadOnly } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import type { RegisterRequest } from '../harness/wire_mock_kkt.ts'

/** An asking of the register, as the journal has it: the receipt or the task, and the ordinal of the asking. */
export type JournaledAttempt = { id: ReceiptId | TaskId; number: number }

type Seen = { receivedAt: string; endedAt: string | null }

export class RequestsSeen {
  readonly #seen = new Map<string, Seen>()

  /** @param newest the register's newest requests */
  note(newest: readonly Pick<RegisterRequest, 'uuid' | 'received_at' | 'ended_at'>[]): void {
    for (const { uuid, received_at: receivedAt, ended_at: endedAt } of newest) {
      // Where results were deleted, the same request may come again.
      const first = this.#seen.get(uuid)
      this.#seen.set(uuid, { receivedAt: first?.receivedAt ?? receivedAt, endedAt })
    }
  }

  /**
   * Two askings for one receipt may not be under way at once: each may make a document. An asking whose end nobody saw was lost
   * with its queue, or with its result.
   * @returns a line for each that began before the one before it had ended
   */
  overlaps(attempts: readonly JournaledAttempt[]): string[] {
    return attempts.flatMap(({ id, number }) => {
      const [before, next] = [number - 1, number].map((one) => this.#seen.get(requestUuid(id, one)))
      if (!before || !next || before.endedAt === null || before.endedAt <= next.receivedAt) return []
      return [
        `the register was asked for ${id} a second time or later at ${next.receivedAt}, and the time before ended at ${before.endedAt}`,
      ]
    })
  }
}

/** The askings in the buffer at `path`, which is opened read-only. */
export function attemptsIn(path: string): JournaledAttempt[] {
  const db = openReadOnly(path)
  try {
    return db.prepare<JournaledAttempt>('SELECT subject_id AS id, number FROM attempts').all()
  } finally {
    db.close()
  }
}
