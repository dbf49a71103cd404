/** An invariant that did not hold. */
export type Violation = { invariant: string; what: string }

/** The violations and counts of one history. */
export class Findings {
  readonly violations: Violation[] = []
  readonly counts = new Map<string, number>()
  /** The events of the history in words, or null where nobody will read them. */
  readonly story: string[] | null

  constructor(
    tellsStory: boolean,
    private readonly nowMs: () => number,
  ) {
    this.story = tellsStory ? [] : null
  }

  violated(invariant: string, what: string): void {
    this.violations.push({ invariant, what })
    this.tell(`VIOLATED, ${invariant}: ${what}`)
  }

  /** @param group the part of the table in which it is counted */
  count(group: string, what: string, times = 1): void {
    const name = `${group}\t${what}`
    this.counts.set(name, (this.counts.get(name) ?? 0) + times)
  }

  /** Adds the counts of another history. */
  add(other: Findings): void {
    for (const [name, times] of other.counts) this.counts.set(name, (this.counts.get(name) ?? 0) + times)
  }

  tell(what: string): void {
    this.story?.push(`${(this.nowMs() / 1000).toFixed(3).padStart(9)} s  ${what}`)
  }
}
