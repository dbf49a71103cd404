/**
 * `atol_loop.ts <url> <seconds>`: has the driver of a register make documents, one a call, and nothing else. Its attempts are kept
 * in memory. Prints how many it made, how many a second, and what that took of this process' processors in µs.
 */
import { randomUUID } from 'node:crypto'
import type { FencingToken } from '@kkt/adapter/src/domain/fencing_token.ts'
import type { IdempotencyKey, ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { nextReceiptId } from '@kkt/adapter/src/domain/receipt_clock.ts'
import { createAtolDriver } from '@kkt/adapter/src/kkt/atol/driver.ts'
import type { Attempt, Attempts } from '@kkt/adapter/src/kkt/attempts.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { fetchOver } from '@kkt/platform/fetch.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { contentOf } from '../sales.ts'
import { beginTally } from './tally.ts'

const [url = '', seconds = ''] = process.argv.slice(2)
const TOKEN = 1 as FencingToken
const CASHIER = { name: 'Иванова А. А.' }
const noRandom = () => new Uint8Array(8)

const begun = new Map<string, Attempt>()
const attempts: Attempts = {
  latest: (id) => begun.get(id) ?? null,
  async begin(id, before) {
    const attempt = {
      ...before,
      number: (begun.get(id)?.number ?? 0) + 1,
      begunAtMs: systemClock.wallMs(),
      isToldNotMade: false,
    }
    begun.set(id, attempt)
    return attempt
  },
}
const driver = createAtolDriver({
  url,
  login: 'kkt',
  password: 'Mock-register-1',
  device: null,
  kktNumber: 'KKT-001',
  clock: systemClock,
  logger: createLogger('atol_loop', 'error'),
  send: (request) => fetchOver(request, 'fresh'),
  newUuid: randomUUID,
  attempts,
  receipt: () => null,
  signOf: () => null,
  cashier: () => CASHIER,
})

let made = 0
let id = ''

async function makeNext(): Promise<void> {
  const receiptId = nextReceiptId(id, { ...systemClock, randomBytes: noRandom })
  id = receiptId
  const content: ReceiptContent = { ...contentOf(made), cashier: CASHIER }
  const [outcome] = await driver.fiscalize([{ id: receiptId, key: `key-${made}` as IdempotencyKey, content }], TOKEN)
  if (outcome?.kind !== 'done') throw new Error(`A document behind ${made}: ${JSON.stringify(outcome)}`)
  begun.delete(receiptId)
  made += 1
}

const tally = beginTally()
while (!tally.isOver(seconds)) await makeNext()
tally.tell(made)
driver.close()
