/** Points within work that cannot be interrupted: the process can only die there. */
export const MORTAL_POINTS = ['journal_statement', 'journal_commit', 'kkt_statement', 'kkt_commit'] as const
/** Points where a process hands something over or gets something back: it can die or be paused there. */
export const RESTING_POINTS = [
  'commit_due',
  'committed',
  'kkt_asked',
  'kkt_answered',
  'ofd_asked',
  'ofd_answered',
] as const
export type MortalPoint = (typeof MORTAL_POINTS)[number]
export type RestingPoint = (typeof RESTING_POINTS)[number]

export type Strike =
  | { deed: 'crash'; point: MortalPoint; side: 'before' | 'after'; nth: number }
  | { deed: 'crash'; point: RestingPoint; nth: number }
  | { deed: 'pause'; point: RestingPoint; nth: number; ms: number }
  /** Resumes the other nodes at that moment. */
  | { deed: 'wake_others'; point: RestingPoint; nth: number }

/** Strikes that wait for a process, or its successor, to reach a point for the n-th time from now. */
export class Strikes {
  #armed: { strike: Strike; left: number }[] = []

  arm(strike: Strike): void {
    this.#armed.push({ strike, left: strike.nth })
  }

  disarm(): void {
    this.#armed = []
  }

  /** @returns the strike to carry out now */
  reached(point: MortalPoint | RestingPoint, side?: 'before' | 'after'): Strike | undefined {
    const here = this.#armed.filter(
      ({ strike }) => strike.point === point && ('side' in strike ? strike.side : undefined) === side,
    )
    for (const armed of here) armed.left -= 1
    const struck = here.find(({ left }) => left <= 0)
    if (struck) this.#armed = this.#armed.filter((armed) => armed !== struck)
    return struck?.strike
  }
}
