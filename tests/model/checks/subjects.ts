import type { ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import type { TaskId } from '@kkt/adapter/src/domain/task.ts'
import { requestUuid } from '@kkt/adapter/src/kkt/atol/requests.ts'

/** More attempts than a history makes for one receipt. */
const MOST_ATTEMPTS = 40
/** Names of requests are made of their subject (UUIDv5), and those of questions are not. */
const VERSION_AT = 14

/** The receipts and tasks that the register's requests are about. */
export class Subjects {
  #of = new Map<string, string>()
  #named = new Set<string>()
  /** The request whose task the register does now, or null. */
  atWork: string | null = null

  /** @param ids of all receipts and tasks that were ever journaled */
  constructor(private readonly ids: () => Iterable<string>) {}

  /** @returns the id of its receipt or task; null for a question, and for a request of nobody's */
  of(uuid: string): string | null {
    if (uuid[VERSION_AT] !== '5') return null
    if (!this.#of.has(uuid)) this.#nameAll()
    return this.#of.get(uuid) ?? null
  }

  #nameAll(): void {
    for (const id of this.ids()) {
      if (this.#named.has(id)) continue
      this.#named.add(id)
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++)
        this.#of.set(requestUuid(id as ReceiptId | TaskId, attempt), id)
    }
  }
}
