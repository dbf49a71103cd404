/** No line of the log holds a text that came in by a request, at any level and whatever fails. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lineFor, newToken } from '@kkt/adapter/src/access/tokens.ts'
import { body } from '@kkt/adapter/src/testing/app_kit.ts'
import { z } from 'zod'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { bufferStatus, receiptAnswer } from '../harness/wire.ts'
import { killAll, startAdapter } from './adapter_process.ts'

setDefaultTimeout(TEST_MS)
const MARKER = 'Zq7markerXw'

const folder = mkdtempSync(join(tmpdir(), 'secrecy-'))
const ends: (() => unknown)[] = [killAll]
afterAll(() => {
  for (const end of ends) end()
  rmSync(folder, { recursive: true, force: true })
})

/** An OFD that repeats whatever it was sent, each time in another way, and never takes a receipt. */
async function startEchoingOfd(): Promise<string> {
  let calls = 0
  const server = createServer(async (request, answer) => {
    let text = ''
    for await (const bytes of request) text += bytes
    const [status, echo] = (
      [
        [500, text],
        [200, text],
        [401, `<html><title>${text}</title></html>`],
        [422, JSON.stringify({ error: text, note: MARKER })],
      ] as const
    )[calls++ % 4] ?? [500, text]
    if (calls % 5 === 0) request.socket.resetAndDestroy()
    else answer.writeHead(status, { 'content-type': 'application/json', 'x-echo': MARKER }).end(echo)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const address = server.address()
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
}

const parameter = z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']) })
const operation = z.looseObject({ parameters: z.array(parameter).default([]) })
const openapi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) })

const BODIES = [
  null,
  `{"${MARKER}": "${MARKER}"}`,
  `{"reason": "${MARKER}", "pos_id": "${MARKER}", "status": "${MARKER}"`,
  JSON.stringify({ reason: MARKER }),
  JSON.stringify({ ...body(), type: MARKER, payments: [{ type: MARKER, amount: MARKER }] }),
  JSON.stringify(body({ items: [{ name: MARKER, price: MARKER, quantity: 1, total: 1, vat_rate: 22, [MARKER]: 1 }] })),
]
/** A sale that is taken. */
const sale = () => body({ items: [{ name: `Frame ${MARKER}`, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })

/** Each route, with a marker wherever a request may have one. */
function* requestsOf(paths: z.infer<typeof openapi>['paths'], id: string) {
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { parameters }] of Object.entries(methods)) {
      const query = parameters.filter((one) => one.in === 'query').map(({ name }) => `${name}=${MARKER}`)
      const named = parameters.filter((one) => one.in === 'header').map(({ name }) => [name, `${MARKER} ${MARKER}`])
      const headers = { ...Object.fromEntries(named), [MARKER]: MARKER, origin: `http://${MARKER}`, cookie: MARKER }
      const target = `${path.replaceAll(/\{\w+\}/g, id)}?${[...query, `${MARKER}=${MARKER}`].join('&')}`
      for (const text of method === 'get' ? [null] : BODIES) {
        const init: RequestInit = { method: method.toUpperCase(), headers, body: text }
        yield { target, init }
      }
    }
  }
}

/** The secret part of a token. */
const secretOf = (token: string) => token.slice(4)

