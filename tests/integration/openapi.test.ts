/** The OpenAPI documents that the services of a stack answer, and the examples in them. */
import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { adapter, ofd, register, urls } from '../harness/clients.ts'
import { limits } from '../harness/limits.ts'
import { type ExampleRequest, examplesOf, type OpenApi, openApi } from '../harness/openapi/contract.ts'
import { newKey, newPosId, receipt } from '../harness/receipts.ts'
import { onHealedStack, whenFailed, whenSynced } from '../harness/stack_state.ts'
import { deliversByKkt, sellsOnRegister } from '../harness/under_test.ts'
import { usedKkt } from '../harness/used_kkt.ts'

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

/** A document with all that it says. */
const withPaths = z.looseObject({ paths: z.record(z.string(), z.unknown()) })

const correctionBody = z.looseObject({
  wrong: z.looseObject({ receipt_id: z.string().optional(), fd: z.number().optional() }).optional(),
})

const FINE = [200, 202]

/** They end what the KKT cannot tell. Here it has told all. */
const NOTHING_TO_END = ['POST /v1/kkt/receipt/{receipt_id}/settle', 'POST /v1/kkt/buffer/untraced/close']

describe.each([
  ['mock_ofd', urls.ofd, '/ofd/v1/_test', ['POST /ofd/v1/receipt', 'POST /ofd/v1/document']],
  ['mock_odoo', urls.odoo, '/api/v1/_test', ['POST /api/v1/kkt/heartbeat']],
] as const)('the %s', (service, base, control, submissions) => {
  const api = openApi.parse(JSON.parse(committed(service)))

  test('answers the document that is beside it', async () => {
    expect(await (await fetch(`${base}/openapi.json`)).text()).toBe(committed(service))
  })

  test.each(routesOf(api))('accepts the examples of %s', async (route) => {
    await fetch(`${base}${control}/reset`, { method: 'POST' })
    for (const submission of submissions) await send(base, examplesOf(api, submission)[0])
    for (const request of examplesOf(api, route)) expect(FINE, request.body).toContain(await send(base, request))
  })
})

describe('the adapter', () => {
  const api = openApi.parse(JSON.parse(committed('kkt_adapter')))
  /** The test side of the adapter has no more than these two where its register is on the network. */
  const isOfMockInside = (path: string) => /\/_test\/(?!settings$|ofd$)/.test(path)

  test('answers the document that is beside it', async () => {
    const answered = await (await fetch(`${urls.adapter}/openapi.json`)).text()
    if (!sellsOnRegister) return expect(answered).toBe(committed('kkt_adapter'))
    const { paths, ...whole } = withPaths.parse(JSON.parse(committed('kkt_adapter')))
    const rest = Object.entries(paths).filter(([path]) => !isOfMockInside(path))
    expect(withPaths.parse(JSON.parse(answered))).toEqual({ ...whole, paths: Object.fromEntries(rest) })
  })

  function answersOf(route: string): number[] {
    if (NOTHING_TO_END.includes(route)) return [409]
    return deliversByKkt && route.includes('/dlq') ? [404] : FINE
  }

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
    // The one on the network has all systems.
    if (isHalfDone) await register?.configure({ task_error: { code: 16, match: { task: 'sellCorrection' } } })
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

  /** More cash than an example takes out. */
  const fillDrawer = () => adapter.post('/v1/kkt/cash/in', { amount: 100_000 }, { 'idempotency-key': newKey() })

  const named = z.looseObject({ task_id: z.string(), status: z.string() })

  /** A task that is done, or one of which the KKT cannot tell what became. */
  async function task(isUnclear: boolean): Promise<string> {
    // A register that lost the connection tells no more of cash, of which its FN keeps nothing.
    const lost = { task_error: { code: 2, times: 1, match: { task: 'cashIn' } } }
    if (isUnclear) await usedKkt.trouble({ reply_lost: 1, task_lookup_untellable: true }, lost)
    const { text } = await adapter.post('/v1/kkt/cash/in', { amount: 1 }, { 'idempotency-key': newKey() })
    const { task_id, status } = named.parse(JSON.parse(text))
    expect(status).toBe(isUnclear ? 'unclear' : 'done')
    return task_id
  }

  /** A closing wants an open shift, an opening a closed one, and a slip of both documents one that was closed. */
  async function prepareShift(route: string): Promise<{ fn_number: string; number: string }> {
    const { fiscal_doc: doc } = await adapter.print(receipt())
    if (!/close|z_report/.test(route)) await adapter.post('/v1/kkt/shift/close', {})
    return { fn_number: String(doc?.fn_number), number: String(doc?.shift_number) }
  }

  /** The example's body, about what this stack has. */
  async function bodyOf(route: string, body: string | undefined, receipt_id: string): Promise<string | undefined> {
    if (route === 'POST /v1/kkt/correction') return aboutWrong(body ?? '', receipt_id)
    if (route !== 'POST /v1/pos/refund') return body
    await whenSynced(receipt_id)
    return JSON.stringify({ original_fiscal_doc_id: receipt_id })
  }

  /** The parameters of a path, of what this stack has. */
  async function parametersOf(route: string, receipt_id: string): Promise<Record<string, string>> {
    const isClosing = route.startsWith('POST /v1/kkt/correction/')
    return {
      receipt_id,
      ...(route.includes('{correction_id}') && { correction_id: await correction(receipt_id, isClosing) }),
      ...(route.includes('{task_id}') && { task_id: await task(route.endsWith('/settle')) }),
      ...(/shift|z_report/.test(route) && (await prepareShift(route))),
    }
  }

  const routes = routesOf(api).filter((route) => !(sellsOnRegister && isOfMockInside(route)))
  test.each(routes)('accepts the examples of %s', async (route) => {
    const isAboutDeadLetter = /\{receipt_id\}\/(requeue|close)/.test(route)
    const fine = answersOf(route)
    const receipt_id =
      isAboutDeadLetter && !deliversByKkt ? await deadLetter() : (await adapter.print(receipt())).receipt_id
    if (route === 'POST /v1/kkt/cash/out') await fillDrawer()
    for (const example of examplesOf(api, route)) {
      const body = await bodyOf(route, example.body, receipt_id)
      const parameters = { ...example.parameters, ...(await parametersOf(route, receipt_id)) }
      expect(fine, body).toContain(await send(urls.adapter, { ...example, body, parameters }))
    }
  })
})
