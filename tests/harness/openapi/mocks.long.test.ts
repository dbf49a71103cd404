/** The mocks' OpenAPI documents say how the mocks answer. */
import { describe } from 'bun:test'
import { lend as lendOdoo } from '@kkt/mock-odoo/testing/lent.ts'
import { lend as lendOfd } from '@kkt/mock-ofd/testing/lent.ts'
import { OPENAPI_DOCUMENTS } from '../documents/openapi_documents.ts'
import { examplesOf, openApi } from './contract.ts'
import { keepsContract, type Send, type Table, tooManyReadersOf } from './provoked.ts'

type Lend = typeof lendOfd | typeof lendOdoo

function start(lend: Lend) {
  const { mock, clock } = lend()
  const send: Send = (method, path, init) =>
    mock.app.handle(new Request(`http://localhost${path}`, { method, ...init }))
  return { clock, send }
}

const documentOf = async (service: string) => {
  const document = OPENAPI_DOCUMENTS.find(({ path }) => path === `services/${service}/openapi.json`)
  return openApi.parse(JSON.parse((await document?.make()) ?? ''))
}

const [ofd, odoo] = [await documentOf('mock_ofd'), await documentOf('mock_odoo')]

const SUBMIT = { ofd: 'POST /ofd/v1/receipt', document: 'POST /ofd/v1/document', odoo: 'POST /api/v1/kkt/heartbeat' }
const LOOKUP = 'GET /ofd/v1/receipt/{receipt_id}'
const LOOKUP_DOCUMENT = 'GET /ofd/v1/document/{fn_number}/{fd_number}'

/** A mock to which the example of a submission was sent. */
async function visited(lend: Lend, api: typeof ofd, submission: string) {
  const { clock, send } = start(lend)
  const [{ method, path, body, headers }] = examplesOf(api, submission)
  const submit = (more: Record<string, string> = {}) =>
    send(method, path, { headers: { ...headers, ...more }, ...(body !== undefined && { body }) })
  await submit()
  return { clock, send, submit }
}

/** The outcomes of the control side that neither an example nor bad input leads to. */
const control = (lend: Lend, prefix: string, counted: string): Table => ({
  [`GET ${prefix}/stream`]: { too_many_readers: () => tooManyReadersOf(start(lend).send, `${prefix}/stream`) },
  [`GET ${prefix}/calls/{number}`]: { no_such_call: () => start(lend).send('GET', `${prefix}/calls/7`) },
  [`GET ${prefix}/wait`]: {
    408: async () => {
      const { clock, send } = start(lend)
      const answer = send('GET', `${prefix}/wait?${counted}=1&timeout=1`)
      await clock.advance(1000)
      return answer
    },
  },
})

async function down(lend: Lend, prefix: string): Promise<Send> {
  const { send } = start(lend)
  await send('POST', `${prefix}/config`, { body: '{"permanent_failure": true}' })
  return send
}

describe('the document of the mock OFD', () => {
  const PREFIX = '/ofd/v1/_test'
  const [{ body: receipt = '' }] = examplesOf(ofd, SUBMIT.ofd)
  const [{ parameters, headers }] = examplesOf(ofd, LOOKUP)
  const lookup = `/ofd/v1/receipt/${parameters['receipt_id']}`
  const [{ body: document = '' }] = examplesOf(ofd, SUBMIT.document)
  const [{ parameters: numbers }] = examplesOf(ofd, LOOKUP_DOCUMENT)
  const lookupDocument = `/ofd/v1/document/${numbers['fn_number']}/${numbers['fd_number']}`
  keepsContract({
    api: ofd,
    ready: (route) => visited(lendOfd, ofd, route.includes('document') ? SUBMIT.document : SUBMIT.ofd),
    table: {
      ...control(lendOfd, PREFIX, 'receipts'),
      [SUBMIT.ofd]: {
        412: async () => (await visited(lendOfd, ofd, SUBMIT.ofd)).submit({ 'Fencing-Token': '1' }),
        503: async () => (await down(lendOfd, PREFIX))('POST', '/ofd/v1/receipt', { body: receipt }),
      },
      [SUBMIT.document]: {
        503: async () => (await down(lendOfd, PREFIX))('POST', '/ofd/v1/document', { body: document }),
      },
      [LOOKUP_DOCUMENT]: {
        404: () => start(lendOfd).send('GET', lookupDocument),
        503: async () => (await down(lendOfd, PREFIX))('GET', lookupDocument),
      },
      [LOOKUP]: {
        404: () => start(lendOfd).send('GET', lookup, { headers }),
        412: async () => {
          const { send } = await visited(lendOfd, ofd, SUBMIT.ofd)
          return send('GET', lookup, { headers: { ...headers, 'Fencing-Token': '1' } })
        },
        503: async () => (await down(lendOfd, PREFIX))('GET', lookup),
      },
    },
  })
})

describe('the document of the mock Odoo', () => {
  const PREFIX = '/api/v1/_test'
  const [{ path, body: heartbeat = '' }] = examplesOf(odoo, SUBMIT.odoo)
  keepsContract({
    api: odoo,
    ready: () => visited(lendOdoo, odoo, SUBMIT.odoo),
    table: {
      ...control(lendOdoo, PREFIX, 'heartbeats'),
      [SUBMIT.odoo]: {
        503: async () => (await down(lendOdoo, PREFIX))('POST', path, { body: heartbeat }),
      },
    },
  })
})
