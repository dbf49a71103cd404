/**
 * `fetch_loop.ts <buffer> <OFD> <in flight> <seconds>`: posts what is pending in a buffer and records nothing, until all
 * is posted or the time is up. Prints how many went in a second.
 */
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/journal/sqlite_bun.ts'
import { ofdDocument } from '@kkt/adapter/src/ofd/document.ts'
import { systemClock } from '@kkt/platform/clock.ts'

const [path = '', ofdUrl = '', inFlight = '', seconds = ''] = process.argv.slice(2)

function readPending(): { id: string; body: string }[] {
  const journal = createJournal(openDatabase(path), { clock: systemClock, maxUndelivered: 1 })
  const { items } = journal.queries.list({ status: 'pending', posId: null }, null, journal.queries.counts().pending)
  journal.close()
  return items.flatMap(({ fiscalDoc, ...receipt }) =>
    fiscalDoc ? [{ id: receipt.id, body: JSON.stringify(ofdDocument({ ...receipt, fiscalDoc }, 'KKT-001')) }] : [],
  )
}

const pending = readPending()
const startedMs = performance.now()
const endMs = startedMs + Number(seconds) * 1000
let posted = 0

async function lane(): Promise<void> {
  for (let next = pending.pop(); next !== undefined && performance.now() < endMs; next = pending.pop()) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': next.id }
    const response = await fetch(`${ofdUrl}/ofd/v1/receipt`, { method: 'POST', headers, body: next.body })
    if (!response.ok) throw new Error(`The OFD answered ${response.status}`)
    await response.json()
    posted += 1
  }
}

await Promise.all(Array.from({ length: Number(inFlight) }, lane))
process.stdout.write(`${JSON.stringify({ perSecond: (posted * 1000) / (performance.now() - startedMs) })}\n`)
