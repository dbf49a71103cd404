import { Stop } from '../harness/stack/stop.ts'
import type { Ofd } from './ofd.ts'

const BEGINS_WITHIN_SECONDS = 30

/** @returns receipts a second that reach the OFD, from the first on, until it has so many or the time is up */
export async function drainRate(ofd: Ofd, receipts: number, atMostSeconds: number): Promise<number> {
  const before = await ofd.waitFor(1, BEGINS_WITHIN_SECONDS)
  const startedMs = performance.now()
  if (before === 0) throw new Stop(`Nothing reached the OFD in ${BEGINS_WITHIN_SECONDS} s.`)
  const after = await ofd.waitFor(receipts, atMostSeconds)
  return ((after - before) * 1000) / (performance.now() - startedMs)
}
