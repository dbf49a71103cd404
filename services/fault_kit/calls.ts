import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import { createNewest } from './newest.ts'
import { createRing } from './ring.ts'
import { CALLS_ROOM, newestThatFit } from './saved.ts'
import { type Answer, emptyWire, MAX_CALLS_WITH_WIRE, type Wire } from './wire.ts'

/** `submit` brings something to be taken, `lookup` asks after it. */
export type Operation = 'submit' | 'lookup'

/** Small, for the newest of them are kept. */
export type Call = {
  /** The how manieth it is since the reset. */
  readonly number: number
  readonly atMs: number
  readonly operation: Operation
  receiptId: string | null
  posId: string | null
  kktId: string | null
  /** The how manieth submission of this receipt it is; for a look-up, how many there were. */
  attempt: number
  /** The last that struck. */
  fault: string | null
  /** It brought something new, and that was taken. */
  effect: boolean
  /** What was answered; null when nothing was, or not yet: see `isUnderWay`. */
  status: number | null
  /** The whole answer was sent. */
  isReplied: boolean
  /** What becomes of it is not known yet. */
  isUnderWay: boolean
  /** Kept for the newest. */
  wire: Wire | null
}

/** Enough to look back on a test, and few enough to be always kept. */
export const MAX_KEPT_CALLS = 10_000
/** Attempts are counted of so many receipts, the latest. */
export const MAX_COUNTED_SUBJECTS = 100_000

type Outcomes = { submit: number; lookup: number; byOutcome: Record<string, number>; byFault: Record<string, number> }
/** How many calls there were, and what is known of them. */
export type Standing = { total: number; kept: Call[]; attempts: Record<string, number>; outcomes: Outcomes }
export type CallLog = ReturnType<typeof createCallLog>

/** @param onSettled called when it is known what becomes of a call */
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
        wire: emptyWire(),
      }
      ring.add(call)
      const outdated = ring.at(call.number - MAX_CALLS_WITH_WIRE)
      if (outdated) outdated.wire = null
      outcomes[operation] += 1
      return call
    },

    /** @param subject what the call is about: a receipt's id */
    countAttempt(call: Call, subject: string): void {
      const before = attempts.get(subject) ?? 0
      call.attempt = call.operation === 'submit' ? before + 1 : before
      if (call.operation === 'submit') attempts.set(subject, call.attempt)
    },

    countStrike(fault: string): void {
      outcomes.byFault[fault] = (outcomes.byFault[fault] ?? 0) + 1
    },

    /** What becomes of it: answered in full, in part with a status, or not at all. */
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

    restore(saved: Standing): void {
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

/** As the control side tells it. */
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
})
