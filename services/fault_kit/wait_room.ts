import type { Clock } from '@kkt/platform/clock.ts'

export type WaitOutcome = 'reached' | 'timeout' | 'reset'
export type WaitRoom = ReturnType<typeof createWaitRoom>

/** Where long polls wait for a count to grow. They are woken by `changed`; nothing polls. */
export function createWaitRoom({ clock, count }: { clock: Clock; count: () => number }) {
  const waiters = new Set<{ target: number; end: (outcome: WaitOutcome) => void }>()

  return {
    /** @param gone aborted when nobody listens for the outcome any more */
    async until(target: number, timeoutMs: number, gone: AbortSignal): Promise<WaitOutcome> {
      if (count() >= target) return 'reached'
      const { promise, resolve: end } = Promise.withResolvers<WaitOutcome>()
      const waiter = { target, end }
      const over = new AbortController()
      waiters.add(waiter)
      void clock.wait(timeoutMs, AbortSignal.any([gone, over.signal])).then(() => end('timeout'))
      const outcome = await promise
      waiters.delete(waiter)
      over.abort()
      return outcome
    },

    changed(): void {
      for (const { target, end } of waiters) {
        if (count() >= target) end('reached')
      }
    },

    /** What they wait for is gone: nobody is left hanging. */
    reset(): void {
      for (const { end } of waiters) end('reset')
    },

    size: () => waiters.size,
  }
}
