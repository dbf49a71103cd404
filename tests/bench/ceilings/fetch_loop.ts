/**
 * `fetch_loop.ts <buffer> <OFD> <in flight> <seconds> <kept>`: posts what is pending in a buffer, until all is posted or
 * the time is up. `nothing` of it is recorded; or, as the adapter does it, each receipt is read when it is due and its
 * `steps` are. Prints how many went, how many a second, and what that took of the processors in µs.
 */

import { ofdDocument } from '@kkt/adapter/src/delivery/ofd_document.ts'
import type { FiscalisedReceipt, ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import { createJournal, type Tx } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { beginTally } from './tally.ts'

const [path = '', ofdUrl = '', inFlight = '', seconds = '', kept = ''] = process.argv.slice(2)
const { queries, write, close } = createJournal(openDatabase(path), {
  clock: systemClock,
  maxUndelivered: 1,
})

const bodyOf = (receipt: FiscalisedReceipt) => JSON.stringify(ofdDocument(receipt, 'KKT-001'))

function readPending() {
  const { items } = queries.list({ status: 'pending', posId: null }, null, queries.counts().pending)
  return items.flatMap(({ fiscalDoc, ...receipt }) =>
    fiscalDoc ? [{ id: receipt.id, body: bodyOf({ ...receipt, fiscalDoc }) }] : [],
  )
}

async function post(id: ReceiptId, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': id }
  const response = await fetch(`${ofdUrl}/ofd/v1/receipt`, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`The OFD answered ${response.status}`)
  await response.json()
  posted += 1
}

async function postPrepared(pending: ReturnType<typeof readPending>): Promise<void> {
  for (let next = pending.pop(); next !== undefined && !isOver(); next = pending.pop()) await post(next.id, next.body)
}

/** Delivers a till's receipts. The commit that records one marks the next. */
async function postJournaled(posId: string): Promise<void> {
  let recordLast = (_tx: Tx) => {}
  while (!isOver()) {
    const next = await write((tx) => {
      recordLast(tx)
      const receipt = tx.queries.nextToDeliver(posId)
      if (receipt) tx.markSyncing(receipt.id)
      return receipt
    })
    if (next === null) return
    await post(next.id, bodyOf(next))
    recordLast = (tx) => tx.recordSynced(next.id, 'OFD-000001')
  }
}

const pending = kept === 'nothing' ? readPending() : []
const tills = queries.posIdsToDeliver()
if (kept === 'nothing') close()
let posted = 0
const tally = beginTally()
const isOver = () => tally.isOver(seconds)

await Promise.all(
  Array.from({ length: Number(inFlight) }, (_, lane) =>
    kept === 'nothing' ? postPrepared(pending) : postJournaled(tills[lane] ?? ''),
  ),
)
tally.tell(posted)