test('no token is logged or answered: a right one, a wrong one, one in a body, a cookie, a URL, or a bad file', async () => {
  const [office, wrong, inFile] = [newToken(), newToken(), newToken()]
  const path = join(folder, 'tokens')
  const line = lineFor(office, ['office', 'operator'])
  writeFileSync(path, line)
  const adapter = startAdapter({
    LOG_LEVEL: 'debug',
    API_TOKENS_FILE: path,
    BUFFER_DB_PATH: join(folder, 'tokens.data', 'buffer.db'),
  })
  const url = `http://127.0.0.1:${await adapter.port}`
  const answers: string[] = []
  const send = async (target: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url}${target}`, { ...init, signal: AbortSignal.timeout(5000) })
    answers.push(await answer.text())
  }
  for (const token of [office, wrong]) {
    const ways: Record<string, string>[] = [
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${token}` },
      { authorization: token },
      { cookie: `kkt_token_KKT-001=${token}` },
      { 'idempotency-key': token },
    ]
    for (const headers of ways) {
      await send('/v1/kkt/receipts', { headers })
      await send('/v1/kkt/receipt', { method: 'POST', headers, body: JSON.stringify({ token }) })
      await send('/v1/kkt/buffer/sync', { method: 'POST', headers })
    }
    await send(`/v1/health?token=${token}`)
    await send(`/v1/kkt/receipt/${token}`, { headers: { authorization: `Bearer ${office}` } })
    for (const body of [{ token }, { token: `${token} ${token}` }, { [token]: token }, [token]])
      await send('/v1/kkt/login', { method: 'POST', body: JSON.stringify(body) })
  }
  await send('/v1/kkt/receipt', {
    method: 'POST',
    headers: { authorization: `Bearer ${office}`, 'idempotency-key': 'one' },
    body: JSON.stringify(body()),
  })
  writeFileSync(path, `${line}\n${inFile}\n`)
  await adapter.logged('tokens_not_renewed')
  await send('/v1/health', { headers: { authorization: `Bearer ${office}` } })
  expect(answers.at(-1)).toContain('line 2 (not shown)')
  adapter.child.kill()
  expect(await adapter.ended).toBe(0)
  const events = new Set(adapter.lines.map((logged) => z.object({ event: z.string() }).parse(JSON.parse(logged)).event))
  for (const event of ['logged_in', 'request_refused', 'receipt_accepted']) expect(events).toContain(event)
  const secrets = [office, wrong, inFile].map(secretOf)
  const telling = [...adapter.lines, ...answers].filter((text) => secrets.some((secret) => text.includes(secret)))
  expect({ telling, errors: await adapter.errors }).toEqual({ telling: [], errors: '' })
})

test('no text of a request is logged', async () => {
  const adapter = startAdapter({
    LOG_LEVEL: 'debug',
    OFD_MODE: 'http',
    OFD_API_URL: await startEchoingOfd(),
    SYNC_INTERVAL: '0.1',
    CIRCUIT_BREAKER_TIMEOUT: '0.1',
    CORS_ORIGINS: 'http://till.example',
    BUFFER_DB_PATH: join(folder, 'buffer.db'),
  })
  const port = await adapter.port
  const url = `http://127.0.0.1:${port}`
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.text(),
      () => '',
    )
  let keys = 0
  const sell = () =>
    send('/v1/kkt/receipt', {
      method: 'POST',
      headers: { 'idempotency-key': `${MARKER}-${keys++}` },
      body: JSON.stringify(sale()),
    })
  const sold = receiptAnswer.parse(JSON.parse(await sell()))

  // Faults of the KKT, while receipts come.
  for (const fault of ['reply_lost', 'connection_lost', 'lookup_lost', 'busy']) {
    await send('/v1/kkt/_test/config', { method: 'POST', body: JSON.stringify({ [fault]: 1 }) })
    await sell()
  }
  await send('/v1/kkt/_test/reset', { method: 'POST' })

  // It is made when it is first asked for, which takes a busy machine its time.
  const document = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(PATIENT_MS) })
  const { paths } = openapi.parse(await document.json())
  let asked = 0
  for (const { target, init } of [...requestsOf(paths, MARKER), ...requestsOf(paths, sold.receipt_id)]) {
    await send(target, init)
    asked += 1
  }
  expect(asked).toBeGreaterThan(50)
  await send(`/${MARKER}/${MARKER}`)
  for (const raw of [
    `${MARKER}\r\n\r\n`,
    `GET /${MARKER} HTTP/1.1\r\nhost: ${MARKER}/\r\n\r\n`,
    `GET / HTTP/9.9 ${MARKER}\r\n\r\n`,
  ]) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    socket.end(raw)
    socket.resume()
    await once(socket, 'close')
  }

  // The OFD has refused each receipt in all of its ways.
  await eventually('the OFD to have failed', () => adapter.ask('/v1/kkt/buffer/status', bufferStatus), {
    withinMs: PATIENT_MS,
    until: ({ last_failure, circuit_breaker, dlq_size }) =>
      last_failure !== null && (dlq_size > 0 || circuit_breaker.failure_count > 5),
  })
  adapter.child.kill()
  expect(await adapter.ended).toBe(0)
  expect(adapter.lines.length).toBeGreaterThan(20)
  const telling = adapter.lines.filter((line) => line.toLowerCase().includes(MARKER.toLowerCase()))
  expect({ telling, errors: await adapter.errors }).toEqual({ telling: [], errors: '' })
})
