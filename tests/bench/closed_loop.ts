import autocannon from 'autocannon'
import { interruption } from '../harness/stack/interruption.ts'
import { Stop } from '../harness/stack/stop.ts'

/** How often it is seen that the time is up. */
const SAMPLE_MS = 50

type Load = {
  url: string
  connections: number
  /** For so long, or for so many requests. */
  until: { seconds: number } | { requests: number }
  /** The next request. Without it, GET. */
  post?: () => { headers: Record<string, string>; body: string }
}

export type Answered = { count: number; perSecond: number }

/**
 * Sends on each connection one request after the other, the next as soon as the answer is there.
 * @throws Stop when any answer is no success: what is not done is done fast
 */
export async function closedLoop({ url, connections, until, post }: Load): Promise<Answered> {
  const result = await run({
    url,
    connections,
    sampleInt: SAMPLE_MS,
    ...('seconds' in until ? { duration: until.seconds } : { amount: until.requests }),
    ...(post && { method: 'POST', requests: [{ setupRequest: (request) => ({ ...request, ...post() }) }] }),
  })
  const failed = result.non2xx + result.errors
  const count = result['2xx']
  if (failed > 0) throw new Stop(`${url}: ${failed} of ${count + failed} requests failed.`)
  return { count, perSecond: count / result.duration }
}

const run = (options: autocannon.Options) =>
  new Promise<autocannon.Result>((resolve, reject) => {
    const stop = () => load.stop()
    const load = autocannon(options, (error, result) => {
      interruption.removeEventListener('abort', stop)
      if (error) reject(error)
      else resolve(result)
    })
    interruption.addEventListener('abort', stop)
  })
