import { describe, expect, test } from 'bun:test'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { streamed } from '@kkt/platform/listener/answering.ts'
import type { FiscalisedReceipt } from '../domain/receipt.ts'
import { journalAndDb, pending, quiet, token } from '../testing/kit.ts'
import { type Asked, CUT_ANSWER, httpPeer, rawPeer } from '../testing/peer.ts'
import { createOfdClient } from './ofd_client.ts'
import { ofdDocument } from './ofd_document.ts'

const AMPLE_MS = 5000
const SHORT_MS = 30
/** The sold item. It must not appear in a reason. */
const SECRET = 'Frame'

async function receipt(): Promise<FiscalisedReceipt> {
  const { journal } = journalAndDb()
  await pending(journal)
  const next = journal.queries.nextToDeliver('POS-001')
  if (!next) throw new Error('There is nothing to deliver')
  return next
}
const RECEIPT = await receipt()
const TOKEN = token(42)

const client = (url: string, timeoutMs = AMPLE_MS, send = (request: Request) => fetch(request)) =>
  createOfdClient({ url, kktId: 'KKT-007', timeoutMs, clock: systemClock, send })

const json = (body: unknown, status = 200) => Response.json(body, { status })
const ACCEPTED = { status: 'accepted', ofd_id: 'OFD-000001', timestamp: 1, receipt_id: RECEIPT.id }

/** Delivers to a peer with this answer, and looks up there. */
async function both(answer: (asked: Asked) => Response | Promise<Response>) {
  const { url, asked } = await httpPeer(answer)
  const ofd = client(url)
  return { delivered: await ofd.deliver(RECEIPT, TOKEN), found: await ofd.lookup(RECEIPT, TOKEN), asked }
}

describe('what is sent', () => {
  test('the document, under the receipt’s id as its key', async () => {
    const { asked } = await both(() => json(ACCEPTED))
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /ofd/v1/receipt',
      `GET /ofd/v1/receipt/${RECEIPT.id}`,
    ])
    const { headers, body } = asked[0] ?? { headers: new Headers(), body: '' }
    expect(JSON.parse(body)).toEqual(ofdDocument(RECEIPT, 'KKT-007'))
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('idempotency-key')).toBe(RECEIPT.id)
    expect(headers.get('fencing-token')).toBe('42')
  })

  test('invariant 4: a look-up, for which KKT and with its token: nothing of an older one is to come in after it', async () => {
    const { asked } = await both(() => json(ACCEPTED))
    const { headers } = asked[1] ?? { headers: new Headers() }
    expect([headers.get('kkt-id'), headers.get('fencing-token')]).toEqual(['KKT-007', '42'])
  })

  test('below the path of the address, if it has one', async () => {
    const { url, asked } = await httpPeer(() => json(ACCEPTED))
    for (const base of [`${url}/`, `${url}/gate`, `${url}/gate/`]) await client(base).deliver(RECEIPT, TOKEN)
    expect(asked.map(({ path }) => path)).toEqual(['/ofd/v1/receipt', '/gate/ofd/v1/receipt', '/gate/ofd/v1/receipt'])
  })
})

test.each([undefined, null, 'now', -1, 1e300, {}])(
  'an acceptance whose time is %p is one all the same',
  async (timestamp) => {
    const { delivered, found } = await both(() => json({ ...ACCEPTED, timestamp }))
    expect([delivered, found]).toMatchObject([
      { kind: 'done', atMs: null },
      { kind: 'found', atMs: null },
    ])
  },
)

test('an acceptance is done, and found', async () => {
  const { delivered, found } = await both(() => json(ACCEPTED))
  expect(delivered).toEqual({ kind: 'done', ofdId: 'OFD-000001', atMs: 1000, isNamed: true })
  expect(found).toEqual({ kind: 'found', ofdId: 'OFD-000001', atMs: 1000 })
})

test('an OFD that tells the time in fractions of a second is understood in whole milliseconds', async () => {
  const { delivered, found } = await both(() => json({ ...ACCEPTED, timestamp: 1_769_860_800.123456 }))
  expect([delivered, found]).toMatchObject([{ atMs: 1_769_860_800_123 }, { atMs: 1_769_860_800_123 }])
})

/** The reason for a 412, for people who look at a waiting receipt. */
const OUTDATED =
  'it knows a newer fencing token, from another adapter with this KKT_ID or from one with a fast clock; the adapter that sends takes a newer token by itself'

