/** The faults of real cash registers: lost replies, no paper, busy, full, slow, away. */
import { describe, expect, test } from 'bun:test'
import { adapter, kkt, ofd } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { expectFiscalDocOf } from '../harness/fiscal_doc.ts'
import { expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newKey, newPosId, type Receipt, receipt } from '../harness/receipts.ts'
import { deliveredFds, hurry, onHealedStack, whenStatus, whenSynced } from '../harness/stack_state.ts'
import { sellsOnRegister } from '../harness/under_test.ts'
import { usedKkt } from '../harness/used_kkt.ts'

onHealedStack()

const OF_SALE = { match: { task: 'sell' } }
/** The driver's numbers of its errors. */
const [BUSY, WRONG_PRICE] = [55, 16]
/** ATOL's wire tells of no such trouble. There the receipt's `last_error` tells it. */
const CLOCK_BEHIND = sellsOnRegister ? null : 'clock_behind'
const errorOfSale = (code: number, times: number) => ({ task_error: { code, times, ...OF_SALE } })

const sale = () => receipt({ pos_id: newPosId('kkt') })

const ofKkt = async () => (await adapter.health()).components.kkt

/** Starts reading the FN's documents at this moment: those of receipts, or all. */
async function sinceNow() {
  const lastFd = await usedKkt.lastFd()
  const all = () => usedKkt.allDocuments(lastFd)
  return Object.assign(async () => (await all()).filter(({ kind }) => kind === 'receipt'), { all })
}

/** The states of a receipt, in order. */
const statesOf = async (receipt_id: string) =>
  (await adapter.events({ receipt_id, kind: 'receipt' })).events.map(({ to }) => to).reverse()

/** For receipts that wait for a fault to end: their tills are answered soon. */
const answerSoon = () => hurry({ kkt_print_timeout: sellsOnRegister ? 1.5 : 0.2 })

/** Replays the receipt until it is answered as printed. */
const whenPrinted = (sold: Receipt, key: string) =>
  eventually('the receipt to be answered as printed', () => adapter.take(sold, key), {
    withinMs: limits.recoveredMs(1),
    until: ({ status }) => status === 'printed',
  })

/** Posts a receipt without waiting for the answer, and waits until the adapter has queued it. */
async function queue(sold: Receipt, unprinted: number) {
  const answer = adapter.take(sold)
  await whenStatus(`${unprinted} to be unprinted`, (status) => status.unprinted === unprinted, limits.printTimeoutMs)
  return { answer }
}

