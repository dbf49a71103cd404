/** The longest time that a runtime keeps an idle connection. */
const KEPT_MS = 300_000

/** A process's open connections. Each notes the OFD's power cycles at its birth: a later power cycle kills it. */
export class Pool {
  #idle: { born: number; sinceMs: number }[] = []

  /** @returns the birth of an idle connection, dead or not, else of a new one */
  take(powerCycles: number, nowMs: number): number {
    this.#idle = this.#idle.filter(({ sinceMs }) => nowMs - sinceMs < KEPT_MS)
    return this.#idle.pop()?.born ?? powerCycles
  }

  keep(born: number, nowMs: number): void {
    this.#idle.push({ born, sinceMs: nowMs })
  }
}
