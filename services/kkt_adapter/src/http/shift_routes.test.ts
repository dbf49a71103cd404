import { describe, expect, test } from 'bun:test'
import { problemOf, startApp } from '../testing/app_kit.ts'
import { startGuarded } from '../testing/guarded_app.ts'
import { shiftAnswer, shiftPage } from './shift_routes.ts'
import { doneAnswer, openAnswer } from './task_answers.ts'

const HOUR_MS = 3_600_000

/** An app whose KKT has closed its first shift. */
function withClosedShift() {
  const app = startApp()
  app.kkt.shift = { kind: 'closed', number: 1 }
  const post = (path: string, body = '', headers: Record<string, string> = {}) =>
    app.ask('POST', `/v1/kkt/${path}`, { body, headers })
  return { ...app, post }
}

describe('the shift as it is', () => {
  test('is told as the KKT has it, with the time at which it closes by itself', async () => {
    const { ask, kkt, clock } = withClosedShift()
    const nowMs = clock.wallMs()
    kkt.clockMs = nowMs
    kkt.shift = { kind: 'opened', number: 7, openedAtMs: nowMs - HOUR_MS, expiresAtMs: nowMs + 23 * HOUR_MS }
    kkt.drawerKopecks = 123_45
    const { status, json } = await ask('GET', '/v1/kkt/shift')
    expect(status).toBe(200)
    const shift = shiftAnswer.parse(json)
    expect(shift).toMatchObject({ state: 'opened', number: 7, drawer: 123.45, drawer_counted_by: 'kkt' })
    expect(Date.parse(shift.opened_at ?? '')).toBe(nowMs - HOUR_MS)
    expect(Date.parse(shift.expires_at ?? '')).toBe(nowMs + 23 * HOUR_MS)
    expect(Date.parse(shift.closes_at ?? '')).toBeWithin(nowMs, nowMs + 23 * HOUR_MS)
    expect(shift.totals.sale).toEqual({
      count: 0,
      sum: 0,
      payments: { cash: 0, card: 0, prepaid: 0, credit: 0, other: 0 },
    })
  })

  test('has no times where it is closed, and the drawer by the adapter where the KKT keeps no sum', async () => {
    const { json } = await withClosedShift().ask('GET', '/v1/kkt/shift')
    expect(json).toMatchObject({ state: 'closed', number: 1, opened_at: null, expires_at: null, closes_at: null })
    expect(json).toMatchObject({ drawer: 0, drawer_counted_by: 'adapter' })
  })

  test('is asked of the KKT once: a register takes several requests for it', async () => {
    const { ask, kkt } = withClosedShift()
    kkt.state = async () => {
      throw new Error('The KKT was asked a second time')
    }
    expect(await ask('GET', '/v1/kkt/shift')).toMatchObject({ status: 200 })
  })

  test('is a 503 where the KKT does not answer', async () => {
    const { ask, kkt } = withClosedShift()
    kkt.shiftReport = async () => null
    const { status, json, headers } = await ask('GET', '/v1/kkt/shift')
    expect([status, problemOf(json).code, headers.has('retry-after')]).toEqual([503, 'kkt_silent', true])
  })
})

