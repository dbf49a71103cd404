import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import { createRing } from '@kkt/platform/ring.ts'
import { type Finding, NOTHING_WRONG } from './finding.ts'
import { createNewest } from './newest.ts'
import { CALLS_ROOM, newestThatFit } from './saved.ts'
import { type Answer, emptyWire, MAX_CALLS_WITH_WIRE, type Wire } from './wire.ts'

/** `submit` sends a document; `lookup` asks about one. */
export type Operation = 'submit' | 'lookup'

/** The first task that a call sent, where the mock does tasks. `status`: of all of them, once it is known. */
export type TaskNote = { type: string; status: string | null; fdNumber: number | null }

/** Kept small: the log holds up to `MAX_KEPT_CALLS` of them. */
export type Call = {
  /** The call's ordinal since the reset, from 1. */
  readonly number: number
  readonly atMs: number
  readonly operation: Operation
  receiptId: string | null
  posId: string | null
  kktId: string | null
  /** The ordinal of the submission of this receipt, from 1. For a look-up: the number of submissions so far. */
  attempt: number
  /** The last fault that struck. */
  fault: string | null
  /** True when the mock took something new from this call. */
  effect: boolean
  /** The status that was answered; null when nothing was answered, or nothing yet (`isUnderWay`). */
  status: number | null
  /** True when the whole answer was sent. */
  isReplied: boolean
  /** True until the outcome is known. */
  isUnderWay: boolean
  /** The things that are wrong with the document, as far as it was judged. */
  findings: readonly Finding[]
  task: TaskNote | null
  /** Kept for the newest calls only. */
  wire: Wire | null
}

/** Enough to look back on a test, small enough to keep always. */
export const MAX_KEPT_CALLS = 10_000
/** Attempts are counted for this many receipts, the newest. */
export const MAX_COUNTED_SUBJECTS = 100_000

type Outcomes = { submit: number; lookup: number; byOutcome: Record<string, number>; byFault: Record<string, number> }
/** The number of calls, and the details of those kept. */
export type CallRecords = { total: number; kept: Call[]; attempts: Record<string, number>; outcomes: Outcomes }
export type CallLog = ReturnType<typeof createCallLog>

/** @param onSettled called when the outcome of a call is known */
export function createCallLog({ clock, onSettled }: { clock: Clock; onSettled: (call: Call) => void }) {
  const ring = createRing<Call>(MAX_KEPT_CALLS)
  let attempts = createNewest<number>(MAX_COUNTED_SUBJECTS)
  let outcomes = emptyOutcomes()

  return {
    ring,

    begin(operation: Operation): Call {
      const call: Call = {
        number: ring.total() + 1,
        atMs: clock.wallMs(),
        operation,
        receiptId: null,
        posId: null,
        kktId: null,
        attempt: 0,
        fault: null,
        effect: false,
        status: null,
        isReplied: false,
        isUnderWay: true,
        findings: NOTHING_WRONG,
        task: null,
        wire: emptyWire(),
      }
      ring.add(call)
      const outdated = ring.at(call.number - MAX_CALLS_WITH_WIRE)
      if (outdated) outdated.wire = null
      outcomes[operation] += 1
      return call
    },

    /** @param subject the id that the call is about, such as a receipt's */
    countAttempt(call: Call, subject: string): void {
      const before = attempts.get(subject) ?? 0
      call.attempt = call.operation === 'submit' ? before + 1 : before
      if (call.operation === 'submit') attempts.set(subject, call.attempt)
    },

    countStrike(fault: string): void {
      outcomes.byFault[fault] = (outcomes.byFault[fault] ?? 0) + 1
    },

    /** Records the outcome: answered in full, in part with a status, or not at all. */
    settle(call: Call, status: number | null, isReplied: boolean, answer: Answer | null): void {
      if (call.wire) call.wire.answered = answer
      call.status = status
      call.isReplied = isReplied
      call.isUnderWay = false
      const outcome = isReplied ? String(status) : status === null ? 'none' : 'cut'
      outcomes.byOutcome[outcome] = (outcomes.byOutcome[outcome] ?? 0) + 1
      onSettled(call)
    },

    counters: () => ({
      calls: ring.total(),
      submits: outcomes.submit,
      lookups: outcomes.lookup,
      by_outcome: outcomes.byOutcome,
      by_fault: outcomes.byFault,
    }),

    saved: () => ({
      total: ring.total(),
      kept: newestThatFit(ring.all(), CALLS_ROOM, shownCall),
      attempts: Object.fromEntries(newestThatFit(attempts.all(), CALLS_ROOM, (counted) => counted)),
      outcomes,
    }),

    restore(saved: CallRecords): void {
      ring.fill(saved.kept, saved.total)
      attempts = createNewest(MAX_COUNTED_SUBJECTS)
      for (const [subject, count] of Object.entries(saved.attempts)) attempts.set(subject, count)
      outcomes = saved.outcomes
    },

    reset(): void {
      ring.fill([], 0)
      attempts = createNewest(MAX_COUNTED_SUBJECTS)
      outcomes = emptyOutcomes()
    },
  }
}

const emptyOutcomes = (): Outcomes => ({ submit: 0, lookup: 0, byOutcome: {}, byFault: {} })

type ShownTask = { task?: { type: string; status: string | null; fd_number: number | null } | undefined }

const shownTask = ({ task }: Call): ShownTask =>
  task ? { task: { type: task.type, status: task.status, fd_number: task.fdNumber } } : {}

/** A call in the form in which the control side shows it. */
export const shownCall = (call: Call) => ({
  number: call.number,
  time: isoOrNull(call.atMs),
  operation: call.operation,
  receipt_id: call.receiptId,
  pos_id: call.posId,
  kkt_id: call.kktId,
  attempt: call.attempt,
  fault: call.fault,
  effect: call.effect,
  reply_sent: call.isReplied,
  status: call.status,
  under_way: call.isUnderWay,
  findings: call.findings,
  ...shownTask(call),
})
