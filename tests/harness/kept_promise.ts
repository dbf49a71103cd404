/** A promised duration, held on a machine that others use, too. */

/** A busy machine makes a try slow now and then. A real fault makes each of them slow. */
const TRIES = 3

type Durations<Name extends string> = Readonly<Record<Name, number>>

/**
 * Tries until each promise was kept by one of the tries. All else that the attempt expects must hold in each try.
 * @param promisedMs each promise: its name completes the sentence "no try kept …"
 * @param attempt does the work once, with nothing left from the tries before, and measures it. It gets its ordinal, from 1.
 * @returns a line with all durations for each promise that no try kept
 */
export async function brokenPromises<Name extends string>(
  promisedMs: Durations<Name>,
  attempt: (ordinal: number) => Promise<Durations<Name>>,
): Promise<string[]> {
  const names = Object.keys(promisedMs) as Name[]
  const tries: Durations<Name>[] = []
  const broken = () => names.filter((name) => !tries.some((took) => took[name] < promisedMs[name]))
  while (broken().length > 0 && tries.length < TRIES) tries.push(await attempt(tries.length + 1))
  return broken().map((name) => {
    const tookMs = tries.map((took) => Math.round(took[name])).join(', ')
    return `no try kept ${name}: they took ${tookMs} ms, and ${promisedMs[name]} ms are promised`
  })
}

/** The same for a test. @throws Error with the lines */
export async function expectKept<Name extends string>(
  promisedMs: Durations<Name>,
  attempt: (ordinal: number) => Promise<Durations<Name>>,
): Promise<void> {
  const lines = await brokenPromises(promisedMs, attempt)
  if (lines.length > 0) throw new Error(lines.join('; '))
}

/** The milliseconds that the work takes. */
export async function durationOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}
