/** Documents that cash registers hand over by themselves. */
import { describe, expect, test } from 'bun:test'
import { FN, registerOther, registerReceipt } from './testing/documents.ts'
import { build } from './testing/lent.ts'
import { idOf, receipt, untouched } from './testing.ts'

const T = '/ofd/v1/_test'
const ACCEPTED = {
  status: 'accepted',
  ofd_id: 'OFD-000001',
  timestamp: 1_769_860_800,
  fn_number: FN,
  fd_number: 3,
  kind: 'receipt',
}

/** A new FN's first documents. */
const begun = async (mock: ReturnType<typeof build>) => {
  await mock.sendDocument(registerOther(1, 'registration'))
  await mock.sendDocument(registerOther(2, 'shift_opening'))
  await mock.sendDocument(registerReceipt(3))
}

describe('a document of a cash register', () => {
  test('is taken, confirmed by its FN and FD, and found by them', async () => {
    const { sendDocument, findDocument, advance } = build()
    expect(await sendDocument(registerReceipt(3))).toMatchObject({ status: 200, body: ACCEPTED })
    await advance(60_000)
    expect(await findDocument(FN, 3)).toMatchObject({ status: 200, body: ACCEPTED })
    const { status, body } = await findDocument(FN, 4)
    expect([status, body]).toEqual([404, { status: 'not_found', fn_number: FN, fd_number: 4 }])
  })

  test('is taken once, however often it is sent', async () => {
    const { sendDocument, health, advance } = build()
    await sendDocument(registerReceipt(3))
    await advance(60_000)
    expect((await sendDocument(registerReceipt(3))).body).toEqual(ACCEPTED)
    expect(await health()).toEqual({ ...untouched, call_count: 2, receipts_received: 1, duplicates: 1 })
  })

  test('is another one in another FN, whose numbers begin again', async () => {
    const { sendDocument, health } = build()
    const next = registerReceipt(3, { fn_number: '9999078900005678' })
    await sendDocument(registerReceipt(3))
    await sendDocument(registerOther(1, 'registration', '9999078900005678'))
    await sendDocument({ ...next, fn_number: '9999078900005678' })
    expect(await health()).toMatchObject({ receipts_received: 2, other_documents: 1, duplicates: 0, out_of_order: 0 })
  })

  test('counts as a receipt if it is one, and every one is a submission', async () => {
    const mock = build()
    const waited = mock.ask('GET', `${T}/wait?receipts=1&timeout=60`)
    await begun(mock)
    expect(await waited).toMatchObject({ status: 200, body: { receipts: 1 } })
    expect(await mock.health()).toEqual({ ...untouched, call_count: 3, receipts_received: 1, other_documents: 2 })
    expect((await mock.ask('GET', `${T}/wait?other_documents=2`)).status).toBe(200)
  })

  test('is waited for as a receipt only where it is one, by a match too', async () => {
    const mock = build()
    await mock.sendDocument(registerOther(1, 'registration'))
    const missed = mock.ask('GET', `${T}/wait?receipts=1&kkt_id=KKT-001&timeout=1`)
    await mock.advance(1000)
    expect(await missed).toMatchObject({
      status: 408,
      body: { receipts: 0, came_instead: { last_calls: [{ why_not: ['it is none of the receipts'] }] } },
    })
    await begun(mock)
    expect((await mock.ask('GET', `${T}/wait?receipts=1&kkt_id=KKT-001`)).status).toBe(200)
    expect((await mock.ask('GET', `${T}/wait?calls=4&kkt_id=KKT-001`)).status).toBe(200)
  })

  test('stands in the list of documents with its kind, and in that of receipts if it is one', async () => {
    const mock = build()
    await begun(mock)
    await mock.send(receipt(7))
    const row = {
      ofd_id: 'OFD-000003',
      kind: 'receipt',
      fn_number: FN,
      fiscal_doc_number: 3,
      pos_id: null,
      findings: [],
    }
    expect(await mock.ledger()).toMatchObject({
      count: 2,
      receipts: [row, { receipt_id: idOf(7), kind: 'receipt', fn_number: FN, fiscal_doc_number: 7 }],
    })
    const kinds = async (query: string) =>
      Object(await mock.documents(query)).documents.map(({ kind }: { kind: string }) => kind)
    expect(await kinds('')).toEqual(['registration', 'shift_opening', 'receipt'])
    expect(await kinds('?kind=shift_opening')).toEqual(['shift_opening'])
    expect(await kinds('?fn_number=9999078900005678')).toEqual([])
    expect(await kinds('?limit=1')).toEqual(['receipt'])
    expect((await mock.ask('GET', `${T}/documents?kind=gift`)).status).toBe(422)
  })

  test('keeps the ledger’s account when the state goes to another mock', async () => {
    const [mock, other] = [build(), build()]
    await begun(mock)
    const { body } = await mock.ask('GET', `${T}/export`)
    expect(await other.ask('POST', `${T}/import`, body)).toMatchObject({ status: 200 })
    expect(await other.health()).toEqual(await mock.health())
    expect(await other.documents()).toEqual(await mock.documents())
    expect((await other.sendDocument(registerReceipt(3))).body).toMatchObject({ ofd_id: 'OFD-000003' })
    expect((await other.ask('GET', `${T}/export`)).body).toMatchObject({ ledger: { total: 3, otherDocuments: 2 } })
    const nameless = JSON.parse(JSON.stringify(body).replaceAll('"fd_number":3,', ''))
    expect(await other.ask('POST', `${T}/import`, nameless)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/ledger/entries/2/document/fd_number' }] },
    })
  })
})

