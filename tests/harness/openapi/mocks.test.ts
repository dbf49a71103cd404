/** The mocks' OpenAPI documents say how the mocks answer. */
import { describe } from 'bun:test'
import { createKeptLog } from '@kkt/fault-kit/testing.ts'
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { examplesOf, openApi } from './contract.ts'
import { keepsContract, type Send, type Table, tooManyReadersOf } from './provoked.ts'

type Create = typeof createMockOfd | typeof createMockOdoo

function start(create: Create) {
  const clock = new TestClock()
  const { app } = create({ clock, logger: createKeptLog().logger })
  const send: Send = (method, path, init) => app.handle(new Request(`http://localhost${path}`, { method, ...init }))
  return { clock, send }
}

const documentOf = async (create: Create) =>
  openApi.parse(await (await start(create).send('GET', '/openapi.json')).json())

const ofd = await documentOf(createMockOfd)
const odoo = await documentOf(createMockOdoo)

const SUBMIT = { ofd: 'POST /ofd/v1/receipt', odoo: 'POST /api/v1/kkt/heartbeat' }
const LOOKUP = 'GET /ofd/v1/receipt/{receipt_id}'

/** A mock to which the example of a submission was sent. */
async function visited(create: Create, api: typeof ofd, submission: string) {
  const { clock, send } = start(create)
  const [{ method, path, body, headers }] = examplesOf(api, submission)
  const submit = (more: Record<string, string> = {}) =>
    send(method, path, { headers: { ...headers, ...more }, ...(body !== undefined && { body }) })
  await submit()
  return { clock, send, submit }
}

/** The outcomes of the control side that neither an example nor bad input leads to. */
const control = (create: Create, prefix: string, counted: string): Table => ({
  [`GET ${prefix}/stream`]: { too_many_readers: () => tooManyReadersOf(start(create).send, `${prefix}/stream`) },
  [`GET ${prefix}/calls/{number}`]: { no_such_call: () => start(create).send('GET', `${prefix}/calls/7`) },
  [`GET ${prefix}/wait`]: {
    408: async () => {
      const { clock, send } = start(create)
      const answer = send('GET', `${prefix}/wait?${counted}=1&timeout=1`)
      await clock.advance(1000)
      return answer
    },
  },
})

async function down(create: Create, prefix: string): Promise<Send> {
  const { send } = start(create)
  await send('POST', `${prefix}/config`, { body: '{"permanent_failure": true}' })
  return send
}

describe('the document of the mock OFD', () => {
  const PREFIX = '/ofd/v1/_test'
  const [{ body: receipt = '' }] = examplesOf(ofd, SUBMIT.ofd)
  const [{ parameters, headers }] = examplesOf(ofd, LOOKUP)
  const lookup = `/ofd/v1/receipt/${parameters['receipt_id']}`
  keepsContract({
    api: ofd,
    ready: () => visited(createMockOfd, ofd, SUBMIT.ofd),
    table: {
      ...control(createMockOfd, PREFIX, 'receipts'),
      [SUBMIT.ofd]: {
        412: async () => (await visited(createMockOfd, ofd, SUBMIT.ofd)).submit({ 'Fencing-Token': '1' }),
        503: async () => (await down(createMockOfd, PREFIX))('POST', '/ofd/v1/receipt', { body: receipt }),
      },
      [LOOKUP]: {
        404: () => start(createMockOfd).send('GET', lookup, { headers }),
        412: async () => {
          const { send } = await visited(createMockOfd, ofd, SUBMIT.ofd)
          return send('GET', lookup, { headers: { ...headers, 'Fencing-Token': '1' } })
        },
        503: async () => (await down(createMockOfd, PREFIX))('GET', lookup),
      },
    },
  })
})

describe('the document of the mock Odoo', () => {
  const PREFIX = '/api/v1/_test'
  const [{ path, body: heartbeat = '' }] = examplesOf(odoo, SUBMIT.odoo)
  keepsContract({
    api: odoo,
    ready: () => visited(createMockOdoo, odoo, SUBMIT.odoo),
    table: {
      ...control(createMockOdoo, PREFIX, 'heartbeats'),
      [SUBMIT.odoo]: {
        503: async () => (await down(createMockOdoo, PREFIX))('POST', path, { body: heartbeat }),
      },
    },
  })
})
