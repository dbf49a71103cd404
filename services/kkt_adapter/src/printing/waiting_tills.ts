import type { Clock } from '@kkt/platform/clock.ts'
import { Signal } from '@kkt/platform/signal.ts'
import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import { isUnprinted, type Status } from '../domain/state.ts'
import type { Journal } from '../journal/journal.ts'

/** The interval of looking into the journal for waiting tills: another process may have printed their receipts. */
const LOOK_EVERY_MS = 200

/** When this process handed the receipt to the KKT, and when the KKT answered, by the monotonic clock. */
export type Asked = { handedMs: number; answeredMs: number }

/** The part of a receipt that its till is told. `asked` is left out where another process printed it, or a look-up found it. */
export type PrintState = Pick<Receipt, 'id' | 'status' | 'fiscalDoc' | 'needsPaper' | 'isPaperLost' | 'lastError'> & {
  asked?: Asked
}

/**
 * The receipts that tills still wait for.
 * - `all`: each, until the KKT's outcome is known;
 * - `printing`: only those being printed, because the adapter is stopping;
 * - `none`: no time is left.
 */
type Patience = 'all' | 'printing' | 'none'

const IS_WAITED_FOR: Readonly<Record<Patience, (status: Status) => boolean>> = {
  all: isUnprinted,
  printing: (status) => status === 'printing',
  none: () => false,
}

/** `asleep`: no till waits. `looking`: the next look into the journal is at `nextMs`, by the monotonic clock. */
type Watch = { kind: 'asleep' } | { kind: 'looking'; nextMs: number }

type Waiter = {
  id: ReceiptId
  deadlineMs: number
  resolve: (state: PrintState) => void
  reject: (error: unknown) => void
}

export type WaitingTills = {
  /**
   * Resolves with the receipt when the KKT's outcome is known, or with its current state when `timeoutMs` have passed
   * or work stops.
   * @throws StorageFailure
   */
  wait(id: ReceiptId, timeoutMs: number): Promise<PrintState>
  /**
   * Reports a receipt's state that is on the disk. While its outcome is unclear, tills go on waiting.
   * @param id the id that tills wait for: the receipt may have another one by now
   */
  tell(id: ReceiptId, state: PrintState): void
  /** Reads the states of all receipts with waiting tills from the journal. */
  look(): void
  /** From now on tills wait only for receipts that are being printed. */
  stop(): void
  /** From now on no till waits. */
  letGo(): void
}

/** The tills that wait for their receipts to be printed. */
export function createWaitingTills({ journal, clock }: { journal: Journal; clock: Clock }): WaitingTills {
  const waiting = new Map<ReceiptId, Waiter[]>()
  const sooner = new Signal()
  let watch: Watch = { kind: 'asleep' }
  let patience: Patience = 'all'

  function take(id: ReceiptId): Waiter[] {
    const waiters = waiting.get(id) ?? []
    waiting.delete(id)
    return waiters
  }

  /** The waiters to answer: the outcome is known, their time is up, or tills no longer wait for such receipts. */
  function over(status: Status | null, waiters: Waiter[], nowMs: number): Waiter[] {
    const goesOn = status !== null && IS_WAITED_FOR[patience](status)
    return goesOn ? waiters.filter(({ deadlineMs }) => deadlineMs <= nowMs) : waiters
  }

  /** Answers the waiters of a receipt whose wait is over. */
  function lookUp(id: ReceiptId, waiters: Waiter[], nowMs: number): void {
    const leaving = over(journal.queries.statusOf(id), waiters, nowMs)
    if (leaving.length === 0) return
    const receipt = journal.queries.find(id)
    if (!receipt) throw new Error(`Receipt ${id} was accepted and is not in the journal`)
    const left = waiters.filter((waiter) => !leaving.includes(waiter))
    if (left.length > 0) waiting.set(id, left)
    else waiting.delete(id)
    for (const { resolve } of leaving) resolve(receipt)
  }

  function look(): void {
    const nowMs = clock.monotonicMs()
    for (const [id, waiters] of waiting) {
      try {
        lookUp(id, waiters, nowMs)
      } catch (error) {
        for (const { reject } of take(id)) reject(error)
      }
    }
  }

  /** Looks from time to time, as long as a till waits. */
  async function keepLooking(): Promise<void> {
    while (waiting.size > 0) {
      const nowMs = clock.monotonicMs()
      const deadlinesMs = [...waiting.values()].flat().map(({ deadlineMs }) => deadlineMs)
      const nextMs = Math.min(nowMs + LOOK_EVERY_MS, ...deadlinesMs)
      watch = { kind: 'looking', nextMs }
      await sooner.wait(Math.max(0, nextMs - nowMs), clock)
      look()
    }
    watch = { kind: 'asleep' }
  }

  return {
    wait: (id, timeoutMs) =>
      new Promise((resolve, reject) => {
        const waiter = { id, deadlineMs: clock.monotonicMs() + timeoutMs, resolve, reject }
        waiting.set(id, [...(waiting.get(id) ?? []), waiter])
        if (watch.kind === 'asleep') void keepLooking()
        else if (waiter.deadlineMs < watch.nextMs) sooner.notify()
        if (patience !== 'all') look()
      }),
    tell(id, state) {
      if (isUnprinted(state.status)) return
      for (const { resolve } of take(id)) resolve(state)
    },
    look,
    stop() {
      patience = 'printing'
      look()
    },
    letGo() {
      patience = 'none'
      look()
    },
  }
}
