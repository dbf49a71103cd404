import type { Suite } from './stack.ts'

/** Scenarios, and suites that drive the stack, wait most of their time. */
const waits = ({ name, drivesStack }: Suite): boolean => drivesStack || name === 'scenarios'

/** The unit tests, those of the harness included, hardly wait: they use all processors by themselves. */
const computes = ({ name }: Suite): boolean => name === 'unit' || name === 'harness'

/**
 * The suites of a lane run one after the other, beside the other lanes. Suites that wait leave the processors to the others. Unit
 * tests come last, because any other suite leaves processors idle when nothing runs beside it.
 */
export const lanesOf = (suites: readonly Suite[]): Suite[][] => [
  [...suites.filter((suite) => !waits(suite) && !computes(suite)), ...suites.filter(computes)],
  ...suites.filter(waits).map((suite) => [suite]),
]

/**
 * Runs lanes beside one another, and the suites of each in order.
 * @returns each suite's result, in the order of the lanes
 * @throws the first failed lane's error, after all lanes have ended: nothing may be at work when the stack is removed
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
