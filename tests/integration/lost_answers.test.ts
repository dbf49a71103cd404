/** Troubles that only a register on the network has: answers, results and the queue get lost, and its service goes away. */
import { describe, expect, test } from 'bun:test'
import { adapter, ofd, register } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newKey, newPosId, type Receipt, receipt } from '../harness/receipts.ts'
import { deliveredFds, hurry, onHealedStack, whenStatus, whenSynced } from '../harness/stack_state.ts'
import { sellsOnRegister } from '../harness/under_test.ts'
import { usedKkt } from '../harness/used_kkt.ts'

onHealedStack()

const sale = () => receipt({ pos_id: newPosId('lost') })
function requireRegister() {
  if (register === null) throw new Error('the stack has no register')
  return register
}
const strike = (faults: Record<string, unknown>) => requireRegister().configure(faults)
const OF_SALE = { match: { task: 'sell' } }
/** Longer than a till waits, and than the adapter's own pauses. */
const AWAY_SECONDS = 2

/** Reads the receipts' documents that are made from now on. */
async function sinceNow() {
  const lastFd = await usedKkt.lastFd()
  return async () => (await usedKkt.allDocuments(lastFd)).filter(({ kind }) => kind === 'receipt')
}

/** The numbers on the last document, as a person reads them. */
async function lastPaper() {
  const [paper] = await requireRegister().documents((await usedKkt.lastFd()) - 1)
  if (paper === undefined) throw new Error('the FN has no document')
  const { fd_number: fd, fiscal_sign: fpd, fiscal_datetime, shift_number } = paper
  return { fd, fpd, fiscal_datetime, shift_number, receipt_number: 1 }
}

/** The lines of the audit log about a receipt, the oldest first. */
const linesOf = async (receipt_id: string) =>
  (await adapter.events({ receipt_id, kind: 'receipt', limit: 50 })).events
    .map(({ from, to, detail }) => ({ from, to, detail }))
    .toReversed()

/** Replays the sale until it is answered as printed. */
const whenPrinted = (sold: Receipt, key: string) =>
  eventually('the receipt to be answered as printed', () => adapter.take(sold, key), {
    withinMs: limits.recoveredMs(1) + AWAY_SECONDS * 1000,
    until: ({ status }) => status === 'printed',
  })

/** Expects one document of the receipt in the FN, and the same one at the OFD. */
async function expectOnce(inFn: () => Promise<object[]>, { pos_id }: Receipt, receipt_id: string) {
  expect(await inFn()).toMatchObject([{ receipt_id, on_paper: true }])
  const { fiscal_doc } = await whenSynced(receipt_id)
  expect(await deliveredFds(pos_id)).toEqual([fiscal_doc?.fiscal_doc_number ?? 0])
}

