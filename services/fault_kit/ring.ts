export type Ring<T> = ReturnType<typeof createRing<T>>

/** The newest of what is added, up to a bound, and how many there ever were. */
export function createRing<T>(bound: number) {
  let kept: T[] = []
  let oldest = 0
  let total = 0

  function add(thing: T): void {
    total += 1
    if (kept.length < bound) {
      kept.push(thing)
      return
    }
    kept[oldest] = thing
    oldest = (oldest + 1) % bound
  }

  return {
    bound,
    add,
    total: () => total,
    /** The one with this ordinal, from 1; undefined where it is no longer kept, or has not come yet. */
    at(ordinal: number): T | undefined {
      const i = ordinal - 1 - (total - kept.length)
      return i < 0 || i >= kept.length ? undefined : kept[(oldest + i) % kept.length]
    },
    /** Oldest first. */
    all: (): T[] => [...kept.slice(oldest), ...kept.slice(0, oldest)],

    /** @param ever how many there were, of which these are the newest */
    fill(things: readonly T[], ever: number): void {
      kept = []
      oldest = 0
      for (const thing of things) add(thing)
      total = ever
    },
  }
}
