/** The whole: the service on its wire, the driver behind it, and a register with its memory. */
import { describe, expect, test } from 'bun:test'
import { asking } from '@kkt/fault-kit/testing.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { SALE } from './docs/examples.ts'
import { requestEntries } from './docs/request_entries.ts'
import { openAt } from './testing/registers.ts'
import { AUTH, uuidOf } from './testing/service.ts'
import { sharedMockKkt } from './testing/shared.ts'
import { results } from './wire/schema.ts'

const LONGEST_TASK_MS = 5000

function build() {
  const clock = new TestClock()
  const mock = sharedMockKkt({
    clock,
    logger: createLogger('test', 'error', () => undefined),
    register: openAt({ clock }),
    db: openDatabase(':memory:'),
    account: { login: 'kkt', password: 'Mock-register-1' },
    startsActive: true,
    times: { receiptMinMs: 200, receiptMaxMs: 500 },
  })
  const ask = asking(mock.app)
  let asked = 0
  return {
    clock,
    ask,
    config: async (to: object) => expect((await ask('POST', '/_test/config', to)).status).toBe(200),
    /** The end of a task. */
    async run(task: object) {
      asked += 1
      await ask('POST', '/api/v2/requests', { uuid: uuidOf(asked), request: [task] }, { headers: AUTH })
      await clock.advance(LONGEST_TASK_MS)
      const { body } = await ask('GET', `/api/v2/requests/${uuidOf(asked)}`, undefined, { headers: AUTH })
      const [end] = results.parse(body).results
      return end ?? { status: 'missing', error: null, result: null }
    },
  }
}

test('the documents of the FN say what is on paper, and by tag 1084 whose receipt each one is', async () => {
  const { run, ask, config } = build()
  await config({ paper_out: true })
  await run({ ...SALE, items: [...SALE.items, { type: 'userAttribute', name: 'receipt_id', value: '7' }] })
  const told = async () => (await ask('GET', '/_test/documents?after=2')).body
  const user_attribute = { name: 'receipt_id', value: '7' }
  expect(await told()).toMatchObject({ documents: [{ user_attribute, is_on_paper: false }] })
  await config({ paper_out: false })
  await run(SALE)
  expect(await told()).toMatchObject({
    documents: [
      { user_attribute, is_on_paper: true },
      { user_attribute: null, is_on_paper: true },
    ],
  })
})

test('a sale opens the shift and is told with its document, which is in the FN', async () => {
  const { run, ask } = build()
  expect(await run(SALE)).toMatchObject({
    status: 'ready',
    result: { fiscalParams: { fiscalDocumentNumber: 3, total: 1250 }, warnings: { notPrinted: false } },
    warnings: { shiftAutoOpened: true },
  })
  expect((await ask('GET', '/_test/documents')).body).toMatchObject({
    documents: [
      { kind: 'registration', fd_number: 1 },
      { kind: 'shift_opening', fd_number: 2 },
      { kind: 'receipt', fd_number: 3 },
    ],
  })
  expect((await ask('GET', '/_test/documents?after=2')).body).toMatchObject({ documents: [{ fd_number: 3 }] })
  expect((await ask('POST', '/_test/fn')).body).toMatchObject({ new_fn_number: expect.any(String) })
  expect((await ask('GET', '/_test/documents')).body).toMatchObject({ documents: [{ fd_number: 1 }] })
})

describe('a fault of the device is met on the wire, and is gone with the fault', () => {
  test.each<[string, object, number]>([
    ['cover_open', { cover_open: true }, 45],
    ['printer_fault', { printer_fault: true }, 46],
    ['shift_expired', { shift_expired: true }, 68],
    ['not_registered', { not_registered: true }, 89],
    ['fn_full', { fn_full: true }, 121],
    ['fn_expired', { fn_expired: true }, 120],
    ['fn_broken', { fn_broken: true }, 118],
    ['clock_off', { clock_off: -7200 }, 36],
    ['unsent', { unsent: { days: 31 } }, 140],
  ])('%s', async (fault, change, code) => {
    const { run, config } = build()
    await run(SALE)
    await config(change)
    expect(await run(SALE)).toMatchObject({ status: 'error', error: { code } })
    await config({ [fault]: fault === 'clock_off' || fault === 'unsent' ? 0 : false })
    expect(await run(SALE)).toMatchObject({ status: 'ready' })
  })

  test('paper_out: the next document is not on paper, the one after it ends with 44', async () => {
    const { run, config } = build()
    await config({ paper_out: true })
    expect(await run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: true } } })
    expect(await run(SALE)).toMatchObject({ status: 'error', error: { code: 44 } })
    await config({ paper_out: false })
    await run({ type: 'continuePrint' })
    expect(await run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: false } } })
  })

  test('fn_swapped: another number, and documents from the beginning', async () => {
    const { run, config } = build()
    await run(SALE)
    await config({ fn_swapped: true })
    expect(await run({ type: 'getFnStatus' })).toMatchObject({ result: { fnStatus: { fiscalDocumentNumber: 1 } } })
  })
})

test('faults of tasks reach the driver: the outcome is what the wire promises', async () => {
  const { run, config } = build()
  await run(SALE)
  await config({ close_fails_but_closed: { times: 1 } })
  expect(await run(SALE)).toMatchObject({ status: 'ready', result: { fiscalParams: { fiscalDocumentNumber: 4 } } })
  await config({ blocked: { made: true, seconds: 2, times: 1 } })
  expect(await run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { recovered: true } } })
  await config({ blocked: { made: false, seconds: 2, times: 1 } })
  expect(await run(SALE)).toMatchObject({ status: 'error', error: { code: 123 } })
  await config({ not_printed: { times: 1 } })
  expect(await run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: true } } })
})

test('what is no task is refused in the words that the documents show, where tasks are checked first', async () => {
  const { ask } = build()
  const asClient = (method: string, path: string, body: unknown) => ask(method, path, body, { headers: AUTH })
  await asClient('PUT', '/api/v2/settings', { validateRequestsOnAdd: true })
  const { status, body } = await asClient('POST', '/api/v2/requests', { uuid: uuidOf(1), request: [{}] })
  const shown = requestEntries['POST /api/v2/requests']?.answers[420]
  expect([status, body]).toEqual([420, shown && 'example' in shown ? shown.example : undefined])
})
