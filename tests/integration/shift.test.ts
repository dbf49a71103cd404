/** A shop opens its day, moves cash, reads its counters, and closes the day. */
import { describe, expect, test } from 'bun:test'
import { adapter } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { type Answer, expectBody, expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newKey, newPosId, receipt } from '../harness/receipts.ts'
import { onHealedStack } from '../harness/stack_state.ts'
import { usedKkt } from '../harness/used_kkt.ts'
import { shiftList, shiftNow, taskDone } from '../harness/wire_shift.ts'

onHealedStack()

const ask = (path: string, body: object = {}, key = newKey()) =>
  adapter.post(`/v1/kkt/${path}`, body, { 'idempotency-key': key })
const carriedOut = (answer: Answer) => expectBody(answer, 200, taskDone)
const shift = async () => expectBody(await adapter.get('/v1/kkt/shift'), 200, shiftNow)

/** Begins a shift of the test's own. @returns reads the documents of the FN since its opening */
async function freshShift() {
  // The cash of earlier tests is counted by the shift before it, even if it was moved while no shift was open.
  if ((await shift()).state === 'closed') carriedOut(await ask('shift/open'))
  carriedOut(await ask('shift/close'))
  const lastFd = await usedKkt.lastFd()
  const { fiscal_doc } = carriedOut(await ask('shift/open'))
  return { opening: fiscal_doc, documents: () => usedKkt.allDocuments(lastFd) }
}

test('a day has a document for its opening and one for its closing, and its totals are those of its receipts', async () => {
  const { opening, documents } = await freshShift()
  const before = await shift()
  expect(before).toMatchObject({
    state: 'opened',
    number: opening?.shift_number,
    totals: { sale: { count: 0, sum: 0 } },
  })
  const sold = receipt({ pos_id: newPosId('day') })
  const { fiscal_doc: first } = await adapter.print(sold)
  await adapter.print({ ...sold, type: 'refund' })
  carriedOut(await ask('cash/in', { amount: 500.5, reason: 'change' }))
  const report = carriedOut(await ask('x_report'))
  const counted = { count: 1, sum: first.total }
  const totals = { sale: counted, refund: counted, buy: { count: 0 }, cash_in: { count: 1, sum: 500.5 } }
  expect(report).toMatchObject({ fiscal_doc: null, totals })

  const closed = carriedOut(await ask('z_report'))
  expect(closed).toMatchObject({ totals, fiscal_doc: { kind: 'shift_closing', receipt_count: 2, document_count: 4 } })
  expect((await documents()).map(({ kind }) => kind)).toEqual(['shift_opening', 'receipt', 'receipt', 'shift_closing'])
  expect(await shift()).toMatchObject({ state: 'closed', number: before.number, opened_at: null })
  const { shifts } = expectBody(await adapter.get('/v1/kkt/shifts?limit=1'), 200, shiftList)
  expect(shifts).toMatchObject([{ number: before.number, opening, closing: closed.fiscal_doc, totals }])
  const slip = await adapter.get(`/v1/kkt/shifts/${first.fn_number}/${before.number}/slip`)
  expect([slip.status, slip.text]).toEqual([200, expect.stringContaining('ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ')])
})

test('a closed shift opens with the first receipt, and its answer says so, now and later', async () => {
  await freshShift()
  carriedOut(await ask('shift/close'))
  const [sold, key] = [receipt({ pos_id: newPosId('opens') }), newKey()]
  const opens = await adapter.print(sold, key)
  expect(opens.warnings.map(({ code }) => code)).toContain('shift_opened')
  expect(await adapter.print(sold, key)).toEqual(opens)
  expect((await adapter.print(sold)).warnings.map(({ code }) => code)).not.toContain('shift_opened')
})

