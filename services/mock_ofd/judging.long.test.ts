/** The judge at work: what becomes of a receipt in which something is wrong, and where it is told. */
import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { LONG, SEED, settle } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { changed, receiptOfFfd12 } from './testing/documents.ts'
import { build } from './testing/lent.ts'
import { idOf, receipt, untouched } from './testing.ts'

const T = '/ofd/v1/_test'
type Mock = ReturnType<typeof build>

const callsOf = async ({ ask }: Mock) => Object((await ask('GET', `${T}/calls`)).body).calls
const entriesOf = async ({ ledger }: Mock) => Object(await ledger()).receipts
const codesOf = ({ findings }: { findings: { code: string }[] }) => findings.map(({ code }) => code)

const fixture: unknown = JSON.parse(
  readFileSync(resolve(import.meta.dirname ?? '', '../../tests/fixtures/sample_receipt.json'), 'utf8'),
)
const wrongTotal = changed(receiptOfFfd12(1), { '/fiscal_doc/total': 205 })

describe('a bare body', () => {
  test.each<[string, unknown]>([
    ['with a till only', { pos_id: 'POS-001' }],
    ['as a till sends it', fixture],
  ])('%s is taken each time as another receipt, without an id', async (_name, body) => {
    const mock = build()
    for (const ofd_id of ['OFD-000001', 'OFD-000002']) {
      expect(await mock.send(body, '7')).toMatchObject({ status: 200, body: { status: 'accepted', ofd_id } })
    }
    expect(await mock.health()).toEqual({ ...untouched, call_count: 2, receipts_received: 2, judged_wrong: 2 })
    const row = {
      receipt_id: null,
      pos_id: 'POS-001',
      kkt_id: null,
      fiscal_doc_number: null,
      times_sent: 1,
      document: body,
    }
    expect(await entriesOf(mock)).toMatchObject([row, row])
    expect(Object((await mock.send(body)).body)).not.toHaveProperty('receipt_id')
  })

  test('never hides a receipt that has an id from a look-up that is mixed up', async () => {
    const mock = build()
    await mock.send(receipt(1))
    await mock.send({ pos_id: 'POS-001' })
    await mock.config({ lookup_mixed_up: true })
    expect(await mock.find(idOf(2))).toMatchObject({ status: 200, body: { receipt_id: idOf(1) } })
  })

  test('goes to another mock with the rest of the state', async () => {
    const [mock, other] = [build(), build()]
    await mock.send({ pos_id: 'POS-001' })
    await mock.send(wrongTotal)
    const { body } = await mock.ask('GET', `${T}/export`)
    expect(await other.ask('POST', `${T}/import`, body)).toMatchObject({ status: 200, body: { status: 'imported' } })
    expect(await entriesOf(other)).toEqual(await entriesOf(mock))
    expect(await callsOf(other)).toEqual(await callsOf(mock))
    expect(await other.health()).toMatchObject({ receipts_received: 2, judged_wrong: 2 })
  })
})

