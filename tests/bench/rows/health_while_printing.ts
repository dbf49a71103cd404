import { z } from 'zod'
import { eventually } from '../../harness/eventually.ts'
import { paced } from '../paced.ts'
import { inTurns, type Row } from '../row.ts'
import { nextSale, RECEIPT_PATH } from '../sales.ts'
import { percentile } from '../statistics.ts'

const PRINT_SECONDS = 5
/** The rest of the print is for its beginning and end. */
const BURST_SECONDS = 3
const PER_SECOND = 250
const CONNECTIONS = 4
const BEGINS_WITHIN_MS = 1500

export const healthWhilePrinting: Row = {
  name: "health's p99 while one print takes 5 s",
  ceiling: 'while nothing is printed',
  unit: 'ms',
  // No print blocks the process.
  target: { atMost: 1.5 },
  mostRounds: 3,
  async how(bench) {
    const { url } = await bench.adapter({ hasTestControl: true })
    const configured = await fetch(`${url}/v1/kkt/_test/config`, {
      method: 'POST',
      body: JSON.stringify({ slow_print_seconds: PRINT_SECONDS }),
    })
    if (!configured.ok) throw new Error(`The KKT was not made slow: ${configured.status}`)
    const both = {
      measured: async () => {
        const answered = fetch(url + RECEIPT_PATH, { method: 'POST', ...nextSale() })
        // Of interest only where the measurement came about.
        answered.catch(() => undefined)
        await eventually('the print to begin', () => isPrinting(url), { withinMs: BEGINS_WITHIN_MS })
        const p99 = await healthP99(url)
        if (!(await isPrinting(url))) throw new Error('The print was over before the measurement')
        await (await answered).arrayBuffer()
        return p99
      },
      ceiling: () => healthP99(url),
    }
    await both.ceiling()
    return { round: inTurns(both) }
  },
}

const isPrinting = async (url: string): Promise<boolean> =>
  bufferStatus.parse(await (await fetch(`${url}/v1/kkt/buffer/status`)).json()).unprinted > 0

const bufferStatus = z.object({ unprinted: z.int() })

async function healthP99(url: string): Promise<number> {
  const send = async () => {
    const response = await fetch(`${url}/v1/health`)
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`Health was ${response.status}`)
  }
  return percentile(await paced({ send, perSecond: PER_SECOND, connections: CONNECTIONS, seconds: BURST_SECONDS }), 99)
}