describe('the order of a cash register’s documents', () => {
  test('is that of its FN, whatever the kinds', async () => {
    const { sendDocument, health, documents } = build()
    for (const fd of [2, 1, 3]) await sendDocument(registerOther(fd, 'ofd_report'))
    expect(await health()).toMatchObject({ out_of_order: 1 })
    expect(await documents()).toMatchObject({ documents: [{}, { findings: [{ code: 'late_document' }] }, {}] })
  })

  test('one that a till’s adapter has sent already is told', async () => {
    const { send, sendDocument, documents } = build()
    await send(receipt(3))
    await sendDocument(registerReceipt(3))
    expect(await documents()).toMatchObject({ documents: [{ findings: [{ code: 'repeated_document' }, {}] }] })
  })
})

describe('the faults of the OFD strike a cash register, too', () => {
  test('one that is down takes neither the document nor a look-up', async () => {
    const { sendDocument, findDocument, config, health } = build()
    await config({ permanent_failure: true })
    expect((await sendDocument(registerReceipt(3))).status).toBe(503)
    expect((await findDocument(FN, 3)).status).toBe(503)
    expect(await health()).toMatchObject({ call_count: 1, receipts_received: 0 })
  })

  test('failure_count counts documents of all kinds', async () => {
    const { sendDocument, config } = build()
    await config({ failure_count: 2 })
    const statuses = []
    for (const fd of [1, 2, 3]) statuses.push((await sendDocument(registerOther(fd, 'ofd_report'))).status)
    expect(statuses).toEqual([503, 503, 200])
  })

  test('a match chooses one by FN and FD, and calls name it so', async () => {
    const { ask, sendDocument, findDocument, config } = build()
    await config({ refuse: { receipt_id: `${FN}/3`, status: 422 } })
    expect((await sendDocument(registerOther(2, 'shift_opening'))).status).toBe(200)
    expect((await sendDocument(registerReceipt(3))).status).toBe(422)
    await findDocument(FN, 3)
    const named = { receipt_id: `${FN}/3`, attempt: 1 }
    expect((await ask('GET', `${T}/calls?receipt_id=${FN}/3`)).body).toMatchObject({
      calls: [
        { ...named, operation: 'submit', pos_id: null, kkt_id: 'KKT-001', fault: 'refuse' },
        { ...named, operation: 'lookup', status: 404 },
      ],
    })
  })

  test('an answer that is lost leaves the document there', async () => {
    const { sendDocument, findDocument, config } = build()
    await config({ effect_then_error: 1 })
    expect((await sendDocument(registerReceipt(3))).status).toBe(500)
    expect(await findDocument(FN, 3)).toMatchObject({ status: 200, body: ACCEPTED })
  })

  test('one that does not deduplicate takes it again, one that does says 409 if it is told to', async () => {
    const { sendDocument, config, health } = build()
    await sendDocument(registerReceipt(3))
    await config({ deduplicate: false })
    expect((await sendDocument(registerReceipt(3))).body).toMatchObject({ ofd_id: 'OFD-000002' })
    await config({ deduplicate: true, conflict_on_duplicate: true })
    expect((await sendDocument(registerReceipt(3))).status).toBe(409)
    expect(await health()).toMatchObject({ receipts_received: 2 })
  })

  test('a strict judge refuses one with something wrong', async () => {
    const { sendDocument, config, health } = build()
    await config({ judge: 'strict' })
    const wrong = { ...registerReceipt(3), total: 205 }
    expect(await sendDocument(wrong)).toMatchObject({ status: 422, body: { findings: expect.any(Array) } })
    expect((await sendDocument(registerReceipt(3))).status).toBe(200)
    expect(await health()).toMatchObject({ judged_wrong: 1, receipts_received: 1 })
  })

  test('a look-up that is mixed up tells of another document by its numbers, or of a receipt by its id', async () => {
    const { send, sendDocument, findDocument, find, config } = build()
    await sendDocument(registerOther(2, 'shift_opening'))
    await config({ lookup_mixed_up: true })
    const opening = { fn_number: FN, fd_number: 2, kind: 'shift_opening' }
    expect((await findDocument(FN, 3)).body).toMatchObject(opening)
    expect((await find(idOf(1))).body).toMatchObject(opening)
    await send(receipt(1))
    expect((await findDocument(FN, 3)).body).toMatchObject({ receipt_id: idOf(1) })
  })

  test('accepted_then_rejected is told by the look-up', async () => {
    const { sendDocument, findDocument, config } = build()
    await config({ accepted_then_rejected: true })
    await sendDocument(registerReceipt(3))
    expect((await findDocument(FN, 3)).body).toMatchObject({ status: 'rejected', fd_number: 3 })
  })
})

describe('a document that names itself wrongly', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['without its FN', { fn_number: undefined }, '/fn_number'],
    ['with an FN of 15 digits', { fn_number: '1'.repeat(15) }, '/fn_number'],
    ['with FD 0', { fd_number: 0 }, '/fd_number'],
    ['of an unknown kind', { kind: 'gift' }, '/kind'],
  ])('%s gets 422, and nothing is taken', async (_name, change, pointer) => {
    const { sendDocument, health } = build()
    expect(await sendDocument({ ...registerReceipt(3), ...change })).toMatchObject({
      status: 422,
      body: { code: 'invalid_body', errors: [{ pointer }] },
    })
    expect(await health()).toEqual({ ...untouched, call_count: 1 })
  })

  test('a look-up by numbers that cannot be is 422', async () => {
    const { findDocument } = build()
    for (const [fn, fd] of [
      ['1', 1],
      [FN, 0],
      [FN, 'x'],
    ] as const) {
      expect((await findDocument(fn, fd)).status).toBe(422)
    }
  })
})
