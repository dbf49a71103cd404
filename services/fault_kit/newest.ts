export type Newest<T> = ReturnType<typeof createNewest<T>>

/** A map of the newest keys, up to a bound. Setting an existing key does not refresh its age. */
export function createNewest<T>(bound: number) {
  const kept = new Map<string, T>()
  // One iterator for good: a new one first skips all deleted keys, which takes longer than a whole call.
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
