export type Ring<T> = ReturnType<typeof createRing<T>>

/** The newest added things, up to a bound, and the total ever added. */
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
    /** The thing with this ordinal, from 1; undefined when it is no longer kept or not yet added. */
    at(ordinal: number): T | undefined {
      const i = ordinal - 1 - (total - kept.length)
      return i < 0 || i >= kept.length ? undefined : kept[(oldest + i) % kept.length]
    },
    /** Oldest first. */
    all: (): T[] => [...kept.slice(oldest), ...kept.slice(0, oldest)],

    /** @param ever the total, of which `things` are the newest */
    fill(things: readonly T[], ever: number): void {
      kept = []
      oldest = 0
      for (const thing of things) add(thing)
      total = ever
    },
  }
}
