/**
 * `kkt_loop.ts <file> <seconds>`: has a mock KKT that prints at once make one document after the other, and nothing else.
 * Prints how many it made, how many a second, and what that took of the processors in µs.
 */

import type { FencingToken } from '@kkt/adapter/src/domain/fencing_token.ts'
import type { IdempotencyKey } from '@kkt/adapter/src/domain/receipt.ts'
import { nextReceiptId } from '@kkt/adapter/src/domain/receipt_clock.ts'
import { openMockKkt } from '@kkt/adapter/src/kkt/mock/mock_kkt.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { contentOf } from '../sales.ts'
import { beginTally } from './tally.ts'

const [path = '', seconds = ''] = process.argv.slice(2)
const options = { kktNumber: 'KKT-001', printDelayMinMs: 0, printDelayMaxMs: 0 }
const kkt = openMockKkt(openDatabase(path), options, { clock: systemClock, random: () => 0 })
const TOKEN = 1 as FencingToken
const noRandom = () => new Uint8Array(8)

const tally = beginTally()
let made = 0
let id = nextReceiptId('', { ...systemClock, randomBytes: noRandom })
while (!tally.isOver(seconds)) {
  const { kind } = await kkt.fiscalize({ id, key: `key-${made}` as IdempotencyKey, content: contentOf(made) }, TOKEN)
  if (kind !== 'done') throw new Error(`Document ${made + 1} is ${kind}`)
  id = nextReceiptId(id, { ...systemClock, randomBytes: noRandom })
  made += 1
}
tally.tell(made)
