/**
 * `kkt_loop.ts <file> <seconds>`: has a mock KKT that prints at once make one document after the other, and nothing else.
 * Prints how many it made, how many a second, and what that took of the processors in µs.
 */
import { openDatabase } from '@kkt/adapter/src/journal/sqlite_bun.ts'
import { openMockKkt } from '@kkt/adapter/src/kkt/mock/mock_kkt.ts'
import type { FencingToken } from '@kkt/adapter/src/lease/lease.ts'
import { nextReceiptId } from '@kkt/adapter/src/receipts/receipt_clock.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { contentOf } from '../sales.ts'

const [path = '', seconds = ''] = process.argv.slice(2)
const options = { kktNumber: 'KKT-001', printDelayMinMs: 0, printDelayMaxMs: 0 }
const kkt = openMockKkt(openDatabase(path), options, { clock: systemClock, random: () => 0 })
const TOKEN = 1 as FencingToken
const noRandom = () => new Uint8Array(8)

const startedMs = performance.now()
const startedCpu = process.cpuUsage()
let made = 0
let id = nextReceiptId('', { ...systemClock, randomBytes: noRandom })
while (performance.now() - startedMs < Number(seconds) * 1000) {
  const { kind } = await kkt.fiscalize(id, contentOf(made), TOKEN)
  if (kind !== 'done') throw new Error(`Document ${made + 1} is ${kind}`)
  id = nextReceiptId(id, { ...systemClock, randomBytes: noRandom })
  made += 1
}
const perSecond = (made * 1000) / (performance.now() - startedMs)
const { user, system } = process.cpuUsage(startedCpu)
process.stdout.write(`${JSON.stringify({ count: made, perSecond, processorMicros: user + system })}\n`)
