/** The adapter's OpenAPI document says how the adapter answers. */
import { describe } from 'bun:test'
import { z } from 'zod'
import { RECEIPT_ID } from '../../../services/kkt_adapter/src/http/docs/examples.ts'
import { MOST_WAITS } from '../../../services/kkt_adapter/src/live/receipt_waits.ts'
import { StorageFailure } from '../../../services/kkt_adapter/src/sqlite/storage_failure.ts'
import { bearer, tokenAccess } from '../../../services/kkt_adapter/src/testing/access_kit.ts'
import {
  api,
  ask,
  CLOSE,
  CORRECT,
  CORRECTION,
  LOGIN,
  LOOKUP,
  NOBODY,
  OF_A_DEAD_LETTER,
  ON_ALL_DEAD_LETTERS,
  QR_CODE,
  REFUND,
  ready,
  refusedReceipt,
  SELL,
  SETTLE_RECEIPT,
  SLIP,
  STREAM,
  STREAM_PATH,
  sell,
  sellOriginal,
  sold,
  start,
  UNTRACED,
  WAIT_MS,
} from './adapter_app.ts'
import { examplesOf, outcomesOf } from './contract.ts'
import { keepsContract, type Provoke, type Send, type Table, tooManyReadersOf } from './provoked.ts'
import { settling } from './settling.ts'
import { SALES, SETTLE, SHIFT, SHIFT_SLIP, SUBMITTING, TASK, TASK_SLIP } from './shift_app.ts'
import { shiftTable } from './shift_table.ts'
import { correcting, selling } from './taking.ts'

/** An adapter that knows the token of the example. */
function loginApp() {
  const { token } = z.object({ token: z.string() }).parse(JSON.parse(examplesOf(api, LOGIN)[0].body ?? ''))
  const tokens = tokenAccess()
  tokens.give('office operator', token)
  return start({ access: () => tokens.access })
}

const fails = (): never => {
  throw new StorageFailure('SQLITE_IOERR', {})
}
/** The disks of the journal and of the mock KKT fail after a receipt was sold. */
async function onABrokenDisk(route: string): Promise<Response> {
  const faults = { current: fails, configure: fails, reset: fails }
  const app = await ready(route, {
    kkt: (sound) => ({ ...sound, faults, documentsOf: fails, tasks: fails, replaceFn: fails }),
  })
  const { journal, desk } = app.deps
  for (const part of [journal.queries, journal.corrections, journal.events, journal.tasks, journal.shifts]) {
    for (const name of Object.keys(part)) Reflect.set(part, name, fails)
  }
  Object.assign(desk, { find: fails, list: fails, shifts: fails, shift: fails, drawer: fails })
  Object.assign(journal, { write: async () => fails(), failure: async () => 'SQLITE_IOERR' })
  return ask(app, route, app.parameters)
}

const ON_THE_DISK = [
  ...[
    SELL,
    REFUND,
    CORRECT,
    CORRECTION,
    CLOSE,
    LOOKUP,
    SETTLE_RECEIPT,
    SLIP,
    QR_CODE,
    ...OF_A_DEAD_LETTER,
    UNTRACED,
    'POST /v1/kkt/buffer/dlq/requeue',
    'POST /v1/kkt/buffer/sync',
  ],
  ...[
    'receipts',
    'receipts.csv',
    'stream',
    'buffer/status',
    'buffer/events',
    'buffer/dlq',
    '_test/config',
    '_test/documents',
    '_test/tasks',
  ].map((path) => `GET /v1/kkt/${path}`),
  ...['POST /v1/kkt/_test/config', 'POST /v1/kkt/_test/reset', 'POST /v1/kkt/_test/replace_fn'],
  ...[SHIFT, SALES, SHIFT_SLIP, TASK, TASK_SLIP, SETTLE, ...SUBMITTING],
  ...['GET /v1/kkt/shifts', 'GET /v1/kkt/tasks'],
]

const unknown = (route: string): Record<string, Provoke> => ({
  receipt_not_found: async () => ask(start(), route, NOBODY),
})

const waitFor = ({ send }: { send: Send }, receiptId: string) =>
  send('GET', `/v1/kkt/receipt/${receiptId}?wait=synced&timeout=${WAIT_MS / 1000}`)

const ofASlip = (route: string): Record<string, Provoke> => ({
  ...unknown(route),
  no_fiscal_document: async () => {
    const app = await refusedReceipt()
    return ask(app, route, app.receiptId)
  },
})