describe('opening and closing', () => {
  test('answer with the document of the shift, also without any body, and the shifts are listed', async () => {
    const { post, ask, stop } = withClosedShift()
    const opened = await post('shift/open')
    expect([opened.status, opened.headers.get('idempotency-replayed')]).toEqual([200, null])
    const opening = doneAnswer.parse(opened.json)
    expect(opening.fiscal_doc).toMatchObject({ kind: 'shift_opening', shift_number: 2 })
    expect(opening.message).toBe('The shift is open.')
    const closing = doneAnswer.parse((await post('shift/close')).json)
    expect(closing.fiscal_doc).toMatchObject({ kind: 'shift_closing', shift_number: 2, receipt_count: 0 })
    expect(closing.totals?.sale.count).toBe(0)
    const { shifts, next_cursor } = shiftPage.parse((await ask('GET', '/v1/kkt/shifts')).json)
    expect(shifts).toHaveLength(1)
    expect(shifts[0]).toMatchObject({
      number: 2,
      opening: opening.fiscal_doc,
      closing: closing.fiscal_doc,
      totals: { sale: { count: 0 } },
    })
    expect(next_cursor).toBeNull()
    await stop()
  })

  test('name the cashier that is said, or that of the settings', async () => {
    const { post, kkt, stop } = withClosedShift()
    const works: unknown[] = []
    kkt.onPerform = async ({ work }, perform) => {
      works.push(work)
      return perform()
    }
    await post('shift/open', '{"cashier":{"name":"Иванова А. А.","inn":"123456789047"}}')
    await post('z_report', '{"cashier":{"name":"Петрова"}}')
    await post('shift/open')
    expect(works).toEqual([
      { kind: 'open_shift', cashier: { name: 'Иванова А. А.', inn: '123456789047' } },
      { kind: 'close_shift', shiftNumber: 2, cashier: { name: 'Петрова' } },
      { kind: 'open_shift', cashier: { name: 'Иванова А. А.' } },
    ])
    await stop()
  })

  test('are a 409 where there is nothing to open or to close, and nothing is journaled', async () => {
    const { post, kkt, journal, stop } = withClosedShift()
    const codeOf = async (path: string) => {
      const { status, json } = await post(path)
      return [status, problemOf(json).code]
    }
    expect(await codeOf('shift/close')).toEqual([409, 'shift_closed'])
    expect(await codeOf('z_report')).toEqual([409, 'shift_closed'])
    kkt.shift = { kind: 'opened', number: 2, openedAtMs: 0, expiresAtMs: Number.MAX_SAFE_INTEGER }
    expect(await codeOf('shift/open')).toEqual([409, 'shift_open'])
    kkt.shift = { ...kkt.shift, kind: 'expired' }
    expect(await codeOf('shift/open')).toEqual([409, 'shift_expired'])
    expect(journal.tasks.list({ status: null, kind: null }, null, 10).items).toEqual([])
    await stop()
  })

  test.each([
    ['open', { kind: 'closed', number: 1 }, 'shift_open'],
    ['close', { kind: 'opened', number: 1, openedAtMs: 0, expiresAtMs: 24 * HOUR_MS }, 'shift_closed'],
  ] as const)(
    'are a 409 for the second of two who %s it at once, also when it asks again',
    async (what, shift, code) => {
      const { kkt, post } = withClosedShift()
      kkt.shift = shift
      const keys = ['first', 'second']
      const ask = (key: string) => post(`shift/${what}`, '', { 'idempotency-key': key })
      const both = await Promise.all(keys.map(ask))
      const again = await Promise.all(keys.map(ask))
      for (const answers of [both, again]) {
        expect(answers.map(({ status }) => status)).toEqual([200, 409])
        expect(problemOf(answers[1]?.json).code).toBe(code)
      }
      expect(kkt.tasks).toHaveLength(1)
    },
  )

  test('invariant 14, every task of the KKT once: a closing with a known key is answered as before, in the next shift', async () => {
    const { post, kkt, stop } = withClosedShift()
    await post('shift/open')
    const key = { 'idempotency-key': 'closing-of-Monday' }
    const first = await post('shift/close', '{}', key)
    await post('shift/open')
    const again = await post('shift/close', '{}', key)
    expect(again.json).toEqual(first.json)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    expect(kkt.tasks).toHaveLength(3)
    expect(kkt.shift).toMatchObject({ kind: 'opened', number: 3 })
    const reused = await post('x_report', '{}', key)
    expect([reused.status, problemOf(reused.json).code]).toEqual([422, 'idempotency_key_reused'])
    await stop()
  })

  test('that named no cashier are known by their key when the settings have another one by now', async () => {
    const { post, kkt, state, stop } = withClosedShift()
    const key = { 'idempotency-key': 'opening' }
    const first = await post('shift/open', '', key)
    state.tillDefaults = { ofReceipt: {}, ofItems: {} }
    expect((await post('shift/open', '', key)).json).toEqual(first.json)
    const other = await post('shift/open', '{"cashier":{"name":"Петрова"}}', key)
    expect([other.status, problemOf(other.json).code, kkt.tasks.length]).toEqual([422, 'idempotency_key_reused', 1])
    await stop()
  })

  test('are 202 with the id where the KKT takes longer than KKT_PRINT_TIMEOUT, and go on', async () => {
    const { post, ask, kkt, clock, deps, stop } = withClosedShift()
    const gate = Promise.withResolvers<void>()
    kkt.onPerform = async (_task, perform) => {
      await gate.promise
      return perform()
    }
    const answer = post('shift/open')
    await clock.advance(deps.printTimeoutMs)
    const { status, json } = await answer
    expect(status).toBe(202)
    const { task_id: id, status: standing } = openAnswer.parse(json)
    expect(standing).toBe('asked')
    gate.resolve()
    await clock.advance(1)
    expect((await ask('GET', `/v1/kkt/task/${id}`)).json).toMatchObject({ kind: 'open_shift', status: 'done' })
    await stop()
  })

  test.each([
    ['shift/open', '{"cashier":{"name":""}}', '/cashier/name'],
    ['shift/close', '{"kassir":1}', ''],
    ['x_report', '{"cashier":{"name":"A"}}', ''],
  ])('refuse a field that is wrong or unknown: %s %s', async (path, body, pointer) => {
    const { post, kkt } = withClosedShift()
    const { status, json } = await post(path, body)
    expect([status, problemOf(json)]).toEqual([422, expect.objectContaining({ code: 'invalid_body' })])
    expect(json).toMatchObject({ errors: [{ pointer }] })
    expect(kkt.tasks).toEqual([])
  })
})

