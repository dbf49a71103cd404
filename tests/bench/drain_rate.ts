import { Stop } from '../harness/stack/stop.ts'
import { costOf, type Spent } from './cost.ts'
import type { Ofd } from './ofd.ts'

const BEGINS_WITHIN_SECONDS = 30

type Drained = { receipts: number; atMostSeconds: number; spent?: Spent }

/**
 * @param drained until the OFD has so many or the time is up; `spent` is what the process has had that sends them
 * @returns receipts a second that reach the OFD, from the first on, and what each took of that process's time
 */
export async function drainRate(ofd: Ofd, { receipts, atMostSeconds, spent = () => null }: Drained) {
  const before = await ofd.waitFor(1, BEGINS_WITHIN_SECONDS)
  if (before === 0) throw new Stop(`Nothing reached the OFD in ${BEGINS_WITHIN_SECONDS} s.`)
  const startedMs = performance.now()
  return await costOf(spent, async () => {
    const count = (await ofd.waitFor(receipts, atMostSeconds)) - before
    return { count, perSecond: (count * 1000) / (performance.now() - startedMs) }
  })
}
