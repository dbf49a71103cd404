import type { Ofd } from '../ofd.ts'
import { paced } from '../paced.ts'
import type { Started } from '../processes.ts'
import { figure } from '../report.ts'
import type { Row } from '../row.ts'
import { sellSome } from '../sales.ts'
import { median } from '../statistics.ts'

const FEW = 1000
const MANY = 200_000
/** Receipts that are in by then count. */
const SELLS_AT_MOST_SECONDS = 90
const DRAINS_WITHIN_SECONDS = 30
const CONNECTIONS = 32
const AT_ONCE = 1000
const MEBIBYTE = 2 ** 20
/** Of one reading it depends whether garbage was collected just before. */
const READINGS = { perSecond: 20, connections: 1, seconds: 2 }
/** The collector comes within about five, to a process that has little to do. */
const SETTLES_SECONDS = 8

export const memory: Row = {
  name: 'resident memory after 200 000 receipts in and out',
  ceiling: 'after 1 000',
  unit: 'MiB',
  // Nothing is kept of what is delivered; the rest is the collector's.
  target: { atMost: 1.3 },
  mostRounds: 1,
  async how(bench) {
    let note = ''
    return {
      async round() {
        const ofd = await bench.ofd()
        const adapter = await bench.adapter({ ofdUrl: ofd.url })
        const few = await sellAndDeliver(adapter, ofd, { sold: 0, until: FEW })
        const ceiling = median(await residents(adapter))
        const fewHeld = await held(adapter)
        const { sold, delivered } = await sellAndDeliver(adapter, ofd, { ...few, until: MANY })
        const why = sold < MANY ? `: selling was ended after ${SELLS_AT_MOST_SECONDS} s` : ''
        const measured = median(await residents(adapter))
        const highest = figure(adapter.highestResidentBytes() / MEBIBYTE)
        const settled = `${figure(await held(adapter))} MiB once garbage was collected, and ${figure(fewHeld)} after the few`
        note = `${figure(sold)} in and ${figure(delivered)} out${why}; at its highest ${highest} MiB; ${settled}`
        return { ceiling, measured }
      },
      notes: () => [note],
    }
  },
}

/** In MiB, while it only says how it is. */
async function residents({ url, residentBytes }: Started, seconds = READINGS.seconds): Promise<number[]> {
  const readings: number[] = []
  const send = async () => {
    await (await fetch(`${url}/v1/health`)).arrayBuffer()
    readings.push(residentBytes() / MEBIBYTE)
  }
  await paced({ send, ...READINGS, seconds })
  return readings
}

/** Its memory without garbage that waits for the collector. */
const held = async (adapter: Started) => Math.min(...(await residents(adapter, SETTLES_SECONDS)))

/** Goes on selling until so many are sold in all, or the time is up, and waits until the OFD has them. */
async function sellAndDeliver({ url }: Started, ofd: Ofd, { sold: before, until }: { sold: number; until: number }) {
  const endMs = performance.now() + SELLS_AT_MOST_SECONDS * 1000
  let sold = before
  while (sold < until && performance.now() < endMs) {
    sold += (await sellSome(url, CONNECTIONS, AT_ONCE)).count
  }
  return { sold, delivered: await ofd.waitFor(sold, DRAINS_WITHIN_SECONDS) }
}
