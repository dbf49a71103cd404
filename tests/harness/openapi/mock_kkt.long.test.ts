/** The mock register's OpenAPI document says how it answers. */
import { describe } from 'bun:test'
import { AUTH, buildWhole, TASK_MS } from '@kkt/mock-kkt/testing/service.ts'
import { OPENAPI_DOCUMENTS } from '../documents/openapi_documents.ts'
import { examplesOf, openApi, outcomesOf } from './contract.ts'
import { keepsContract, type Provoke, type Send, type Table, tooManyReadersOf } from './provoked.ts'

const document = OPENAPI_DOCUMENTS.find(({ path }) => path === 'services/mock_kkt/openapi.json')
const api = openApi.parse(JSON.parse((await document?.make()) ?? ''))

const CONTROL = '/_test'
const SUBMIT = 'POST /api/v2/requests'
const LOOKUP = 'GET /api/v2/requests/{uuid}'
const CANCEL = 'DELETE /api/v2/requests/{uuid}'
const LONG = 'x'.repeat(200)

function start(change: Parameters<typeof buildWhole>[0] = {}) {
  const mock = buildWhole(change)
  const send =
    (account: Record<string, string>): Send =>
    (method, path, init) =>
      mock.app.handle(
        new Request(`http://localhost${path}`, { method, ...init, headers: { ...account, ...Object(init?.headers) } }),
      )
  return { ...mock, send: send(AUTH), sendUnnamed: send({}) }
}

const [submission] = examplesOf(api, SUBMIT)
const submitTo = (send: Send) => send('POST', '/api/v2/requests', { body: submission.body ?? '' })
const uuid: string = JSON.parse(submission.body ?? '').uuid

/** A service in which a route's example finds what it is about. */
async function ready(route: string) {
  const mock = start()
  if (route === CANCEL) await mock.post(1)
  if (!route.startsWith('POST /api/v2/')) await submitTo(mock.send)
  if (route === `GET ${CONTROL}/wait`) await mock.advance(TASK_MS)
  return mock
}

/** Sends the example of a route. */
function example(send: Send, route: string, change: Record<string, string> = {}): Promise<Response> {
  const [{ method, path, parameters, body }] = examplesOf(api, route)
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => change[name] ?? parameters[name] ?? '')
  const query = change['deviceID'] === undefined ? '' : `?deviceID=${change['deviceID']}`
  return send(method, filled + query, body === undefined ? {} : { body })
}

/** The refusals that many routes have. */
function common(route: string): Record<string, Provoke> {
  const [{ method, path }] = examplesOf(api, route)
  return {
    400: () => start().send(method, path.replace('{id}', 'default'), { body: '{' }),
    401: () => example(start().sendUnnamed, route),
    403: () => example(start({ startsActive: false }).send, route),
    404: () => example(start().send, route, { id: 'till-9', deviceID: 'till-9', query: 'queryNothing' }),
    413: () => start().send(method, path.replace('{id}', 'default'), { body: `"${'x'.repeat(1024 * 1024)}"` }),
  }
}

async function checkingFirst() {
  const mock = start()
  await mock.asClient('PUT', '/api/v2/settings', { validateRequestsOnAdd: true })
  return mock
}

async function whileBusy(mock: ReturnType<typeof start>, ask: () => Promise<Response>): Promise<Response> {
  await mock.config({ slow: 60 })
  await mock.post(1)
  const answer = ask()
  await mock.advance(30_000)
  return answer
}

const own: Table = {
  [SUBMIT]: {
    invalid_query: () => example(start().send, SUBMIT, { deviceID: LONG }),
    408: async () => {
      const mock = await checkingFirst()
      return whileBusy(mock, () => submitTo(mock.send))
    },
    409: async () => submitTo((await ready(LOOKUP)).send),
    420: async () =>
      (await checkingFirst()).send('POST', '/api/v2/requests', { body: '{"uuid": "a", "request": [{}]}' }),
    503: async () => {
      const { config, send } = start()
      await config({ permanent_failure: true })
      return submitTo(send)
    },
  },
  [CANCEL]: {
    invalid_query: () => start().send('DELETE', `/api/v2/requests/${uuid}?lockUuid=${LONG}`),
    409: async () => {
      const { send, advance } = await ready(LOOKUP)
      await advance(TASK_MS)
      return example(send, CANCEL)
    },
  },
  'POST /api/v2/operations/{query}': {
    408: () => {
      const mock = start()
      return whileBusy(mock, () => example(mock.send, 'POST /api/v2/operations/{query}'))
    },
  },
  'POST /api/v2/devices': {
    409: async () => {
      const { send } = start()
      await example(send, 'POST /api/v2/devices')
      return example(send, 'POST /api/v2/devices')
    },
  },
  ...Object.fromEntries(
    ['POST /api/v2/activateDevice', 'POST /api/v2/deactivateDevice'].map((route) => [
      route,
      { invalid_query: () => example(start().send, route, { deviceID: LONG }) },
    ]),
  ),
  [`GET ${CONTROL}/stream`]: { too_many_readers: () => tooManyReadersOf(start().send, `${CONTROL}/stream`) },
  [`GET ${CONTROL}/calls/{number}`]: { no_such_call: () => start().send('GET', `${CONTROL}/calls/7`) },
  [`GET ${CONTROL}/wait`]: {
    408: async () => {
      const { advance, send } = start()
      const answer = send('GET', `${CONTROL}/wait?receipts=1&timeout=1`)
      await advance(1000)
      return answer
    },
  },
}

/** The own provocations, and the common ones of each outcome that a route has beside. */
const table: Table = Object.fromEntries(
  Map.groupBy(outcomesOf(api), ({ route }) => route)
    .entries()
    .map(([route, outcomes]) => {
      const shared = route.includes('/api/v2/') ? common(route) : {}
      const named = outcomes.flatMap(({ outcome }) => (shared[outcome] ? [[outcome, shared[outcome]] as const] : []))
      return [route, { ...Object.fromEntries(named), ...own[route] }] as const
    }),
)

describe('the document of the mock KKT', () => {
  keepsContract({ api, ready, table })
})
