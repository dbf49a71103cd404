/** The OpenAPI documents that the services of a stack answer, and the examples in them. */
import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { limits } from '../harness/limits.ts'
import { type ExampleRequest, examplesOf, type OpenApi, openApi } from '../harness/openapi/contract.ts'
import { newKey, newPosId, receipt } from '../harness/receipts.ts'
import { onHealedStack, whenFailed, whenSynced } from '../harness/stack_state.ts'

onHealedStack()

const committed = (service: string) =>
  readFileSync(new URL(`../../services/${service}/openapi.json`, import.meta.url), 'utf8')

const routesOf = ({ paths }: OpenApi) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )

/** Sends an example as it is, under a key of its own. @returns the status, without waiting for a body that may never end */
async function send(base: string, { method, path, parameters, query, headers, body }: ExampleRequest) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? name)
  const keyed = 'Idempotency-Key' in headers ? { ...headers, 'Idempotency-Key': newKey() } : headers
  const response = await fetch(`${base}${filled}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: keyed,
    signal: AbortSignal.timeout(limits.syncAnswerMs),
    ...(body !== undefined && { body }),
  })
  await response.body?.cancel()
  return response.status
}

const correctionBody = z.looseObject({
  wrong: z.looseObject({ receipt_id: z.string().optional(), fd: z.number().optional() }).optional(),
})

const FINE = [200, 202]

describe.each([
  ['mock_ofd', urls.ofd, '/ofd/v1/_test', 'POST /ofd/v1/receipt'],
  ['mock_odoo', urls.odoo, '/api/v1/_test', 'POST /api/v1/kkt/heartbeat'],
] as const)('the %s', (service, base, control, submission) => {
  const api = openApi.parse(JSON.parse(committed(service)))

  test('answers the document that is beside it', async () => {
    expect(await (await fetch(`${base}/openapi.json`)).text()).toBe(committed(service))
  })

  test.each(routesOf(api))('accepts the examples of %s', async (route) => {
    const [submitted] = examplesOf(api, submission)
    await fetch(`${base}${control}/reset`, { method: 'POST' })
    await send(base, submitted)
    for (const request of examplesOf(api, route)) expect(FINE, request.body).toContain(await send(base, request))
  })
})

describe('the adapter', () => {
  const api = openApi.parse(JSON.parse(committed('kkt_adapter')))

  test('answers the document that is beside it', async () => {
    expect(await (await fetch(`${urls.adapter}/openapi.json`)).text()).toBe(committed('kkt_adapter'))
  })

  async function deadLetter(): Promise<string> {
    const pos_id = newPosId('example')
    await ofd.configure({ refuse: { pos_id, status: 422 } })
    const { receipt_id } = await adapter.print(receipt({ pos_id }))
    await whenFailed(receipt_id)
    return receipt_id
  }

  /** Puts a receipt right; the KKT has no such taxation system and refuses the right one, where it is to be half done. */
  async function correction(wrongId: string, isHalfDone: boolean): Promise<string> {
    const right = isHalfDone ? { ...receipt(), taxation_system: 'esn' } : receipt()
    const { correction_id } = await adapter.putRight({ wrong: { receipt_id: wrongId }, right, type: 'self' })
    return correction_id
  }

  /** The examples of corrections are of receipts that this stack does not have, and each is put right once. */
  function aboutWrong(body: string, receiptId: string): string {
    const wanted = correctionBody.parse(JSON.parse(body))
    if (wanted.wrong?.receipt_id !== undefined) wanted.wrong.receipt_id = receiptId
    if (wanted.wrong?.fd !== undefined) wanted.wrong.fd = 1 + Math.floor(performance.now() * 1000)
    return JSON.stringify(wanted)
  }

  test.each(routesOf(api))('accepts the examples of %s', async (route) => {
    const isAboutDeadLetter = /\{receipt_id\}\/(requeue|close)/.test(route)
    const receipt_id = isAboutDeadLetter ? await deadLetter() : (await adapter.print(receipt())).receipt_id
    const isRefund = route === 'POST /v1/pos/refund'
    if (isRefund) await whenSynced(receipt_id)
    const isClosing = route.startsWith('POST /v1/kkt/correction/')
    const correction_id = route.includes('{correction_id}') ? await correction(receipt_id, isClosing) : ''
    for (const example of examplesOf(api, route)) {
      const isCorrection = route === 'POST /v1/kkt/correction'
      const request = isCorrection ? { ...example, body: aboutWrong(example.body ?? '', receipt_id) } : example
      const about = isRefund ? { ...request, body: JSON.stringify({ original_fiscal_doc_id: receipt_id }) } : request
      const asked = { ...about, parameters: { ...request.parameters, receipt_id, correction_id } }
      expect(FINE, request.body).toContain(await send(urls.adapter, asked))
    }
  })
})
