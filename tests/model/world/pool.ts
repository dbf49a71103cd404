/** The longest that a runtime keeps a connection that nothing goes over. */
const KEPT_MS = 300_000

/** Connections that a process has left open. Each is known by the OFD's power cycles up to its birth: a later one kills it. */
export class Pool {
  #idle: { born: number; sinceMs: number }[] = []

  /** @returns the birth of the connection: of an idle one, dead or not, else of a new one */
  take(powerCycles: number, nowMs: number): number {
    this.#idle = this.#idle.filter(({ sinceMs }) => nowMs - sinceMs < KEPT_MS)
    return this.#idle.pop()?.born ?? powerCycles
  }

  keep(born: number, nowMs: number): void {
    this.#idle.push({ born, sinceMs: nowMs })
  }
}