describe('invariant 14: every task of the KKT once', () => {
  test('a closing whose answer got lost is found, and there is one', async () => {
    const { documents } = await freshShift()
    // The register makes the closing, and the answer to the request for it is lost.
    await usedKkt.trouble(
      { closing_reply_lost: 1 },
      { effect_then_silence: { times: 1, match: { task: 'closeShift' } } },
    )
    const key = newKey()
    const closed = await ask('shift/close', {}, key)
    expect(carriedOut(closed).fiscal_doc?.kind).toBe('shift_closing')
    const again = await ask('shift/close', {}, key)
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([closed.text, 'true'])
    expect((await documents()).map(({ kind }) => kind)).toEqual(['shift_opening', 'shift_closing'])
  })

  test('several who close at once get one closing', async () => {
    const { documents } = await freshShift()
    const answers = await Promise.all([1, 2, 3].map(() => adapter.post('/v1/kkt/shift/close')))
    const tasks = answers.filter(({ status }) => status === 200).map((answer) => carriedOut(answer).task_id)
    expect(new Set(tasks).size).toBe(1)
    // One that asked when the shift was closed is told so.
    for (const late of answers.filter(({ status }) => status !== 200))
      expect(expectProblem(late, 409).code).toBe('shift_closed')
    expect((await documents()).map(({ kind }) => kind)).toEqual(['shift_opening', 'shift_closing'])
  })

  test('cash with the same key is moved once, and another request with that key is refused', async () => {
    const before = (await usedKkt.cashMoves()).length
    const key = newKey()
    const [first, second] = await Promise.all([1, 2].map(() => ask('cash/in', { amount: 20 }, key)))
    expect(first && second && [carriedOut(first), carriedOut(second)]).toEqual([
      expect.objectContaining({ status: 'done' }),
      first && carriedOut(first),
    ])
    expect(expectProblem(await ask('cash/in', { amount: 21 }, key), 422).code).toBe('idempotency_key_reused')
    expect((await usedKkt.cashMoves()).slice(before)).toMatchObject([{ kind: 'cash_in', amount: 20 }])
  })
})

describe('nothing is done', () => {
  test('where the shift is open, or closed, already', async () => {
    await freshShift()
    expect(expectProblem(await ask('shift/open'), 409).code).toBe('shift_open')
    carriedOut(await ask('shift/close'))
    expect(expectProblem(await ask('shift/close'), 409).code).toBe('shift_closed')
  })

  test('where the drawer holds less, and the key stays free', async () => {
    const { drawer } = await shift()
    if (drawer === null) throw new Error('nobody counts the drawer')
    const before = await usedKkt.cashMoves()
    const roubles = (sum: number) => Math.round(sum * 100) / 100
    const [more, key] = [{ amount: roubles(Math.max(0, drawer) + 1) }, newKey()]
    expect(expectProblem(await ask('cash/out', more, key), 409).code).toBe('drawer_too_low')
    expect(await usedKkt.cashMoves()).toEqual(before)
    carriedOut(await ask('cash/in', { amount: roubles(more.amount - Math.min(0, drawer)) }))
    expect(carriedOut(await ask('cash/out', more, key))).toMatchObject({ drawer_counted_by: 'kkt' })
  })

  test('without a key for cash', async () => {
    expect(expectProblem(await adapter.post('/v1/kkt/cash/in', { amount: 1 }), 400).code).toBe('invalid_headers')
  })
})

test('an FN that was replaced is told of in the audit log and in health', async () => {
  const { old_fn_number, new_fn_number } = await usedKkt.replaceFn()
  await adapter.print(receipt({ pos_id: newPosId('fn') }))
  const told = await eventually('the new FN to be told of', () => adapter.events({ kind: 'kkt', limit: 1 }), {
    withinMs: limits.recoveredMs(1),
    until: ({ events: [newest] }) => newest?.to === new_fn_number,
  })
  expect(told.events).toMatchObject([{ from: old_fn_number }])
  expect((await adapter.health()).components.kkt).toMatchObject({
    replaced_fn: old_fn_number,
    fn_number: new_fn_number,
  })
})
