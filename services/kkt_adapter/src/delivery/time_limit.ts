import type { Clock } from '@kkt/platform/clock.ts'

export class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}

export type TimeLimit = {
  /** Runs a work that ends early when its signal is aborted, with `OutOfTime` as the reason when the time is up. */
  within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Cuts off all current and future work. */
  abort(): void
}

/**
 * Gives each work the same time. Works reach their limits in the order in which they began, so one timer serves them
 * all: a timer each would be a large part of the cost of sending a receipt. After the limit was lowered, a work may end
 * as late as one that began before it.
 */
export function createTimeLimit(deps: { clock: Clock; readonly limitMs: number }): TimeLimit {
  const { clock } = deps
  /** The time limit of each work in that order, by the monotonic clock. */
  const underWay = new Map<AbortController, number>()
  let allDone = new AbortController()
  let isAborted = false

  async function watch(done: AbortSignal): Promise<void> {
    for (const [one, endMs] of underWay) {
      const leftMs = endMs - clock.monotonicMs()
      if (leftMs > 0) await clock.wait(leftMs, done)
      if (done.aborted) return
      if (underWay.delete(one)) one.abort(new OutOfTime())
    }
  }

  function begin(one: AbortController): void {
    if (isAborted) one.abort()
    underWay.set(one, clock.monotonicMs() + deps.limitMs)
    if (underWay.size > 1) return
    allDone = new AbortController()
    void watch(allDone.signal)
  }

  function end(one: AbortController): void {
    underWay.delete(one)
    if (underWay.size === 0) allDone.abort()
  }

  return {
    async within(work) {
      const one = new AbortController()
      begin(one)
      try {
        return await work(one.signal)
      } finally {
        end(one)
      }
    },
    abort() {
      isAborted = true
      for (const one of underWay.keys()) one.abort()
    },
  }
}
