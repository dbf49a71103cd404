/** A cash register on the network, which hands its documents to the OFD by itself. Only in a stack of KKT=atol. */

import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { SALE } from '../contract/atol/fixtures/fixture.ts'
import { ofd, register } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { at, expectBody } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { onHealedStack } from '../harness/stack_state.ts'

onHealedStack()

const { KKT_LOGIN = 'kkt', KKT_PASSWORD = 'Mock-register-1' } = process.env
const account = { authorization: `Basic ${btoa(`${KKT_LOGIN}:${KKT_PASSWORD}`)}` }
const { get, post } = at(`${register?.url}/api/v2`, limits.answerMs, account)

const fiscalParams = z.looseObject({ fiscalDocumentNumber: z.int(), fnNumber: z.string() })
const ended = z.looseObject({
  status: z.string(),
  error: z.unknown(),
  result: z.looseObject({ fiscalParams }).nullable(),
})
const results = z.looseObject({ results: z.tuple([ended]) })
const exchange = z.looseObject({ ofdExchangeStatus: z.looseObject({ notSentCount: z.int() }) })
const documents = z.looseObject({
  documents: z.array(z.looseObject({ kind: z.string(), fiscal_doc_number: z.int(), findings: z.array(z.unknown()) })),
})

/** Sells, and waits for the end. @returns the document's numbers */
async function sell() {
  const uuid = crypto.randomUUID()
  expect((await post('/requests', { uuid, request: [SALE] })).status).toBe(201)
  const { results: all } = await eventually(
    'the register to be done',
    async () => expectBody(await get(`/requests/${uuid}`), 200, results),
    {
      withinMs: limits.printedMs(1),
      until: ({ results: [task] }) => !['wait', 'inProgress'].includes(task.status),
    },
  )
  expect(all).toMatchObject([{ status: 'ready', error: { code: 0 } }])
  const { fnNumber = '', fiscalDocumentNumber = 0 } = all[0].result?.fiscalParams ?? {}
  return { fn: fnNumber, fd: fiscalDocumentNumber }
}

const unsentOf = async () =>
  expectBody(await post('/operations/queryOfdExchangeStatus'), 200, exchange).ofdExchangeStatus.notSentCount

const whenAllAreSent = () =>
  eventually('the register to have sent all', unsentOf, { withinMs: limits.deliveredMs, until: (count) => count === 0 })

const documentsOf = async (fn: string) =>
  expectBody(await ofd.get(`/_test/documents?fn_number=${fn}`), 200, documents).documents

describe.skipIf(register === null)('the cash register on the network', () => {
  test('hands a sale over by itself, and the judge finds nothing wrong with it', async () => {
    const { fn, fd } = await sell()
    await ofd.wait({ receipts: 1, receipt_id: `${fn}/${fd}` }, limits.deliveredMs)
    expect((await ofd.get(`/document/${fn}/${fd}`)).status).toBe(200)
    for (const { findings } of await documentsOf(fn)) expect(findings).toEqual([])
    expect(await ofd.health()).toMatchObject({ receipts_received: 1, judged_wrong: 0 })
  })

  test('counts what the OFD has not taken, and hands it over in order when the OFD is back', async () => {
    await whenAllAreSent()
    await ofd.configure({ permanent_failure: true })
    const sold = [await sell(), await sell(), await sell()]
    expect(await unsentOf()).toBeGreaterThanOrEqual(3)
    await ofd.configure({ permanent_failure: false })
    await whenAllAreSent()
    const kept = (await documentsOf(sold[0]?.fn ?? '')).map(({ fiscal_doc_number: fd }) => fd)
    expect(kept).toEqual(kept.toSorted((a, b) => a - b))
    expect(kept).toEqual(expect.arrayContaining(sold.map(({ fd }) => fd)))
    expect(await ofd.health()).toMatchObject({ receipts_received: 3, duplicates: 0, out_of_order: 0 })
  })

  test('asks for a document whose answer was lost, and sends it once', async () => {
    await whenAllAreSent()
    await ofd.configure({ effect_then_silence: { times: 1 }, deduplicate: false })
    const { fn, fd } = await sell()
    await whenAllAreSent()
    const copies = (await documentsOf(fn)).filter(({ fiscal_doc_number }) => fiscal_doc_number === fd)
    expect(copies).toHaveLength(1)
  })
})
