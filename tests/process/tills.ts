/** Tills that sell until they are answered, and the check of everything that they have sold. */
import { expect } from 'bun:test'
import { z } from 'zod'
import { adapterClient, kktClient, type ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { type Answer, expectBody } from '../harness/http.ts'
import { PATIENT_MS } from '../harness/patience.ts'
import { newKey, receipt } from '../harness/receipts.ts'
import { isOfReceipt } from '../harness/wire_kkt.ts'

/** A till whose adapter does not answer by then tries another adapter with the same key. */
const PATIENCE_MS = 1500

const answered = z.object({ status: z.enum(['printed', 'buffered']), receipt_id: z.string() })
const leaseState = z.object({
  sender_lease: z.object({ held_by: z.string(), fencing_token: z.int().nullable(), hosts: z.string() }),
})

/** Prints a measurement. */
export const tell = (line: string) => void process.stdout.write(`${line}\n`)

export const soon = <T>(
  what: string,
  read: () => T | Promise<T>,
  until?: (value: T) => boolean,
  withinMs = PATIENT_MS,
) => eventually(what, read, { withinMs, ...(until && { until }) })

export function adapterAt(url: string) {
  const client = adapterClient(url)
  const lease = async () => expectBody(await client.get('/v1/kkt/buffer/status'), 200, leaseState).sender_lease
  const isSender = async () => (await lease()).held_by === 'this_process'
  return { client, kkt: kktClient(url), lease, isSender }
}

export type Adapter = ReturnType<typeof adapterAt>

export function openTills(ofd: ReturnType<typeof ofdClient>) {
  /** The receipts that a till has an answer for. */
  const sold: string[] = []

  /**
   * Sells at one till. Each receipt goes to one adapter after another until one answers.
   * @returns the longest that a sale took until it was answered
   */
  async function sell(posId: string, count: number, adapters: readonly Adapter[]): Promise<number> {
    let slowestMs = 0
    for (let n = 0; n < count; n++) {
      const [key, body] = [newKey(), receipt({ pos_id: posId })]
      const askedAtMs = performance.now()
      let id: string | null = null
      for (let turn = n; id === null; turn++) {
        id = await attempt(adapters[turn % adapters.length], { key, body })
      }
      sold.push(id)
      slowestMs = Math.max(slowestMs, performance.now() - askedAtMs)
    }
    return slowestMs
  }

  /** Expects every answered receipt to have one document, in sequence, and to be at the OFD once, in order. */
  async function expectAllOnce(...hosts: Adapter[]): Promise<void> {
    await soon('the OFD to have all', async () => new Set((await ofd.ledger()).map(idOf)).size, is(sold.length))
    expect((await ofd.ledger()).map(idOf).toSorted()).toEqual(sold.toSorted())
    expect(await ofd.health()).toMatchObject({ duplicates: 0, out_of_order: 0 })
    const filed = await Promise.all(hosts.map((host) => host.kkt.allDocuments(0)))
    const receipts = filed.flat().filter(isOfReceipt)
    expect(receipts.map(idOf).toSorted()).toEqual(sold.toSorted())
    expect(receipts.filter((document) => !document.on_paper)).toEqual([])
    for (const fn of filed) expect(fn.map(fdOf)).toEqual(fn.map((_, i) => i + 1))
  }

  return { sell, sold: sold as readonly string[], expectAllOnce }
}

const is =
  <T>(wanted: T) =>
  (value: T) =>
    value === wanted
const idOf = (one: { receipt_id: string }) => one.receipt_id
const fdOf = (one: { fiscal_doc_number: number }) => one.fiscal_doc_number

/** Resolves to the receipt's id, or to null where no adapter answers or takes it. */
async function attempt(adapter: Adapter | undefined, { key, body }: { key: string; body: unknown }) {
  let answer: Answer | undefined
  try {
    answer = await adapter?.client.post('/v1/kkt/receipt', body, { 'idempotency-key': key }, PATIENCE_MS)
  } catch {
    return null
  }
  return !answer || answer.status === 503 ? null : expectBody(answer, 200, answered).receipt_id
}
