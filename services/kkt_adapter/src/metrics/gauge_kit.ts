export type Settable = { set: (value: number) => void; remove: () => void }

/** A value that is not known now is left out of the answer, because the last one may be long out of date. */
export function show(gauge: Settable, value: number | null): void {
  if (value === null) gauge.remove()
  else gauge.set(value)
}

/** Shows one of several states: it has 1, each other 0, and null all 0. */
export function choose<State extends string>(
  gauge: { labels: (state: string) => Pick<Settable, 'set'> },
  states: readonly State[],
  now: State | null,
): void {
  for (const state of states) gauge.labels(state.toLowerCase()).set(state === now ? 1 : 0)
}