// Those of a register on the network are lost elsewhere: lost_answers.test.ts.
describe.skipIf(sellsOnRegister)('invariant 3: the KKT’s outcome is asked for, never guessed', () => {
  test('a lost reply: the document is found, and there is one', async () => {
    const inFn = await sinceNow()
    await kkt.configure({ reply_lost: 1 })
    const sold = sale()
    const { receipt_id, fiscal_doc } = await adapter.print(sold)
    expectFiscalDocOf(sold, fiscal_doc)
    expect(await statesOf(receipt_id)).toContain('unknown')
    expect(await inFn()).toMatchObject([{ receipt_id, fiscal_doc_number: fiscal_doc.fiscal_doc_number }])
    await whenSynced(receipt_id)
    expect(await deliveredFds(sold.pos_id)).toEqual([fiscal_doc.fiscal_doc_number])
  })

  test('a connection that broke earlier: nothing is found, and the receipt is printed once', async () => {
    const inFn = await sinceNow()
    await kkt.configure({ connection_lost: 1 })
    const { receipt_id } = await adapter.print(sale())
    expect(await statesOf(receipt_id)).toContain('unknown')
    expect(await inFn()).toMatchObject([{ receipt_id, on_paper: true }])
  })

  test('a KKT that cannot answer the look-up: nothing else is printed, and later all are, in order', async () => {
    const inFn = await sinceNow()
    await answerSoon()
    const posId = newPosId('kkt')
    const [first, ...later] = [receipt({ pos_id: posId }), receipt({ pos_id: posId }), receipt({ pos_id: posId })]
    await kkt.configure({ reply_lost: 1, lookup_lost: 1000 })
    const queued = [await queue(first, 1)]
    await whenStatus('the outcome to be unknown', ({ unknown }) => unknown === 1, limits.printTimeoutMs)
    for (const [n, next] of later.entries()) queued.push(await queue(next, n + 2))
    const answers = await Promise.all(queued.map(({ answer }) => answer))
    expect(answers).toMatchObject([{ status: 'buffered' }, { status: 'buffered' }, { status: 'buffered' }])

    const ids = answers.map(({ receipt_id }) => receipt_id)
    expect(await adapter.receipt(ids[0] ?? '')).toMatchObject({ status: 'unknown', fiscal_doc: null })
    expect(await adapter.status()).toMatchObject({ unprinted: 3, unknown: 1 })
    const health = await adapter.health()
    expect(health).toMatchObject({
      status: 'degraded',
      components: { kkt: { status: 'degraded', unknown_outcomes: 1 } },
    })
    expect(await inFn()).toHaveLength(1)

    await kkt.configure({ lookup_lost: 0 })
    await whenStatus('all to be printed', ({ unprinted }) => unprinted === 0, limits.recoveredMs(3))
    for (const id of ids) await whenSynced(id)
    const documents = await inFn()
    expect(documents.map(({ receipt_id }) => receipt_id)).toEqual(ids)
    expect(await deliveredFds(posId)).toEqual(documents.map(({ fiscal_doc_number }) => fiscal_doc_number))
    expect(await ofKkt()).toMatchObject({ status: 'healthy', unknown_outcomes: 0 })
  })

  test('a KKT that is away for a while: the receipt waits, and is printed once', async () => {
    const inFn = await sinceNow()
    await answerSoon()
    await kkt.configure({ gone: true })
    const [sold, key] = [sale(), newKey()]
    expect(await adapter.take(sold, key)).toMatchObject({ status: 'buffered', fiscal_doc: null })
    expect(await ofKkt()).toMatchObject({ status: 'degraded', kkt_number: null, last_fiscal_doc_number: null })
    expect(await inFn()).toEqual([])

    await kkt.configure({ gone: false })
    const { receipt_id } = await whenPrinted(sold, key)
    expect(await inFn()).toMatchObject([{ receipt_id, on_paper: true }])
  })
})

describe('a fiscalised receipt without paper', () => {
  test('is answered so, is delivered, and is answered as printed with the same document once there is paper', async () => {
    const inFn = await sinceNow()
    await usedKkt.trouble({ paper_out: true })
    const [sold, key] = [sale(), newKey()]
    const answer = await adapter.take(sold, key)
    expect(answer).toMatchObject({ status: 'buffered', paper: 'missing', message: expect.stringContaining('paper') })
    const { receipt_id } = answer
    const { fiscal_doc } = await whenSynced(receipt_id)
    if (!fiscal_doc) throw new Error('the receipt has no fiscal document')
    expectFiscalDocOf(sold, fiscal_doc)
    expect(await deliveredFds(sold.pos_id)).toEqual([fiscal_doc.fiscal_doc_number])
    expect(await inFn()).toMatchObject([{ receipt_id, on_paper: false }])
    expect(await adapter.status()).toMatchObject({ unprinted: 0, without_paper: 1 })
    expect(await ofKkt()).toMatchObject({ status: 'degraded', trouble: 'paper_out', without_paper: 1 })
    expect(await adapter.take(sold, key)).toEqual(answer)

    await usedKkt.trouble({ paper_out: false })
    expect(await whenPrinted(sold, key)).toMatchObject({ receipt_id, fiscal_doc })
    expect(await inFn()).toMatchObject([{ receipt_id, on_paper: true }])
    expect(await ofKkt()).toMatchObject({ status: 'healthy', trouble: null, without_paper: 0 })
  })

  test('is answered for good once the FN was replaced, because the next one cannot print it', async () => {
    await usedKkt.trouble({ paper_out: true })
    const [sold, key] = [sale(), newKey()]
    const { receipt_id, fiscal_doc } = await adapter.take(sold, key)
    await whenSynced(receipt_id)
    await usedKkt.replaceFn()
    await usedKkt.trouble({ paper_out: false })
    expect(await whenPrinted(sold, key)).toMatchObject({ fiscal_doc, paper: 'missing' })
    expect(await adapter.status()).toMatchObject({ without_paper: 0 })
  })

  test('keeps the next receipt from being fiscalised until its own paper is out', async () => {
    const inFn = await sinceNow()
    await usedKkt.trouble({ paper_out: true })
    const first = await adapter.take(sale())
    const { answer } = await queue(sale(), 1)
    expect(await inFn()).toHaveLength(1)

    await usedKkt.trouble({ paper_out: false })
    const { receipt_id } = await answer
    await whenSynced(receipt_id, limits.recoveredMs(2) + limits.deliveredMs)
    expect(await inFn()).toMatchObject([
      { receipt_id: first.receipt_id, on_paper: true },
      { receipt_id, on_paper: true },
    ])
  })
})

