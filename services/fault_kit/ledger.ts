import type { z } from 'zod'

/** What a mock has accepted. */
export type Ledger = {
  keptAtMost: number
  /** Of all that was taken, also what is no longer kept. */
  count(): number
  /** What is kept, oldest first, as the control side tells it. */
  list(): readonly Record<string, unknown>[]
  counters(): Record<string, unknown>
  reset(): void
  /** All that is needed to go on elsewhere, as JSON. */
  saved(): unknown
  /** Checks what `saved` has told. */
  savedForm: z.ZodType<Saved>
}

/** A ledger's state that has been checked and is not in force yet. */
export type Saved = {
  /** Puts it in the place of what is there. */
  restore(): void
}
