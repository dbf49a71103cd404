import type { Clock } from '@kkt/platform/clock.ts'

export type WaitOutcome = 'reached' | 'timeout' | 'reset'
export type WaitRoom = ReturnType<typeof createWaitRoom>

/** Long polls wait here. `changed` wakes them; there is no polling. */
export function createWaitRoom(clock: Clock) {
  const waiters = new Set<{ isReached: () => boolean; end: (outcome: WaitOutcome) => void }>()

  return {
    /** @param gone aborted when the client has left */
    async until(isReached: () => boolean, timeoutMs: number, gone: AbortSignal): Promise<WaitOutcome> {
      if (isReached()) return 'reached'
      const { promise, resolve: end } = Promise.withResolvers<WaitOutcome>()
      const waiter = { isReached, end }
      const over = new AbortController()
      waiters.add(waiter)
      void clock.wait(timeoutMs, AbortSignal.any([gone, over.signal])).then(() => end('timeout'))
      const outcome = await promise
      waiters.delete(waiter)
      over.abort()
      return outcome
    },

    changed(): void {
      for (const { isReached, end } of waiters) {
        if (isReached()) end('reached')
      }
    },

    /** Ends every wait, because its goal is gone. */
    reset(): void {
      for (const { end } of waiters) end('reset')
    },

    size: () => waiters.size,
  }
}
