import type { Clock } from '@kkt/platform/clock.ts'
import { createPulse } from '@kkt/platform/pulse.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { type DeliveryWay, isStatus, type Status, standing } from '../domain/state.ts'
import type { Committed } from '../journal/group_commit.ts'
import type { Journal } from '../journal/journal.ts'

/** The interval of looking into the journal for waiting clients: another process may have moved their receipts. */
const LOOK_EVERY_MS = 1000
/** With as many readers of the stream, they leave room for tills in the smallest number of connections. */
export const MOST_WAITS = 64

/**
 * The end of a wait.
 * - `reached`: the receipt is or was in the wanted status;
 * - `out_of_reach`: it never comes to that status, or is no longer in the journal;
 * - `timeout`: the time is up;
 * - `left`: the client has left, or has ended its side of the connection and may still listen;
 * - `stopping`: the adapter is stopping.
 */
export type WaitOutcome = 'reached' | 'out_of_reach' | 'timeout' | 'left' | 'stopping'

export type ReceiptWait = { id: ReceiptId; wanted: Status; timeoutMs: number }

type Waiter = { wanted: Status; end: (outcome: WaitOutcome) => void; fail: (error: unknown) => void }

export type ReceiptWaits = {
  /**
   * @param gone aborted when the client has left
   * @returns null when too many wait
   * @throws StorageFailure
   */
  until(wait: ReceiptWait, gone: AbortSignal): Promise<WaitOutcome> | null
  /** From now on nobody waits. */
  stop(): void
  size(): number
}

/** `way`: of delivery. @default 'http' */
type ReceiptWaitsDeps = { journal: Journal; clock: Clock; way?: DeliveryWay }

/** The clients that wait for a receipt to come to a status. Commits wake them. */
export function createReceiptWaits({ journal, clock, way = 'http' }: ReceiptWaitsDeps): ReceiptWaits {
  const waiting = new Map<ReceiptId, Set<Waiter>>()
  let count = 0
  let isStopping = false
  const looks = createPulse({ clock, everyMs: LOOK_EVERY_MS, beat: look })

  function add(id: ReceiptId, waiter: Waiter): void {
    waiting.set(id, (waiting.get(id) ?? new Set()).add(waiter))
    count += 1
    if (count === 1) looks.begin()
  }

  function forget(id: ReceiptId, waiter: Waiter): void {
    const waiters = waiting.get(id)
    waiters?.delete(waiter)
    if (waiters?.size === 0) waiting.delete(id)
    count -= 1
    if (count === 0) looks.end()
  }

  /** Another process may have moved a receipt, and a receipt may have another id by now. */
  function look(): void {
    for (const [id, waiters] of waiting) {
      try {
        const status = journal.queries.statusOf(id)
        for (const waiter of waiters) judge(waiter, status)
      } catch (error) {
        for (const { fail } of waiters) fail(error)
      }
    }
  }

  function judge({ wanted, end }: Waiter, status: Status | null): void {
    const outcome = outcomeAt(way, wanted, status)
    if (outcome !== null) end(outcome)
  }

  function heard({ logged }: Committed): void {
    if (count === 0) return
    for (const { receiptIds, kind, to } of logged) {
      if (kind === 'receipt' && isStatus(to)) for (const waiter of waitersFor(receiptIds)) judge(waiter, to)
    }
  }

  const waitersFor = (ids: readonly ReceiptId[]): Waiter[] => ids.flatMap((id) => [...(waiting.get(id) ?? [])])

  journal.onCommit(heard)

  return {
    until({ id, wanted, timeoutMs }, gone) {
      const known = outcomeAt(way, wanted, journal.queries.statusOf(id))
      if (known !== null) return Promise.resolve(known)
      if (isStopping) return Promise.resolve('stopping')
      if (count >= MOST_WAITS) return null
      const { promise, resolve: end, reject: fail } = Promise.withResolvers<WaitOutcome>()
      const waiter = { wanted, end, fail }
      const over = new AbortController()
      add(id, waiter)
      void clock
        .wait(timeoutMs, AbortSignal.any([gone, over.signal]))
        .then(() => end(gone.aborted ? 'left' : 'timeout'))
      return promise.finally(() => {
        forget(id, waiter)
        over.abort()
      })
    },
    stop() {
      isStopping = true
      for (const waiters of waiting.values()) for (const { end } of waiters) end('stopping')
    },
    size: () => count,
  }
}

/** Null while the wait goes on. A receipt that is no longer in the journal has no status. */
function outcomeAt(way: DeliveryWay, wanted: Status, status: Status | null): WaitOutcome | null {
  switch (status === null ? 'out_of_reach' : standing(wanted, status, way)) {
    case 'been':
      return 'reached'
    case 'out_of_reach':
      return 'out_of_reach'
    case 'ahead':
      return null
  }
}
