/**
 * The adapter, which kills itself at the point that CRASH_AT names, the CRASH_COUNT-th time that the point is reached.
 * SEED seeds its random numbers.
 */
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { run } from '@kkt/adapter/src/run.ts'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { fetchOver } from '@kkt/platform/fetch.ts'
import { serve } from '@kkt/platform/serve.ts'
import { seededRandom } from '@kkt/platform/testing.ts'
import {
  type Kinds,
  type Parts,
  watchedJournal,
  watchedKkt,
  watchedSend,
  watchedSendToKkt,
  watchedServe,
} from './crashing_hands.ts'
import { POINTS, type Point, REGISTER_POINTS } from './points.ts'

const { CRASH_AT = '', CRASH_COUNT = '1' } = process.env
const all: readonly Point[] = [...POINTS, ...REGISTER_POINTS]
if (CRASH_AT !== '' && !all.some((point) => point === CRASH_AT)) throw new Error(`There is no point ${CRASH_AT}`)

let timesLeft = Number(CRASH_COUNT)

function reach(point: Point): void {
  if (point !== CRASH_AT || --timesLeft > 0) return
  process.kill(process.pid, 'SIGKILL')
  // SIGKILL may take a moment to arrive. Nothing may happen until then.
  for (;;);
}

async function main(): Promise<void> {
  // Imported by path: the name that chooses the driver by runtime is known only inside the adapter's package.
  const { openDatabase } = process.versions.bun
    ? await import('@kkt/adapter/src/sqlite/sqlite_bun.ts')
    : await import('@kkt/adapter/src/sqlite/sqlite_node.ts')
  const draw = seededRandom()
  const parts: Parts = new Map()
  const kinds: Kinds = new Map()
  await run({
    openDatabase,
    createJournal: watchedJournal(createJournal, reach, parts, kinds),
    openMockKkt: watchedKkt(openMockKkt, reach, parts, kinds),
    send: watchedSend(fetchOver, reach, systemClock),
    sendToKkt: watchedSendToKkt((request, way) => fetchOver(request, 'fresh', way), reach, systemClock),
    serve: watchedServe(serve, reach),
    random: () => draw(2 ** 32) / 2 ** 32,
  })
}

void main()
