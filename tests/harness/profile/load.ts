import autocannon from 'autocannon'
import { newKey, receipt } from '../receipts.ts'
import { interruption } from '../stack/interruption.ts'

/** Each till waits for an answer before it sends the next receipt. */
const TILLS = 10

/** Posts new receipts for this time or until Ctrl-C. */
export async function sellFor(url: string, seconds: number) {
  const result = await run({
    url: `${url}/v1/kkt/receipt`,
    method: 'POST',
    connections: TILLS,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, ...newRequest() }) }],
  })
  return {
    accepted: result['2xx'],
    perSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
  }
}

const newRequest = () => ({ headers: { 'idempotency-key': newKey() }, body: JSON.stringify(receipt()) })

const run = (options: autocannon.Options) =>
  new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    interruption.addEventListener('abort', () => load.stop())
  })
