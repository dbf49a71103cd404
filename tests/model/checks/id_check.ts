import type { Findings } from './findings.ts'

/** A clock that is further ahead is taken to be wrong. */
const DAY_MS = 86_400_000

/** Invariant 8: receipt ids only grow, whatever the wall clock does, and are not older than a time that the OFD has told. */
export class IdCheck {
  #lastId = ''
  #toldMs = 0

  constructor(private readonly deps: { findings: Findings; wallMs: () => number }) {}

  /** Checks the id of each accepted receipt, in the order of acceptance. */
  accepted(id: string, key: string): void {
    const { findings } = this.deps
    if (id <= this.#lastId) {
      findings.violated('invariant 8', `${key} has an id that sorts before the one accepted before it`)
    }
    if (Number.parseInt(id.replace('-', '').slice(0, 12), 16) < this.#toldMs) {
      findings.violated('invariant 8', `${key} has an id from before the time that the OFD had told`)
    }
    this.#lastId = id
  }

  /** @param atMs the OFD's time. It counts where it is ahead by a day at most. */
  told(atMs: number): void {
    const aheadMs = atMs - this.deps.wallMs()
    if (aheadMs > 0 && aheadMs <= DAY_MS) this.#toldMs = Math.max(this.#toldMs, atMs)
  }
}
