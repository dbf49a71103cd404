/**
 * `fetch_loop.ts <buffer> <OFD> <in flight> <seconds> <kept>`: posts what is pending in a buffer, until all is posted or
 * the time is up. `nothing` of it is recorded, or its `steps` are, as the adapter records them. Prints how many went, how
 * many a second, and what that took of the processors in µs.
 */
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/journal/sqlite_bun.ts'
import { ofdDocument } from '@kkt/adapter/src/ofd/document.ts'
import { systemClock } from '@kkt/platform/clock.ts'

const [path = '', ofdUrl = '', inFlight = '', seconds = '', kept = ''] = process.argv.slice(2)
const { queries, transitions, write, close } = createJournal(openDatabase(path), {
  clock: systemClock,
  maxUndelivered: 1,
})

function readPending() {
  const { items } = queries.list({ status: 'pending', posId: null }, null, queries.counts().pending)
  return items.flatMap(({ fiscalDoc, ...receipt }) =>
    fiscalDoc ? [{ id: receipt.id, body: JSON.stringify(ofdDocument({ ...receipt, fiscalDoc }, 'KKT-001')) }] : [],
  )
}

const pending = readPending()
if (kept === 'nothing') close()
const startedMs = performance.now()
const startedCpu = process.cpuUsage()
const endMs = startedMs + Number(seconds) * 1000
let posted = 0

async function lane(): Promise<void> {
  let recordLast = () => {}
  for (let next = pending.pop(); next !== undefined && performance.now() < endMs; next = pending.pop()) {
    const { id, body } = next
    if (kept === 'steps') {
      await write(() => {
        recordLast()
        transitions.markSyncing(id)
      })
      recordLast = () => transitions.recordSynced(id, 'OFD-000001')
    }
    const headers = { 'content-type': 'application/json', 'idempotency-key': id }
    const response = await fetch(`${ofdUrl}/ofd/v1/receipt`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`The OFD answered ${response.status}`)
    await response.json()
    posted += 1
  }
}

await Promise.all(Array.from({ length: Number(inFlight) }, lane))
const perSecond = (posted * 1000) / (performance.now() - startedMs)
const { user, system } = process.cpuUsage(startedCpu)
process.stdout.write(`${JSON.stringify({ count: posted, perSecond, processorMicros: user + system })}\n`)
