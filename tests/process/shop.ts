/** A shop: adapters as processes, its OFD, and tills that sell until they are answered. */

import { expect } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { adapterClient, kktClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { type Answer, expectBody } from '../harness/http.ts'
import { newKey, receipt } from '../harness/receipts.ts'
import { startAdapter } from './adapter_process.ts'
import { type Post, type WatchedOfd, watchedOfd } from './watched_ofd.ts'

/** A till's, with an adapter that does not answer: then it tries another one, with the same key. */
const PATIENCE_MS = 1500
/** What takes no time of its own is done within this, however busy the machine is. */
const SOON_MS = 15_000

const answered = z.object({ status: z.enum(['printed', 'buffered']), receipt_id: z.string() })
const leaseState = z.object({
  sender_lease: z.object({ held_by: z.string(), fencing_token: z.int().nullable(), hosts: z.string() }),
})

const folder = mkdtempSync(join(tmpdir(), 'kkt-shop-'))
let shops = 0
/** To be called after all tests. */
export const clearShops = () => rmSync(folder, { recursive: true, force: true })

/** Says what was measured. */
export const tell = (line: string) => void process.stdout.write(`${line}\n`)

export const soon = <T>(what: string, read: () => T | Promise<T>, until?: (value: T) => boolean, withinMs = SOON_MS) =>
  eventually(what, read, { withinMs, ...(until && { until }) })

/** @param name what it is called at the OFD's door */
async function startIn(ofd: WatchedOfd, name: string, settings: Record<string, string>) {
  const { child, port, ended } = startAdapter({
    ...{ LOG_LEVEL: 'info', OFD_MODE: 'http', OFD_API_URL: ofd.doorFor(name), OFD_TIMEOUT: '2' },
    ...{ SYNC_INTERVAL: '0.3', CIRCUIT_BREAKER_TIMEOUT: '0.3' },
    ...{ KKT_PRINT_DELAY_MIN: '0.005', KKT_PRINT_DELAY_MAX: '0.02' },
    ...settings,
  })
  const url = `http://127.0.0.1:${await port}`
  const client = adapterClient(url)
  const lease = async () => expectBody(await client.get('/v1/kkt/buffer/status'), 200, leaseState).sender_lease
  return {
    ...{ name, client, lease, kkt: kktClient(url) },
    ended,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    isSender: async () => (await lease()).held_by === 'this_process',
  }
}

export type Adapter = Awaited<ReturnType<typeof startIn>>

/** One KKT_ID, and an OFD of its own. */
export async function openShop() {
  const ofd = await watchedOfd()
  const place = join(folder, String(++shops))
  const kktId = `KKT-${shops}`
  /** The receipts that tills have an answer for. */
  const sold: string[] = []

  /** @param host names the buffer. Who is on the same one shares its journal and its cash register. */
  const start = (name: string, host: string, settings: Record<string, string> = {}) =>
    startIn(ofd, name, { BUFFER_DB_PATH: join(place, host, 'buffer.db'), KKT_ID: kktId, ...settings })

  /**
   * Sells at one till: each receipt is handed to one adapter after another until one has answered.
   * @returns how long the slowest answer took
   */
  async function sell(posId: string, count: number, adapters: readonly Adapter[]): Promise<number> {
    let slowestMs = 0
    for (let n = 0; n < count; n++) {
      const [key, body] = [newKey(), receipt({ pos_id: posId })]
      let [id, askedAtMs]: [string | null, number] = [null, 0]
      for (let turn = n; id === null; turn++) {
        askedAtMs = performance.now()
        id = await attempt(adapters[turn % adapters.length], { key, body })
      }
      sold.push(id)
      slowestMs = Math.max(slowestMs, performance.now() - askedAtMs)
    }
    return slowestMs
  }

  /** Resolves to the first receipt that this adapter has sent and the OFD has taken. */
  async function firstTaken(name: string): Promise<Post> {
    const taken = () => ofd.postsBy(name).find(({ status }) => status === 200)
    const post = (await soon(`${name} to send`, taken)) ?? taken()
    if (!post) throw new Error(`What ${name} has sent was there a moment ago`)
    return post
  }

  /** Every receipt that a till has an answer for has one document, in sequence, and is at the OFD once, in order. */
  async function expectAllOnce(...hosts: Adapter[]): Promise<void> {
    await soon('the OFD to have all', async () => new Set((await ofd.client.ledger()).map(idOf)).size, is(sold.length))
    expect((await ofd.client.ledger()).map(idOf).toSorted()).toEqual(sold.toSorted())
    expect(await ofd.client.health()).toMatchObject({ duplicates: 0, out_of_order: 0 })
    const filed = await Promise.all(hosts.map((host) => host.kkt.documents(0)))
    expect(filed.flat().map(idOf).toSorted()).toEqual(sold.toSorted())
    expect(filed.flat().filter((document) => !document.on_paper)).toEqual([])
    for (const fn of filed) expect(fn.map(fdOf)).toEqual(fn.map((_, i) => i + 1))
  }

  return { ofd, start, sell, firstTaken, sold: sold as readonly string[], expectAllOnce }
}

const is =
  <T>(wanted: T) =>
  (value: T) =>
    value === wanted
const idOf = (one: { receipt_id: string }) => one.receipt_id
const fdOf = (one: { fiscal_doc_number: number }) => one.fiscal_doc_number

/** Resolves to the receipt's id, or to null where nobody answers, or nobody who can take it. */
async function attempt(adapter: Adapter | undefined, { key, body }: { key: string; body: unknown }) {
  let answer: Answer | undefined
  try {
    answer = await adapter?.client.post('/v1/kkt/receipt', body, { 'idempotency-key': key }, PATIENCE_MS)
  } catch {
    return null
  }
  return !answer || answer.status === 503 ? null : expectBody(answer, 200, answered).receipt_id
}
