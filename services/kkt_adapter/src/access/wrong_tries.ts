const MOST_WRONG = 10
const WINDOW_MS = 60_000
/** A try takes some 100 bytes. Beyond this many the oldest address is forgotten. */
const MOST_ADDRESSES = 1000

type Tries = { count: number; untilMs: number }

/** Counts the wrong tokens of each address. Right ones are never held up: a whole shop may be behind one address. */
export function createWrongTries({ monotonicMs }: { monotonicMs: () => number }) {
  const byAddress = new Map<string, Tries>()

  function begin(address: string, nowMs: number): Tries {
    const tries = { count: 0, untilMs: nowMs + WINDOW_MS }
    byAddress.delete(address)
    byAddress.set(address, tries)
    const [oldest] = byAddress.keys()
    if (byAddress.size > MOST_ADDRESSES && oldest !== undefined) byAddress.delete(oldest)
    return tries
  }

  return {
    /** Counts one. @returns null, or the time in milliseconds for which the address should wait */
    note(address: string): number | null {
      const nowMs = monotonicMs()
      const known = byAddress.get(address)
      const tries = known && nowMs < known.untilMs ? known : begin(address, nowMs)
      tries.count += 1
      return tries.count > MOST_WRONG ? tries.untilMs - nowMs : null
    },
    size: () => byAddress.size,
  }
}
