import type { Fault } from './fault.ts'
import { failureCount } from './faults/failure_count.ts'
import { permanentFailure } from './faults/permanent_failure.ts'
import { refuse } from './faults/refuse.ts'

/** Faults that make sense for any service. Where several would answer a call, the first listed does. */
export const serviceFaults: readonly Fault[] = [permanentFailure, failureCount]

/** Those, and the ones about single receipts. */
export const receiptFaults: readonly Fault[] = [...serviceFaults, refuse]