test('a state from before there was a judge is imported, with nothing wrong', async () => {
  const [mock, other] = [build(), build()]
  await mock.send(receipt(1))
  const { body } = await mock.ask('GET', `${T}/export`)
  const older = JSON.parse(JSON.stringify(body).replaceAll(/,"(findings":\[\]|judgedWrong":0)/g, ''))
  expect(JSON.stringify(older)).not.toMatch(/findings|judgedWrong/)
  expect((await other.ask('POST', `${T}/import`, older)).status).toBe(200)
  expect(await entriesOf(other)).toMatchObject([{ receipt_id: idOf(1), findings: [] }])
})

describe('a receipt with something wrong', () => {
  test('is taken, and told in its call, in the ledger, by the counter and to the page', async () => {
    const mock = build()
    const finding = { tag: 1020, pointer: '/fiscal_doc/total', code: 'document_total', message: expect.any(String) }
    const waited = mock.ask('GET', `${T}/wait?judged_wrong=1&timeout=60`)
    const { body } = await mock.app.handle(new Request(`http://localhost${T}/stream`))
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    await reader?.read()
    expect((await mock.send(wrongTotal)).status).toBe(200)
    for (const told of [(await entriesOf(mock))[0], (await callsOf(mock))[0]]) {
      expect(told.findings).toContainEqual(finding)
    }
    const { value = '' } = (await reader?.read()) ?? {}
    expect(JSON.parse(value.replace('event: call\ndata: ', '')).findings).toContainEqual(finding)
    expect(await waited).toMatchObject({ status: 200, body: { judged_wrong: 1 } })
  })

  test('is counted once, and told at each of its calls', async () => {
    const mock = build()
    for (let i = 0; i < 2; i += 1) await mock.send(wrongTotal)
    await mock.config({ deduplicate: false })
    await mock.send(wrongTotal)
    expect(await mock.health()).toMatchObject({ judged_wrong: 1, duplicates: 2, receipts_received: 2 })
    for (const call of await callsOf(mock)) expect(codesOf(call)).toContain('document_total')
  })

  test('is not judged by an OFD that is down', async () => {
    const mock = build()
    await mock.config({ unavailable: true })
    await mock.send(wrongTotal)
    expect(await callsOf(mock)).toMatchObject([{ status: 503, findings: [] }])
    expect(await mock.health()).toMatchObject({ judged_wrong: 0 })
  })

  test('is told without a word of the customer’s', async () => {
    const mock = build()
    await mock.send(
      changed(receiptOfFfd12(1), {
        '/customer': { email: 'ivan@example.com'.repeat(9), inn: 'Ivan' },
        '/items/0/name': '',
      }),
    )
    const [call] = await callsOf(mock)
    expect(call.findings).toMatchObject([{ tag: 1030 }, { tag: 1008 }, { tag: 1228 }])
    expect(JSON.stringify(call.findings)).not.toMatch(/ivan/i)
  })
})

describe('a strict judge', () => {
  const strict = async () => {
    const mock = build()
    expect((await mock.config({ judge: 'strict' })).body).toEqual({ ...nothingSet, judge: 'strict' })
    return mock
  }

  test('takes a receipt in which nothing is wrong', async () => {
    const mock = await strict()
    expect((await mock.send(receiptOfFfd12(1))).status).toBe(200)
    expect(await callsOf(mock)).toMatchObject([{ fault: null, findings: [] }])
  })

  test('refuses any other with its tags, takes nothing, and tells it', async () => {
    const mock = await strict()
    const { status, body } = await mock.send(wrongTotal)
    expect(status).toBe(422)
    expect(Object(body).error).toBe('Tag 1020: /fiscal_doc/total is not the total of the receipt, 206.00')
    expect(codesOf(Object(body))).toEqual(['document_total', 'qr_code'])
    expect((await mock.find(idOf(1))).status).toBe(404)
    expect(await callsOf(mock)).toMatchObject([{ fault: 'judge', effect: false, findings: Object(body).findings }, {}])
    expect(await mock.health()).toEqual({ ...untouched, call_count: 1, judged_wrong: 1 })
  })

  test('gives a receipt that it holds its first answer', async () => {
    const mock = build()
    const { body } = await mock.send(wrongTotal)
    await mock.config({ judge: 'strict' })
    expect(await mock.send(wrongTotal)).toMatchObject({ status: 200, body })
  })

  test('is lenient again by its other word, and by a reset', async () => {
    for (const end of [(mock: Mock) => mock.config({ judge: 'report' }), (mock: Mock) => mock.reset()]) {
      const mock = await strict()
      await end(mock)
      expect((await mock.config({})).body).toEqual(nothingSet)
      expect((await mock.send(wrongTotal)).status).toBe(200)
    }
  })

  test('is set by a word, and by no other', async () => {
    const { config } = build()
    for (const judge of [true, 'lenient', null, 1]) {
      expect(await config({ judge })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/judge', message: 'takes "strict" or "report"' }] },
      })
    }
  })
})

describe('the order of documents', () => {
  const inOrder = async (...documents: object[]) => {
    const mock = build()
    for (const document of documents) expect((await mock.send(document)).status).toBe(200)
    return Object(await entriesOf(mock)).map(codesOf)
  }
  /** A document of this number, time and sign. */
  const of = (fd: number, minute = fd, change: Record<string, unknown> = {}) => {
    const mm = String(minute).padStart(2, '0')
    return changed(receiptOfFfd12(fd), {
      '/fiscal_doc/fiscal_datetime': `2026-01-31T15:${mm}:00+03:00`,
      '/fiscal_doc/fiscal_instant': `2026-01-31T12:${mm}:00Z`,
      '/fiscal_doc/qr_code_data': `t=20260131T15${mm}&s=206.00&fn=9999078900001234&i=${fd}&fp=4294967295&n=1`,
      ...change,
    })
  }
  const ofOtherTill = { '/pos_id': 'POS-002' }
  const asOther = { '/receipt_id': idOf(90) }

  test.each<[string, object[], string[][]]>([
    ['going up', [of(1), of(2), of(5)], [[], [], []]],
    ['a till that comes late', [of(2), of(1)], [[], ['late_document']]],
    ['another till that is behind', [of(2), of(1, 1, ofOtherTill)], [[], []]],
    ['a receipt that is sent again', [of(1), of(2), of(1)], [[], []]],
    ['one document of two receipts', [of(1), of(1, 1, asOther)], [[], ['repeated_document']]],
    [
      'one document with two signs',
      [of(1), changed(receipt(1), { ...asOther, '/fiscal_doc/fiscal_sign': '1' })],
      [[], ['repeated_document', 'repeated_document']],
    ],
    ['a time that goes back', [of(1, 5), of(2, 4)], [[], ['time_back']]],
    [
      'a time before that of the highest document',
      [of(2, 5), of(1, 1, ofOtherTill), of(3, 4)],
      [[], [], ['time_back']],
    ],
    ['the same minute', [of(1, 5), of(2, 5)], [[], []]],
    ['an earlier document of a later time', [of(2, 5), of(1, 6, ofOtherTill)], [[], ['time_back']]],
    [
      'a document that names no version of the FFD',
      [of(1, 5), changed(of(2, 4), { '/fiscal_doc/ffd_version': undefined })],
      [[], []],
    ],
    [
      'a document without a number',
      [of(1), changed(of(1, 1, asOther), { '/fiscal_doc/fiscal_doc_number': 'x' })],
      [[], ['form', 'qr_code']],
    ],
  ])('%s', async (_name, documents, codes) => expect(await inOrder(...documents)).toEqual(codes))

  test('a call has what is told of the order of its receipt, and only at its first coming', async () => {
    const mock = build()
    for (const document of [of(2), of(1), of(1)]) await mock.send(document)
    expect((await callsOf(mock)).map(codesOf)).toEqual([[], ['late_document'], []])
  })

  test('a strict judge takes a dead letter that is sent again, and refuses one document of two receipts', async () => {
    const mock = build()
    await mock.config({ judge: 'strict' })
    const statuses = []
    for (const document of [of(2), of(1), of(1, 1, asOther)]) statuses.push((await mock.send(document)).status)
    expect(statuses).toEqual([200, 200, 422])
    expect(await mock.health()).toMatchObject({ out_of_order: 1, judged_wrong: 2 })
    expect((await callsOf(mock)).map(codesOf)).toEqual([[], ['late_document'], ['late_document', 'repeated_document']])
  })

  test('it is judged by what came while the receipt was on its way', async () => {
    const mock = build()
    await mock.config({ judge: 'strict', effect_delay: { seconds: 1, times: 1 } })
    const late = mock.send(of(1, 1, asOther))
    await settle()
    await mock.send(of(1))
    await mock.advance(1000)
    expect((await late).status).toBe(422)
  })

  test('it is judged by what an imported state has', async () => {
    const [mock, other] = [build(), build()]
    await mock.send(of(2, 5))
    await other.ask('POST', `${T}/import`, (await mock.ask('GET', `${T}/export`)).body)
    await other.send(of(3, 4))
    await other.send(of(1, 1, { '/fiscal_doc/fiscal_doc_number': 2, ...ofOtherTill }))
    const [, back, repeated] = Object(await entriesOf(other))
    expect([codesOf(back), codesOf(repeated)]).toEqual([['time_back'], ['qr_code', 'repeated_document']])
  })
})

test(`any JSON with a pos_id is taken, whatever else it says (SEED=${SEED})`, async () => {
  const { app, health } = build()
  const names = Object.keys(receiptOfFfd12(1))
  const anyField = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constant({ ['__proto__']: 1 }))
  const body = fc.oneof(
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), anyField),
    fc.tuple(fc.constantFrom(...names), anyField).map(([name, value]) => ({ ...receiptOfFfd12(1), [name]: value })),
    fc.tuple(fc.constantFrom(...Object.keys(receiptOfFfd12(1).fiscal_doc)), anyField).map(([name, value]) => ({
      ...receiptOfFfd12(1),
      fiscal_doc: { ...receiptOfFfd12(1).fiscal_doc, [name]: value },
    })),
  )
  let sent = 0
  await fc.assert(
    fc.asyncProperty(body, async (given) => {
      const text = JSON.stringify({ ...given, pos_id: 'POS-001' })
      const answer = await app.handle(new Request('http://localhost/ofd/v1/receipt', { method: 'POST', body: text }))
      sent += 1
      expect([answer.status, (await app.handle(new Request(`http://localhost${T}/receipts?limit=1`))).status]).toEqual([
        200, 200,
      ])
    }),
    { seed: SEED, numRuns: LONG ? 300 : 60 },
  )
  expect(await health()).toMatchObject({ call_count: sent })
})
