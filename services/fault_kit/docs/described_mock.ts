import type { OperationEntry } from '@kkt/platform/docs/book.ts'
import type { z } from 'zod'
import type { FaultKit } from '../kit.ts'
import type { callForm } from './answers.ts'

/** Entries of a control side, by method and path below its prefix. */
export type Entries = Record<string, Omit<OperationEntry, 'tag'>>

export type DescribedMock = {
  kit: FaultKit
  /** The control side's path. */
  prefix: string
  /** A call that the mock has seen. */
  call: z.output<typeof callForm>
  /** The body of that call. */
  sent: string
  /** The mock's own counters, and an example of each. */
  counters: { form: z.ZodObject; example: Record<string, unknown> }
  ledger: { form: z.ZodType; example: Record<string, unknown>; filter: Record<string, string> }
  /** The ledger of a mock that has taken nothing, as an export has it. */
  emptyLedger: Record<string, unknown>
}

/** The whole configuration where no fault is on. */
export const NOTHING_SET = { permanent_failure: false, failure_count: 0 }
