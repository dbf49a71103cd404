/** An invariant of DESIGN that did not hold. */
export type Violation = { invariant: string; what: string }

/** What the checks of one history have found and counted. */
export class Findings {
  readonly violations: Violation[] = []
  readonly counts = new Map<string, number>()
  /** What happened, in words, where somebody wants to read it. */
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

  /** @param group the part of the table that it belongs to */
  count(group: string, what: string, times = 1): void {
    const name = `${group}\t${what}`
    this.counts.set(name, (this.counts.get(name) ?? 0) + times)
  }

  /** Takes over what another one has counted. */
  add(other: Findings): void {
    for (const [name, times] of other.counts) this.counts.set(name, (this.counts.get(name) ?? 0) + times)
  }

  tell(what: string): void {
    this.story?.push(`${(this.nowMs() / 1000).toFixed(3).padStart(9)} s  ${what}`)
  }
}