test('a busy KKT is asked again until it is free', async () => {
  const inFn = await sinceNow()
  await usedKkt.trouble({ busy: 2 }, errorOfSale(BUSY, 2))
  const { receipt_id } = await adapter.print(sale())
  expect(await inFn()).toMatchObject([{ receipt_id, on_paper: true }])
})

test('an expired shift is closed and the next one opened with a document each, and receipts are counted from 1 again', async () => {
  const before = (await adapter.print(sale())).fiscal_doc
  const inFn = await sinceNow()
  await usedKkt.trouble({ shift_expired: true })
  // The register's last report may be half a second old.
  const troubled = await eventually('health to tell of it', ofKkt, {
    withinMs: limits.answerMs,
    until: ({ trouble }) => trouble !== null,
  })
  expect(troubled).toMatchObject({ status: 'degraded', trouble: 'shift_expired' })
  const after = (await adapter.print(sale())).fiscal_doc
  expect(after.shift_number).toBe(before.shift_number + 1)
  expect(after.receipt_number).toBe(1)
  expect(after.fiscal_doc_number).toBe(before.fiscal_doc_number + 3)
  expect((await inFn.all()).map(({ kind }) => kind)).toEqual(['shift_closing', 'shift_opening', 'receipt'])
  await eventually('the trouble to be over', ofKkt, {
    withinMs: limits.answerMs,
    until: ({ trouble }) => trouble === null,
  })
})

test('a KKT whose clock is behind its last document signs nothing until it is set right', async () => {
  await adapter.print(sale())
  const inFn = await sinceNow()
  await answerSoon()
  await usedKkt.trouble({ clock_behind_seconds: 600 }, { clock_off: -600 })
  const [sold, key] = [sale(), newKey()]
  expect(await adapter.take(sold, key)).toMatchObject({ status: 'buffered', fiscal_doc: null })
  expect(await ofKkt()).toMatchObject({ status: 'degraded', trouble: CLOCK_BEHIND })
  expect(await inFn.all()).toEqual([])

  await usedKkt.trouble({ clock_behind_seconds: 0 }, { clock_off: null })
  const { receipt_id } = await whenPrinted(sold, key)
  expect(await inFn()).toMatchObject([{ receipt_id, on_paper: true }])
})

test('a receipt that the KKT will never sign is refused by itself, and the next one is printed', async () => {
  const inFn = await sinceNow()
  await usedKkt.trouble({ receipt_refused: 1 }, errorOfSale(WRONG_PRICE, 1))
  const [sold, key] = [sale(), newKey()]
  for (let n = 0; n < 2; n += 1) {
    const { code, detail } = expectProblem(await adapter.postReceipt(sold, key), 502)
    expect(code).toBe('kkt_refused')
    expect(detail).toContain(
      sellsOnRegister
        ? 'a price, a quantity or the size of the receipt does not suit the KKT'
        : 'the KKT does not take this receipt',
    )
  }
  expect((await adapter.receipts({ pos_id: sold.pos_id })).receipts).toMatchObject([{ status: 'refused' }])
  const { receipt_id } = await adapter.print(sale())
  expect(await inFn()).toMatchObject([{ receipt_id }])
})