test('shifts are listed page by page, the newest first', async () => {
  const { post, ask, kkt, stop } = withClosedShift()
  for (let i = 0; i < 3; i++) {
    await post('shift/open')
    await post('shift/close')
  }
  const page = async (query: string) => shiftPage.parse((await ask('GET', `/v1/kkt/shifts?${query}`)).json)
  const first = await page('limit=2')
  expect([first.shifts.map(({ number }) => number), first.next_cursor]).toEqual([[4, 3], `${kkt.fnNumber}-3`])
  const second = await page(`limit=2&cursor=${first.next_cursor}`)
  expect([second.shifts.map(({ number }) => number), second.next_cursor]).toEqual([[2], null])
  const wrong = await ask('GET', '/v1/kkt/shifts?cursor=3')
  expect([wrong.status, problemOf(wrong.json).code]).toEqual([422, 'invalid_query'])
  await stop()
})

test('an X report answers with the counters, and changes nothing', async () => {
  const { post, kkt, stop } = withClosedShift()
  const { status, json } = await post('x_report')
  expect([status, doneAnswer.parse(json)]).toEqual([
    200,
    expect.objectContaining({ fiscal_doc: null, message: 'The report is made. The shift goes on.' }),
  ])
  expect(doneAnswer.parse(json).totals?.cash_in).toEqual({ count: 0, sum: 0 })
  expect(kkt.shift).toEqual({ kind: 'closed', number: 1 })
  await stop()
})

test('a task that the KKT refuses is a 502 with its reason, and while the adapter stops nothing is taken', async () => {
  const { post, kkt, state, stop } = withClosedShift()
  kkt.onPerform = async () => ({ kind: 'refused', isLasting: true, reason: 'no cashier is logged in' })
  const { status, json } = await post('x_report')
  expect([status, problemOf(json).code]).toEqual([502, 'task_refused'])
  expect(problemOf(json).detail).toContain('no cashier is logged in')
  state.isStopping = true
  const stopping = await post('x_report')
  expect([stopping.status, problemOf(stopping.json).code]).toEqual([503, 'shutting_down'])
  await stop()
})

test('the words are in the language of the client', async () => {
  const { post, stop } = withClosedShift()
  const { json, headers } = await post('shift/open', '', { 'accept-language': 'ru' })
  expect([json, headers.get('content-language')]).toEqual([
    expect.objectContaining({ message: 'Смена открыта.' }),
    'ru',
  ])
  await stop()
})

test('a till may close the shift, and only an operator settles', async () => {
  const { as, till1, office, kkt, stop } = startGuarded()
  kkt.shift = { kind: 'closed', number: 1 }
  expect((await as(till1)('POST', '/v1/kkt/shift/open')).status).toBe(200)
  expect((await as(office)('POST', '/v1/kkt/shift/close')).status).toBe(200)
  await stop()
})
