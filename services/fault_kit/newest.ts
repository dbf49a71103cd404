export type Newest<T> = ReturnType<typeof createNewest<T>>

/** By name, the newest of what was named, up to a bound. To be named again makes nothing later. */
export function createNewest<T>(bound: number) {
  const kept = new Map<string, T>()
  // One for good: each begun anew would first go past all that has been deleted, which takes longer than a whole call.
  const oldest = kept.keys()

  return {
    get: (name: string): T | undefined => kept.get(name),

    set(name: string, thing: T): void {
      kept.set(name, thing)
      if (kept.size <= bound) return
      const { value } = oldest.next()
      if (value !== undefined) kept.delete(value)
    },

    /** Oldest first. */
    all: (): [string, T][] => [...kept],
  }
}
