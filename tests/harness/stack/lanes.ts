import type { Suite } from './stack.ts'

/** A scenario waits most of its time, as does what drives the stack. */
const waits = ({ name, drivesStack }: Suite): boolean => drivesStack || name === 'scenarios'

/** Which suites run one after the other, beside which others: what waits leaves the processors to what works. */
export const lanesOf = (suites: readonly Suite[]): Suite[][] => [
  suites.filter((suite) => !waits(suite)),
  ...suites.filter(waits).map((suite) => [suite]),
]

/**
 * Runs lanes beside one another, and the suites of each in their order.
 * @returns what came of each suite, in the order of the lanes
 * @throws what the first lane that failed did, once all have ended: nothing may still be at work when the stack is removed
 */
export async function runLanes<Ended>(
  lanes: readonly (readonly Suite[])[],
  runOne: (suite: Suite) => Promise<Ended>,
): Promise<Ended[]> {
  async function inTurn(suites: readonly Suite[]): Promise<Ended[]> {
    const ended: Ended[] = []
    for (const suite of suites) ended.push(await runOne(suite))
    return ended
  }
  const outcomes = await Promise.allSettled(lanes.map(inTurn))
  return outcomes.flatMap((lane) => {
    if (lane.status === 'rejected') throw lane.reason
    return lane.value
  })
}
