/**
 * `kkt_loop.ts <file> <at once> <seconds>`: has a mock KKT that prints at once make documents, so many a call, and nothing
 * else. Prints how many it made, how many a second, and what that took of the processors in µs.
 */

import type { FencingToken } from '@kkt/adapter/src/domain/fencing_token.ts'
import type { ToFiscalize } from '@kkt/adapter/src/domain/kkt_outcome.ts'
import type { IdempotencyKey } from '@kkt/adapter/src/domain/receipt.ts'
import { nextReceiptId } from '@kkt/adapter/src/domain/receipt_clock.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { contentOf } from '../sales.ts'
import { beginTally } from './tally.ts'

const [path = '', atOnce = '', seconds = ''] = process.argv.slice(2)
const options = { kktNumber: 'KKT-001', printDelayMinMs: 0, printDelayMaxMs: 0 }
const kkt = openMockKkt(openDatabase(path), options, { clock: systemClock, random: () => 0 })
const TOKEN = 1 as FencingToken
const noRandom = () => new Uint8Array(8)

const tally = beginTally()
let made = 0
let id = ''

function nextReceipt(_: unknown, index: number): ToFiscalize {
  const receiptId = nextReceiptId(id, { ...systemClock, randomBytes: noRandom })
  id = receiptId
  const sale = made + index
  return { id: receiptId, key: `key-${sale}` as IdempotencyKey, content: contentOf(sale) }
}

while (!tally.isOver(seconds)) {
  const outcomes = await kkt.fiscalize(Array.from({ length: Number(atOnce) }, nextReceipt), TOKEN)
  for (const { kind } of outcomes) if (kind !== 'done') throw new Error(`A document behind ${made} is ${kind}`)
  made += outcomes.length
}
tally.tell(made)