test('a full FN stops the intake, and the receipt that met it is printed once, by the FN that replaces it', async () => {
  await answerSoon()
  // After a refusal the KKT is asked how it is before the next receipt is taken.
  await adapter.print(sale())
  const inFn = await sinceNow()
  await usedKkt.trouble({ fn_full: true })
  const [sold, key] = [sale(), newKey()]
  expect(await adapter.take(sold, key)).toMatchObject({ status: 'buffered', fiscal_doc: null })
  expect(await ofKkt()).toMatchObject({ status: 'degraded', trouble: 'fn_full' })
  // Until an operator has acted, no further receipt is journaled.
  const turnedAway = await adapter.postReceipt(sale(), newKey())
  expect(expectProblem(turnedAway, 503).code).toBe('kkt_unfit')
  expect(turnedAway.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  expect(await inFn()).toEqual([])

  const { old_fn_number, new_fn_number } = await usedKkt.replaceFn()
  const { receipt_id, fiscal_doc } = await whenPrinted(sold, key)
  expect(fiscal_doc).toMatchObject({ fn_number: new_fn_number, fiscal_doc_number: 3, shift_number: 1 })
  expect((await usedKkt.allDocuments(0)).filter(({ kind }) => kind === 'receipt')).toMatchObject([{ receipt_id }])
  const inOld = sellsOnRegister ? [] : await kkt.documentsOf(old_fn_number)
  expect(inOld.map(({ receipt_id }) => receipt_id)).not.toContain(receipt_id)
  await whenSynced(receipt_id)
})

test('an FN whose documents were unconfirmed for 30 days signs nothing, and again once they are confirmed', async () => {
  await answerSoon()
  const { receipt_id } = await adapter.print(sale())
  await whenSynced(receipt_id)
  const inFn = await sinceNow()
  await ofd.configure({ permanent_failure: true })
  const held = await adapter.print(sale())
  await usedKkt.trouble({ unsent_for_days: 31 }, { unsent: { days: 31 } })
  const [sold, key] = [sale(), newKey()]
  expect(await adapter.take(sold, key)).toMatchObject({ status: 'buffered' })
  expect(await ofKkt()).toMatchObject({ status: 'degraded', trouble: 'fn_unsent_too_long' })
  expect(await inFn()).toMatchObject([{ receipt_id: held.receipt_id }])

  await ofd.configure({ permanent_failure: false })
  const printed = await whenPrinted(sold, key)
  expect((await inFn()).map(({ receipt_id }) => receipt_id)).toEqual([held.receipt_id, printed.receipt_id])
})

test('a receipt that prints slowly is answered as buffered, and later as printed', async () => {
  const inFn = await sinceNow()
  const { kkt_print_timeout } = await answerSoon()
  const slow = kkt_print_timeout + 1.5
  // Long enough for the checks in between, on a machine that stalls at times.
  await usedKkt.trouble({ slow_print_seconds: slow }, { slow: { seconds: slow, times: 1, ...OF_SALE } })
  const [sold, key] = [sale(), newKey()]
  const { status, receipt_id } = await adapter.take(sold, key)
  expect(status).toBe('buffered')
  expect(await adapter.receipt(receipt_id)).toMatchObject({ status: 'printing', fiscal_doc: null })
  // A register on the network is slow before it makes the document.
  expect(await inFn()).toMatchObject(sellsOnRegister ? [] : [{ receipt_id, on_paper: false }])

  const { fiscal_doc } = await whenPrinted(sold, key)
  expect(await inFn()).toMatchObject([{ receipt_id, on_paper: true }])
  expect(fiscal_doc?.fiscal_doc_number).toBe((await inFn())[0]?.fiscal_doc_number ?? 0)
})

test.skipIf(sellsOnRegister)('an unknown fault is refused, and changes nothing', async () => {
  const answer = await kkt.post('/config', { busy: 7, paper_gone: true })
  expect(expectProblem(answer, 422).errors).toMatchObject([{ pointer: '/paper_gone' }])
  expect(await kkt.configure({})).toMatchObject({ busy: 0 })
})
