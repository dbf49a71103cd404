import { z } from 'zod'
import { MOCKS } from '../harness/stack/services.ts'
import type { Started } from './processes.ts'

const waited = z.object({ receipts: z.int() })

export type Ofd = Awaited<ReturnType<typeof startOfd>>

/** The mock OFD, and its tests' side. */
export async function startOfd(start: (entry: string) => Promise<Started>) {
  const [{ entry }] = MOCKS
  const { url, processorMicros } = await start(entry)
  const control = `${url}/ofd/v1/_test`
  const post = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(control + path, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path} was answered ${response.status}`)
  }
  return {
    url,
    processorMicros,
    configure: (change: Record<string, unknown>) => post('/config', change),
    reset: () => post('/reset', {}),
    /** Resolves when it has so many, or when the time is up, to how many it has. */
    async waitFor(receipts: number, withinSeconds: number): Promise<number> {
      const answer = await fetch(`${control}/wait?receipts=${receipts}&timeout=${withinSeconds}`)
      return waited.parse(await answer.json()).receipts
    },
  }
}