describe('a status', () => {
  const BLAMES_RECEIPT = [400, 409, 413, 422]

  test('of 4xx is a refusal, once: of this receipt for four of them, of its token for one, of the service for all others', async () => {
    let status = 400
    const { url, asked } = await httpPeer(() => json({ ...ACCEPTED, error: SECRET }, status))
    for (; status < 500; status++) {
      const blames = BLAMES_RECEIPT.includes(status) ? 'receipt' : status === 412 ? 'token' : 'service'
      const why = status === 412 ? `: ${OUTDATED}` : ''
      expect(await client(url).deliver(RECEIPT, TOKEN)).toEqual({
        kind: 'refused',
        blames,
        reason: `the OFD answered ${status}${why}`,
      })
    }
    expect(asked).toHaveLength(100)
  })

  test.each([201, 202, 204, 300, 304, 500, 501, 502, 503, 504, 507, 599])(
    'of %p is unknown, and asked once',
    async (status) => {
      const body = status === 204 || status === 304 ? null : JSON.stringify({ ...ACCEPTED, error: SECRET })
      const { url, asked } = await httpPeer(() => new Response(body, { status }))
      expect(await client(url).deliver(RECEIPT, TOKEN)).toEqual({
        kind: 'unknown',
        reason: `the OFD answered ${status}`,
        isCutOff: false,
      })
      expect(asked).toHaveLength(1)
    },
  )
})

test('a redirect is not followed: the receipt goes to no other address', async () => {
  const elsewhere = await httpPeer(() => json(ACCEPTED))
  const { delivered, found } = await both(() => Response.redirect(elsewhere.url, 307))
  expect(delivered).toEqual({ kind: 'unknown', reason: 'the OFD answered 307', isCutOff: false })
  expect(found).toEqual({ kind: 'unknown', reason: 'the OFD answered 307 to the look-up' })
  expect(elsewhere.asked).toEqual([])
})

test('an answer without end is unknown, and not read to its end', async () => {
  const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16_384)) })
  const { delivered, found } = await both(() => streamed(new Response(endless())))
  const unknown = { kind: 'unknown', reason: 'the OFD answered with more than 65536 bytes' } as const
  expect<unknown>([delivered, found]).toEqual([{ ...unknown, isCutOff: true }, unknown])
})

test('an answer that comes in chunks counts by what comes, whatever length is announced', async () => {
  const headers = { 'content-length': '5', 'transfer-encoding': 'chunked' }
  const long = JSON.stringify({ ...ACCEPTED, padding: 'x'.repeat(65_536) })
  // `fetch` could return this; no test server can send both.
  const ofd = client('http://ofd.invalid', AMPLE_MS, async () => new Response(long, { headers }))
  const reason = 'the OFD answered with more than 65536 bytes'
  expect(await ofd.deliver(RECEIPT, TOKEN)).toEqual({ kind: 'unknown', reason, isCutOff: true })
})

test('an answer that comes packed counts by what it unpacks to', async () => {
  const packed = gzipSync(JSON.stringify({ ...ACCEPTED, padding: 'x'.repeat(65_536) }))
  const { delivered } = await both(() => new Response(packed, { headers: { 'content-encoding': 'gzip' } }))
  const reason = 'the OFD answered with more than 65536 bytes'
  expect(delivered).toEqual({ kind: 'unknown', reason, isCutOff: true })
})

describe('a 200 that cannot be read is unknown', () => {
  test.each([
    ['HTML', `<html>${SECRET}</html>`],
    ['nothing', ''],
    ['malformed JSON', `{"status":"accepted","ofd_id":"${SECRET}"`],
    ['another status', JSON.stringify({ ...ACCEPTED, status: SECRET })],
    ['no number', JSON.stringify({ status: 'accepted', secret: SECRET })],
    ['a number that is no text', JSON.stringify({ ...ACCEPTED, ofd_id: 1 })],
    ['an empty number', JSON.stringify({ ...ACCEPTED, ofd_id: '' })],
    ['an endless number', JSON.stringify({ ...ACCEPTED, ofd_id: SECRET.repeat(26) })],
    ['a list', JSON.stringify([ACCEPTED])],
    ['null', 'null'],
  ])('%s', async (_what, body) => {
    const { delivered, found } = await both(() => new Response(body))
    expect(delivered).toEqual({
      kind: 'unknown',
      reason: 'the OFD answered 200 with an unreadable body',
      isCutOff: false,
    })
    expect(found).toEqual({ kind: 'unknown', reason: 'the OFD answered 200 to the look-up' })
  })
})

describe('a look-up', () => {
  const lookup = async (status: number, body: string | null) => (await both(() => new Response(body, { status }))).found
  const NOT_FOUND = JSON.stringify({ status: 'not_found' })
  const unknown = (status: number) =>
    ({ kind: 'unknown', reason: `the OFD answered ${status} to the look-up` }) as const

  test('is absent only for a 404 with its own body', async () => {
    expect(await lookup(404, JSON.stringify({ status: 'not_found', receipt_id: RECEIPT.id }))).toEqual({
      kind: 'absent',
    })
    expect(await lookup(410, NOT_FOUND)).toEqual(unknown(410))
    expect(await lookup(200, NOT_FOUND)).toEqual(unknown(200))
  })

  test.each([
    ['a foreign 404 in JSON', 404, '{"error":"Not Found"}', ' and said "error: Not Found"'],
    ['a foreign 404 in HTML', 404, '<html>', ''],
    ['a 404 without a body', 404, null, ''],
    ['a 405', 405, null, ''],
    ['a 501', 501, null, ''],
  ])('is not supported where the answer is %s', async (_what, status, body, said) => {
    expect(await lookup(status, body)).toEqual({
      kind: 'unsupported',
      reason: `the OFD answered ${status} to the look-up${said}`,
    })
  })

  test('with a token that is outdated is told so', async () => {
    const reason = `the OFD answered 412 to the look-up: ${OUTDATED}`
    expect(await lookup(412, NOT_FOUND)).toEqual({ kind: 'outdated', reason })
  })

  test.each([400, 401, 403, 408, 409, 429, 500, 502, 503, 504])('says nothing with a %p', async (status) => {
    expect(await lookup(status, NOT_FOUND)).toEqual(unknown(status))
    expect(await lookup(status, JSON.stringify(ACCEPTED))).toEqual(unknown(status))
  })
})

