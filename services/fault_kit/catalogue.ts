import type { Fault } from './fault.ts'
import { deduplicate } from './faults/deduplicate.ts'
import { effectDelay } from './faults/effect_delay.ts'
import { effectThenCut } from './faults/effect_then_cut.ts'
import { effectThenError } from './faults/effect_then_error.ts'
import { effectThenSilence } from './faults/effect_then_silence.ts'
import { failureCount } from './faults/failure_count.ts'
import { permanentFailure } from './faults/permanent_failure.ts'
import { refuse } from './faults/refuse.ts'

/** Faults that make sense for any service. Where several would end a call, the first listed does. */
export const serviceFaults: readonly Fault[] = [permanentFailure, failureCount]

/** Those, and the ones about single receipts. */
export const receiptFaults: readonly Fault[] = [
  ...serviceFaults,
  refuse,
  effectDelay,
  deduplicate,
  effectThenSilence,
  effectThenCut,
  effectThenError,
]
