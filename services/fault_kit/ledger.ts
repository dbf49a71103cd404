import type { z } from 'zod'

/** The documents that a mock has accepted. */
export type Ledger = {
  keptAtMost: number
  /** The number of the counted documents that were taken, including those no longer kept. */
  count(): number
  /** Whether a document of this id, if it is taken, is one of those that are counted. */
  counts(receiptId: string | null): boolean
  /** The kept ones of them, oldest first, as the control side shows them. */
  list(): readonly Record<string, unknown>[]
  counters(): Record<string, unknown>
  reset(): void
  /** All data needed to continue in another process, as JSON. */
  saved(): unknown
  /** Checks the output of `saved`. */
  savedForm: z.ZodType<Saved>
}

/** A ledger's state that has been checked but is not in force yet. */
export type Saved = {
  restore(): void
}