describe.skipIf(!sellsOnRegister)('invariants 2 and 3: one document, whatever gets lost', () => {
  test.each(['reset_before_effect', 'effect_then_silence'])(
    'the request for a document, or its answer: %s',
    async (fault) => {
      const inFn = await sinceNow()
      await strike({ [fault]: { times: 1, ...OF_SALE } })
      const [sold, key] = [sale(), newKey()]
      await adapter.take(sold, key)
      const { receipt_id } = await whenPrinted(sold, key)
      await expectOnce(inFn, sold, receipt_id)
      expect(await requireRegister().calls({ fault })).toHaveLength(1)
      // The same request was sent again: no second attempt was begun.
      const attempt = expect.stringMatching(/^attempt 1, when the last document of FN \d{16} was FD \d+$/)
      expect(await linesOf(receipt_id)).toEqual([
        { from: null, to: 'accepted', detail: null },
        { from: 'accepted', to: 'printing', detail: null },
        { from: 'printing', to: 'printing', detail: attempt },
        { from: 'printing', to: 'pending', detail: null },
        { from: 'pending', to: 'synced', detail: null },
      ])
    },
  )

  test.each([
    ['made', true, [1]],
    ['not made', false, [1, 2]],
  ])('a request that stands blocked, and whose document turns out to be %s', async (_how, made, attempts) => {
    const inFn = await sinceNow()
    await hurry({ kkt_print_timeout: 0.5 })
    await strike({ blocked: { made, seconds: AWAY_SECONDS, times: 1, ...OF_SALE } })
    const [sold, key] = [sale(), newKey()]
    expect(await adapter.take(sold, key)).toMatchObject({ status: 'buffered', fiscal_doc: null })
    const { receipt_id } = await whenPrinted(sold, key)
    await expectOnce(inFn, sold, receipt_id)
    const told = (await linesOf(receipt_id)).flatMap(({ detail }) => /^attempt (\d+)/.exec(String(detail))?.[1] ?? [])
    expect(told.map(Number)).toEqual(attempts)
  })

  test('results that were deleted before anybody had read them: the document is found in the FN', async () => {
    const inFn = await sinceNow()
    await hurry({ kkt_print_timeout: 0.2 })
    await strike({ request_unknown: 20 })
    const [sold, key] = [sale(), newKey()]
    await adapter.take(sold, key)
    await eventually('the document to be in the FN', inFn, {
      withinMs: limits.printedMs(1),
      until: ({ length }) => length === 1,
    })
    await strike({ results_deleted: true, request_unknown: null })
    const { receipt_id } = await whenPrinted(sold, key)
    await expectOnce(inFn, sold, receipt_id)
  })

  test.each([
    ['kept', true],
    ['kept', false],
    ['lost', true],
    ['lost', false],
  ])('its service dies at a sale and is back, its queue %s, the document made: %p', async (queue, made) => {
    const inFn = await sinceNow()
    await hurry({ kkt_print_timeout: 0.5 })
    await strike({ slow: { seconds: 1, times: 1, ...OF_SALE } })
    const [sold, key] = [sale(), newKey()]
    expect(await adapter.take(sold, key)).toMatchObject({ status: 'buffered', fiscal_doc: null })
    await strike({ restart: { queue, made, seconds: AWAY_SECONDS } })
    const { receipt_id } = await whenPrinted(sold, key)
    await expectOnce(inFn, sold, receipt_id)
  })

  test('its service is away: receipts are taken and wait, and each is printed once, in their order', async () => {
    const inFn = await sinceNow()
    await hurry({ kkt_print_timeout: 0.2 })
    await strike({ restart: { seconds: AWAY_SECONDS } })
    const pos_id = newPosId('away')
    const taken = []
    for (let n = 0; n < 3; n += 1) taken.push(await adapter.take(receipt({ pos_id })))
    expect(taken.map(({ fiscal_doc }) => fiscal_doc)).toEqual([null, null, null])
    expect((await adapter.health()).components.kkt).toMatchObject({ status: 'degraded', kkt_number: null })
    const silent = await adapter.get('/v1/kkt/shift')
    expect(expectProblem(silent, 503).code).toBe('kkt_silent')

    await whenStatus(
      'all to be printed',
      ({ unprinted }) => unprinted === 0,
      limits.recoveredMs(3) + AWAY_SECONDS * 1000,
    )
    const ids = taken.map(({ receipt_id }) => receipt_id)
    for (const id of ids) await whenSynced(id)
    expect((await inFn()).map(({ receipt_id }) => receipt_id)).toEqual(ids)
    expect(await deliveredFds(pos_id)).toEqual((await inFn()).map(({ fiscal_doc_number: fd }) => fd))
  })

  test('an FN that is swapped while a document is on its way: a person says what became of it, and the next one is sold', async () => {
    await hurry({ kkt_print_timeout: 0.2 })
    await strike({ request_unknown: 1000 })
    const inFn = await sinceNow()
    const { receipt_id } = await adapter.take(sale())
    await eventually('the document to be in the FN', inFn, {
      withinMs: limits.printedMs(1),
      until: ({ length }) => length === 1,
    })
    const onPaper = await lastPaper()
    await strike({ fn_swapped: true, results_deleted: true, request_unknown: null })
    await whenStatus('the outcome to be told as not known', ({ untold }) => untold === 1, limits.recoveredMs(1))
    expect((await adapter.receipts({ status: 'unknown', limit: 5 })).receipts).toMatchObject([{ receipt_id }])
    await hurry({ kkt_print_timeout: limits.printTimeoutMs / 1000 })
    const { fiscal_doc } = await adapter.print(sale())
    expect(fiscal_doc.fiscal_doc_number).toBe(3)
    // The person reads it on the paper.
    const settled = await adapter.post(`/v1/kkt/receipt/${receipt_id}/settle`, { printed: true, ...onPaper })
    expect([settled.status, settled.text]).toEqual([200, expect.stringContaining(receipt_id)])
    expect(await adapter.status()).toMatchObject({ untold: 0, untraced: 1 })
  })

  test('invariant 7: an outage of the OFD holds nothing up, and the register sends all when it is over', async () => {
    await ofd.configure({ permanent_failure: true })
    const pos_id = newPosId('outage')
    const sold = []
    for (let n = 0; n < 3; n += 1) sold.push(await adapter.print(receipt({ pos_id })))
    expect(await adapter.status()).toMatchObject({ pending: 3, current_queued: 0, dlq_size: 0 })
    expect(await adapter.sync()).toMatchObject({ synced: 0, skipped: 3, remaining: 3 })
    await ofd.configure({ permanent_failure: false })
    for (const { receipt_id } of sold)
      expect(await whenSynced(receipt_id)).toMatchObject({ ofd_id: null, retry_count: 0 })
    expect(await deliveredFds(pos_id)).toEqual(sold.map(({ fiscal_doc }) => fiscal_doc.fiscal_doc_number))
  })
})