const table: Table = {
  ...shiftTable,
  [QR_CODE]: ofASlip(QR_CODE),
  [SLIP]: {
    ...ofASlip(SLIP),
    '200 text/html': async () => {
      const { send, parameters } = await ready(SLIP)
      return send('GET', `/v1/kkt/receipt/${parameters['receipt_id']}/slip?format=html`)
    },
    '200 application/octet-stream': async () => {
      const { send, parameters } = await ready(SLIP)
      return send('GET', `/v1/kkt/receipt/${parameters['receipt_id']}/slip?format=escpos`)
    },
  },
  [LOOKUP]: {
    ...unknown(LOOKUP),
    wait_timed_out: async () => {
      const app = start()
      app.ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
      const { receipt_id } = sold.parse(await (await sell(app.send, 'sold')).json())
      const answer = waitFor(app, receipt_id)
      await app.clock.advance(WAIT_MS)
      return answer
    },
    status_out_of_reach: async () => {
      const app = await refusedReceipt()
      return waitFor(app, app.receiptId)
    },
    too_many_waits: async () => {
      const app = start()
      app.ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
      const { receipt_id } = sold.parse(await (await sell(app.send, 'sold')).json())
      const waits = Array.from({ length: MOST_WAITS + 1 }, () => waitFor(app, receipt_id))
      const first = await Promise.race(waits)
      await app.clock.advance(WAIT_MS)
      return first
    },
    shutting_down: async () => {
      const app = await ready(LOOKUP)
      app.state.isStopping = true
      return ask(app, LOOKUP, app.parameters['receipt_id'] ?? '')
    },
  },
  [SETTLE_RECEIPT]: settling,
  [CORRECT]: correcting,
  [CORRECTION]: { correction_not_found: () => ask(start(), CORRECTION, NOBODY) },
  [CLOSE]: {
    correction_not_found: () => ask(start(), CLOSE, NOBODY),
    correction_not_open: async () => {
      const app = await ready(CORRECTION)
      return ask(app, CLOSE, app.parameters['correction_id'] ?? '')
    },
  },
  [REFUND]: {
    original_not_found: () => ask(start(), REFUND, NOBODY),
    refund_too_early: async () => {
      const app = start()
      app.ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
      await sellOriginal(app)
      return ask(app, REFUND, RECEIPT_ID)
    },
  },
  [STREAM]: {
    shutting_down: () => {
      const { send, state } = start()
      state.isStopping = true
      return send('GET', STREAM_PATH)
    },
    too_many_readers: () => tooManyReadersOf(start().send, STREAM_PATH),
  },
  ...Object.fromEntries(ON_ALL_DEAD_LETTERS.map((route) => [route, { dlq_absent: () => withoutDlq(route) }])),
  [UNTRACED]: { nothing_untraced: () => ask(start({ way: 'kkt' }), UNTRACED, NOBODY) },
  ...Object.fromEntries(
    OF_A_DEAD_LETTER.map((route) => [
      route,
      {
        ...unknown(route),
        dlq_absent: () => withoutDlq(route),
        not_in_dlq: async () => {
          const app = await ready(SELL)
          return ask(app, route, app.parameters['receipt_id'] ?? '')
        },
      },
    ]),
  ),
  [SELL]: selling,
  ...Object.fromEntries(
    ['GET', 'POST'].map((method) => [
      `${method} /v1/kkt/_test/ofd`,
      // The OFD of these tests has no test control, unless it is given one.
      { ofd_control_unavailable: () => ask(start(), `${method} /v1/kkt/_test/ofd`, NOBODY) },
    ]),
  ),
  'GET /v1/health': { 503: () => onABrokenDisk('GET /v1/health') },
}

/** The KKT delivers by itself. */
const withoutDlq = (route: string) => ask(start({ way: 'kkt' }), route, NOBODY)

function withTokens() {
  const tokens = tokenAccess()
  return { ...start({ access: () => tokens.access }), tokens }
}
/** For the refusals that change nothing in the adapter. */
const guard = withTokens()

/** The refusals of clients that may not use a route. Logging in has its token in the body. */
function guarded(route: string): Record<string, Provoke> {
  const [{ method, path, headers }] = examplesOf(api, route)
  const by = (token: string) =>
    route === LOGIN ? { body: JSON.stringify({ token }) } : { headers: { ...headers, ...bearer(token) } }
  const refusals: Record<string, Provoke> = {
    token_missing: () => guard.send(method, path, { headers }),
    token_unknown: () => withTokens().send(method, path, by('kkt_wrong')),
    async too_many_wrong_tokens() {
      const { send } = withTokens()
      for (let i = 0; i < 10; i++) await send(method, path, by(`kkt_wrong${i}`))
      return send(method, path, by('kkt_wrong'))
    },
    not_allowed: () => {
      const { send, tokens } = guard
      return send(method, path, by(tokens.give(route === 'GET /metrics' ? 'till-1 till POS-1' : 'prometheus metrics')))
    },
  }
  const named = outcomesOf(api).flatMap((one) => (one.route === route ? [one.outcome] : []))
  return Object.fromEntries(Object.entries(refusals).filter(([code]) => named.includes(code)))
}

function onGuard(of: Table): Table {
  const routes = [...new Set(outcomesOf(api).map(({ route }) => route))]
  return Object.fromEntries(routes.map((route) => [route, { ...of[route], ...guarded(route) }]))
}

const onDisks = (of: Table): Table => ({
  ...of,
  ...Object.fromEntries(
    ON_THE_DISK.map((route) => [route, { ...of[route], journal_unavailable: () => onABrokenDisk(route) }]),
  ),
})

const readyFor = async (route: string) => (route === LOGIN ? loginApp() : ready(route))

describe('the document of the adapter', () => keepsContract({ api, ready: readyFor, table: onGuard(onDisks(table)) }))