describe('a connection that fails is unknown, and nothing is asked twice', () => {
  // The code is the runtime's. The reason holds neither an address nor anything received.
  const REASON = /^the connection to the OFD failed \([A-Za-z_]+\)$/
  const failures: [string, (socket: Socket) => void][] = [
    ['reset before the answer', (socket) => socket.resetAndDestroy()],
    ['closed before the answer', (socket) => socket.end()],
    ['reset within the body', (socket) => socket.write(CUT_ANSWER, () => socket.resetAndDestroy())],
    ['closed within the body', (socket) => socket.end(CUT_ANSWER)],
    ['no HTTP', (socket) => socket.end(`${SECRET}\r\n\r\n`)],
  ]
  for (const [what, onData] of failures) {
    test(what, async () => {
      const { url, sockets } = await rawPeer(onData)
      const outcomes = [await client(url).deliver(RECEIPT, TOKEN), await client(url).lookup(RECEIPT, TOKEN)]
      expect(sockets).toHaveLength(2)
      for (const outcome of outcomes) {
        expect(outcome.kind).toBe('unknown')
        expect('reason' in outcome && outcome.reason).toMatch(REASON)
      }
    })
  }

  test('nobody there', async () => {
    const { url, stop } = await rawPeer(() => undefined)
    stop()
    const reason = 'the connection to the OFD failed (ECONNREFUSED)'
    expect(await client(url).deliver(RECEIPT, TOKEN)).toEqual({ kind: 'unknown', reason, isCutOff: false })
    expect(await client(url).lookup(RECEIPT, TOKEN)).toEqual({ kind: 'unknown', reason })
  })
})

describe('the time-out covers the whole answer', () => {
  const late = { kind: 'unknown', reason: 'the OFD did not answer in time' } as const

  test.each([
    ['nothing comes', () => undefined],
    ['the body does not end', (socket: Socket) => void socket.write(CUT_ANSWER)],
  ])('%s', async (_what, onData) => {
    const { url } = await rawPeer(onData)
    const ofd = client(url, SHORT_MS)
    expect(await Promise.all([ofd.deliver(RECEIPT, TOKEN), ofd.lookup(RECEIPT, TOKEN)])).toEqual([
      { ...late, isCutOff: true },
      late,
    ])
  })

  test('each request has its own', async () => {
    let isSlow = true
    const { url } = await httpPeer(() => (isSlow ? new Promise<Response>(() => undefined) : json(ACCEPTED)))
    const settings = { url, kktId: 'KKT-007', timeoutMs: SHORT_MS, clock: systemClock, send: fetch }
    const ofd = createOfdClient(settings)
    expect(await ofd.deliver(RECEIPT, TOKEN)).toEqual({ ...late, isCutOff: true })
    isSlow = false
    settings.timeoutMs = AMPLE_MS
    expect(await ofd.deliver(RECEIPT, TOKEN)).toMatchObject({ kind: 'done' })
  })
})

test('abort cuts off what is under way, and whatever comes after', async () => {
  const arrived = Promise.withResolvers<void>()
  const { url } = await rawPeer(() => arrived.resolve())
  const ofd = client(url)
  const delivery = ofd.deliver(RECEIPT, TOKEN)
  await arrived.promise
  ofd.abort()
  const cutOff = { kind: 'unknown', reason: 'cut off at shutdown' } as const
  expect(await delivery).toEqual({ ...cutOff, isCutOff: true })
  expect<unknown>([await ofd.deliver(RECEIPT, TOKEN), await ofd.lookup(RECEIPT, TOKEN)]).toEqual([
    { ...cutOff, isCutOff: true },
    cutOff,
  ])
})

test('it speaks with the mock OFD', async () => {
  const { app } = createMockOfd({ clock: systemClock, logger: quiet })
  const ofd = client('http://mock-ofd.internal', AMPLE_MS, async (request) => app.handle(request))
  expect(await ofd.lookup(RECEIPT, token(7))).toEqual({ kind: 'absent' })
  expect(await ofd.deliver(RECEIPT, token(7))).toMatchObject({ kind: 'done', ofdId: 'OFD-000001' })
  expect(await ofd.lookup(RECEIPT, token(7))).toMatchObject({ kind: 'found', ofdId: 'OFD-000001' })
  expect(await ofd.deliver(RECEIPT, token(6))).toMatchObject({ kind: 'refused', blames: 'token' })
  expect(await ofd.lookup(RECEIPT, token(6))).toMatchObject({ kind: 'outdated' })
})
