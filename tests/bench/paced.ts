import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { throwIfInterrupted } from '../harness/stack/interruption.ts'

type Load = {
  /** Resolves when the whole answer is there, and rejects when that is no success. */
  send: () => Promise<void>
  perSecond: number
  /** As many are under way at most: a till that waits for its answer sends nothing meanwhile. */
  connections: number
  seconds: number
  clock?: Pick<Clock, 'monotonicMs'>
}

/**
 * Sends requests at an even pace; what is due while all connections wait goes out as soon as one is free.
 * @returns how long each took from when it was sent, in milliseconds
 * @throws what `send` rejects with
 */
export async function paced({ send, perSecond, connections, seconds, clock = systemClock }: Load): Promise<number[]> {
  const total = Math.ceil(perSecond * seconds)
  const latenciesMs: number[] = []
  const failures: unknown[] = []
  const underWay = new Set<Promise<void>>()

  async function sendOne(): Promise<void> {
    const sentMs = clock.monotonicMs()
    await send()
    latenciesMs.push(clock.monotonicMs() - sentMs)
  }

  const startedMs = clock.monotonicMs()
  for (let sent = 0; sent < total && failures.length === 0; ) {
    throwIfInterrupted()
    const due = Math.min(total, Math.ceil(((clock.monotonicMs() - startedMs) * perSecond) / 1000))
    for (; sent < due && underWay.size < connections; sent++) {
      const one: Promise<void> = sendOne()
        .catch((error) => void failures.push(error))
        .finally(() => underWay.delete(one))
      underWay.add(one)
    }
    // Timers are too coarse for thousands a second.
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
  return latenciesMs
}
