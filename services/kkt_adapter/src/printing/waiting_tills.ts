import type { Clock } from '@kkt/platform/clock.ts'
import { Signal } from '@kkt/platform/signal.ts'
import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import { isUnprinted, type Status } from '../domain/state.ts'
import type { Journal } from '../journal/journal.ts'

/** How often the journal is looked at for whoever waits: another process may have printed what is waited for. */
const LOOK_EVERY_MS = 200

/** What a till is told of a receipt. */
export type PrintState = Pick<Receipt, 'id' | 'status' | 'fiscalDoc' | 'needsPaper' | 'lastError'>

type Waiter = {
  id: ReceiptId
  deadlineMs: number
  resolve: (state: PrintState) => void
  reject: (error: unknown) => void
}

export type WaitingTills = {
  /**
   * Resolves with the receipt when the KKT's outcome is known, or as it is when `timeoutMs` have passed or work stops.
   * @throws StorageFailure
   */
  wait(id: ReceiptId, timeoutMs: number): Promise<PrintState>
  /**
   * Says what has become of a receipt, and is on the disk. While that is unclear, tills go on waiting.
   * @param id under which tills wait: the receipt may have another one by now
   */
  tell(id: ReceiptId, state: PrintState): void
  /** Looks up in the journal what has become of all that are waited for. */
  look(): void
  /** From now on only what is under the print head is worth waiting for. */
  stop(): void
  /** From now on nothing is: there is no time left. */
  letGo(): void
}

/** The tills that wait for their receipts to be printed. */
export function createWaitingTills({ journal, clock }: { journal: Journal; clock: Clock }): WaitingTills {
  const waiting = new Map<ReceiptId, Waiter[]>()
  const sooner = new Signal()
  let nextLookMs = Number.POSITIVE_INFINITY
  /** What a till still waits for. */
  let worth: 'all' | 'printing' | 'nothing' = 'all'

  function take(id: ReceiptId): Waiter[] {
    const waiters = waiting.get(id) ?? []
    waiting.delete(id)
    return waiters
  }

  const goesOn = (status: Status | null): boolean =>
    status !== null && isUnprinted(status) && (worth === 'all' || worth === status)

  function lookUp(id: ReceiptId, waiters: Waiter[], nowMs: number): void {
    const status = journal.queries.statusOf(id)
    const [over, left] = goesOn(status)
      ? [
          waiters.filter(({ deadlineMs }) => deadlineMs <= nowMs),
          waiters.filter(({ deadlineMs }) => deadlineMs > nowMs),
        ]
      : [waiters, []]
    if (over.length === 0) return
    const receipt = journal.queries.find(id)
    if (!receipt) throw new Error(`Receipt ${id} was accepted and is not in the journal`)
    if (left.length > 0) waiting.set(id, left)
    else waiting.delete(id)
    for (const { resolve } of over) resolve(receipt)
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

  /** Looks now and then, as long as somebody waits. */
  async function keepLooking(): Promise<void> {
    while (waiting.size > 0) {
      const nowMs = clock.monotonicMs()
      nextLookMs = nowMs + LOOK_EVERY_MS
      for (const { deadlineMs } of [...waiting.values()].flat()) nextLookMs = Math.min(nextLookMs, deadlineMs)
      await sooner.wait(Math.max(0, nextLookMs - nowMs), clock)
      look()
    }
    nextLookMs = Number.POSITIVE_INFINITY
  }

  return {
    wait: (id, timeoutMs) =>
      new Promise((resolve, reject) => {
        const waiter = { id, deadlineMs: clock.monotonicMs() + timeoutMs, resolve, reject }
        const isFirst = nextLookMs === Number.POSITIVE_INFINITY
        waiting.set(id, [...(waiting.get(id) ?? []), waiter])
        if (isFirst) void keepLooking()
        else if (waiter.deadlineMs < nextLookMs) sooner.notify()
        if (worth !== 'all') look()
      }),
    tell(id, state) {
      if (isUnprinted(state.status)) return
      for (const { resolve } of take(id)) resolve(state)
    },
    look,
    stop() {
      worth = 'printing'
      look()
    },
    letGo() {
      worth = 'nothing'
      look()
    },
  }
}
