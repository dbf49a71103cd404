/** Wrong receipts are put right. */
import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import type { DocDetails, FiscalDoc, ReceiptId } from '../domain/receipt.ts'
import { body } from '../testing/app_kit.ts'
import {
  correctionTold,
  DAY,
  NUMBERS,
  ON_THAT_DAY,
  RIGHT,
  refuse,
  startCorrecting,
  wrongOf,
} from '../testing/correction_kit.ts'
import { codeOf, startGuarded } from '../testing/guarded_app.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe('a wrong receipt is put right in one call', () => {
  test('by a reversal as it was and the right one, both corrections of its document, in this order', async () => {
    const { correct, sell, contentOf, kkt } = startCorrecting()
    const wrong = await sell(body({ payments: [{ type: 'cash', amount: 150 }] }))
    const { status, json } = await correct({ wrong: wrongOf(wrong), right: RIGHT, type: 'self' })
    expect(status).toBe(200)
    const told = correctionTold.parse(json)
    expect(told.status).toBe('printed')
    expect(told.correction_id).toBe(told.reversal?.receipt_id ?? '')
    expect(kkt.handed.slice(1).map(String)).toEqual([told.reversal?.receipt_id ?? '', told.right?.receipt_id ?? ''])
    const corrects = {
      fnNumber: wrong.fiscal_doc.fn_number,
      fdNumber: wrong.fiscal_doc.fiscal_doc_number,
      fiscalSign: wrong.fiscal_doc.fiscal_sign,
    }
    // The day of the wrong document.
    const correction = { type: 'self', date: '2026-01-31' }
    expect(contentOf(told.reversal?.receipt_id)).toMatchObject({
      type: 'refund',
      corrects,
      correction,
      items: [{ name: 'Frame', vat: 'vat22', totalKopecks: 10_000 }],
      payments: [{ type: 'cash', amountKopecks: 10_000 }],
      cashier: { name: 'Иванова А. А.' },
    })
    expect(contentOf(told.right?.receipt_id)).toMatchObject({
      type: 'sale',
      corrects,
      correction,
      items: [{ vat: 'vat20', totalKopecks: 9000 }],
      cashier: { name: 'Иванова А. А.' },
    })
  })

  test('GET tells both documents', async () => {
    const { ask, correct, sell } = startCorrecting()
    const told = correctionTold.parse(
      (await correct({ wrong: wrongOf(await sell()), right: RIGHT, ...ON_THAT_DAY })).json,
    )
    const { status, json } = await ask('GET', `/v1/kkt/correction/${told.correction_id}`)
    expect([status, json]).toEqual([200, told])
    expect([told.reversal?.fiscal_doc, told.right?.fiscal_doc]).not.toContain(null)
  })

  test('is only taken back without right', async () => {
    const { correct, sell, journal } = startCorrecting()
    const told = correctionTold.parse((await correct({ wrong: wrongOf(await sell()), ...ON_THAT_DAY })).json)
    expect([told.status, told.right, told.reversal?.status]).toEqual(['printed', null, 'pending'])
    expect(journal.queries.counts()).toMatchObject({ pending: 2 })
  })

  test('of another adapter, or long ago, is told by its numbers and its body', async () => {
    const { correct, contentOf } = startCorrecting()
    const wrong = { ...NUMBERS, receipt: body({ type: 'refund' }) }
    const order = { type: 'instruction', date: DAY, number: '17-04' }
    const told = correctionTold.parse((await correct({ wrong, right: RIGHT, ...order })).json)
    const corrects = { fnNumber: NUMBERS.fn, fdNumber: NUMBERS.fd, fiscalSign: NUMBERS.fpd }
    for (const [id, type] of [
      [told.reversal?.receipt_id, 'sale'],
      [told.right?.receipt_id, 'sale'],
    ])
      expect<unknown>(contentOf(id)).toMatchObject({ type, corrects, correction: order })
  })

  test('a receipt that is told by its body has the settings of its till where it is silent', async () => {
    const { correct, contentOf } = startCorrecting()
    const told = correctionTold.parse((await correct({ wrong: { ...NUMBERS, receipt: body() }, ...ON_THAT_DAY })).json)
    expect(contentOf(told.reversal?.receipt_id)?.cashier).toEqual({ name: 'Иванова А. А.' })
  })

  test('that was never fiscalised is only said, and corrects no document', async () => {
    const { correct, contentOf } = startCorrecting()
    const told = correctionTold.parse((await correct({ right: RIGHT, ...ON_THAT_DAY })).json)
    expect([told.correction_id, told.reversal]).toEqual([told.right?.receipt_id ?? '', null])
    const content = contentOf(told.right?.receipt_id)
    expect<unknown>([content?.correction, content?.corrects]).toEqual([ON_THAT_DAY, undefined])
  })

  test('takes the taxation system that the KKT signed where the receipt named none', async () => {
    const { correct, sell, contentOf, kkt } = startCorrecting()
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: withSystem(make()), paper: 'printed' })
    const told = correctionTold.parse((await correct({ wrong: wrongOf(await sell()), ...ON_THAT_DAY })).json)
    expect(contentOf(told.reversal?.receipt_id)?.taxationSystem).toBe('usn_income')
  })
})

describe('invariant 2: a key puts right once', () => {
  test('the same key and body again is answered with the same documents, also when two come at once', async () => {
    const { correct, sell, journal } = startCorrecting()
    const wanted = { wrong: wrongOf(await sell()), right: RIGHT, ...ON_THAT_DAY }
    const [one, other] = await Promise.all([correct(wanted, 'key'), correct(wanted, 'key')])
    const later = await correct(wanted, 'key')
    expect([other.json, later.json]).toEqual([one.json, one.json])
    expect([one, later].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(journal.queries.counts()).toMatchObject({ pending: 3 })
  })

  test('with another body it is refused, and a receipt may have the same key', async () => {
    const { correct, sell, post } = startCorrecting()
    const wanted = { wrong: wrongOf(await sell()), right: RIGHT, ...ON_THAT_DAY }
    await correct(wanted, 'key')
    const { status, json } = await correct({ ...wanted, date: '2025-12-29' }, 'key')
    expect([status, codeOf(json)]).toEqual([422, 'idempotency_key_reused'])
    expect((await post(body(), 'key')).status).toBe(200)
  })
})

test('a part that the KKT can print no more leaves the correction printed', async () => {
  const { correct, sell, kkt } = startCorrecting()
  const wanted = { wrong: wrongOf(await sell()), right: RIGHT, ...ON_THAT_DAY }
  kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
  kkt.onReprint = async () => ({ kind: 'refused', isLasting: true, reason: 'another FN is in it' })
  await correct(wanted, 'key')
  await settle()
  const missing = { status: 'pending', paper: 'missing' }
  expect((await correct(wanted, 'key')).json).toMatchObject({ status: 'printed', reversal: missing, right: missing })
})

describe('the KKT refuses a part', () => {
  /** The KKT takes the wrong receipt and refuses the n-th document of its correction. */
  async function refusing(part: 1 | 2) {
    const app = startCorrecting()
    const wrong = wrongOf(await app.sell())
    let asked = 0
    const take = app.kkt.onFiscalize
    app.kkt.onFiscalize = async (id, make) => (++asked === part ? refuse() : take(id, make))
    const told = await app.correct({ wrong, right: RIGHT, ...ON_THAT_DAY }, 'key')
    return { ...app, wrong, told: correctionTold.parse(told.json), take }
  }

  test.each([1, 2] as const)('an operator is told of a refused part %i until they close it', async (which) => {
    const { told, ask, deps, journal } = await refusing(which)
    expect(told.status).toBe('incomplete')
    expect([told.reversal?.status, told.right?.status]).toEqual(
      which === 1 ? ['refused', 'pending'] : ['pending', 'refused'],
    )
    expect(deps.readStatus().corrections_half_done).toBe(1)
    const close = (reason: unknown) =>
      ask('POST', `/v1/kkt/correction/${told.correction_id}/close`, { body: JSON.stringify({ reason }) })
    expect((await close('')).status).toBe(422)
    expect((await close('sent by hand')).json).toMatchObject({ status: 'closed', close_reason: 'sent by hand' })
    expect(deps.readStatus().corrections_half_done).toBe(0)
    expect(journal.events.list({ receiptId: null, kind: 'command' }, null, 1).items).toMatchObject([
      { to: 'correction_closed', detail: `${told.correction_id}: sent by hand` },
    ])
    const again = await close('twice')
    expect([again.status, codeOf(again.json)]).toEqual([409, 'correction_not_open'])
  })

  test('a refused reversal may be sent by itself, a refused right one by itself', async () => {
    const ofReversal = await refusing(1)
    ofReversal.kkt.onFiscalize = ofReversal.take
    expect((await ofReversal.correct({ wrong: ofReversal.wrong, ...ON_THAT_DAY })).status).toBe(200)
    const ofRight = await refusing(2)
    ofRight.kkt.onFiscalize = ofRight.take
    expect((await ofRight.correct({ right: RIGHT, ...ON_THAT_DAY })).status).toBe(200)
  })

  test('a correction of which nothing was made is a refusal, and nobody has to settle it', async () => {
    const { correct, kkt, deps } = startCorrecting()
    kkt.onFiscalize = refuse
    const { status, json } = await correct({ wrong: { ...NUMBERS, receipt: body() }, right: RIGHT, ...ON_THAT_DAY })
    expect([status, codeOf(json)]).toEqual([502, 'kkt_refused'])
    expect(deps.readStatus().corrections_half_done).toBe(0)
  })
})

test('a correction waits for a slow KKT no longer than a receipt, and is told later', async () => {
  const { correct, clock, kkt, ask } = startCorrecting()
  const slow = Promise.withResolvers<void>()
  const take = kkt.onFiscalize
  kkt.onFiscalize = async (id, make) => {
    await slow.promise
    return take(id, make)
  }
  const waiting = correct({ right: RIGHT, ...ON_THAT_DAY })
  await clock.advance(10_000)
  const told = correctionTold.parse((await waiting).json)
  expect([told.status, told.right?.fiscal_doc]).toEqual(['buffered', null])
  slow.resolve()
  await clock.advance(1000)
  expect((await ask('GET', `/v1/kkt/correction/${told.correction_id}`)).json).toMatchObject({ status: 'printed' })
})

describe('with tokens', () => {
  test('a till puts its own receipts right, and sees and takes no others', async () => {
    const { as, till1, till2, office, sell } = startGuarded()
    const wrong = await sell(till1, 'POS-001')
    const by = (token: string, wanted: object) =>
      as(token)('POST', '/v1/kkt/correction', {
        body: JSON.stringify({ ...wanted, ...ON_THAT_DAY }),
        headers: { 'idempotency-key': 'key' },
      })
    const known = { wrong: { receipt_id: wrong.id } }
    const refused = [
      await by(till2, known),
      await by(till2, { wrong: { ...NUMBERS, receipt: body() } }),
      await by(till2, { right: RIGHT }),
    ]
    expect(refused.map(({ json }) => codeOf(json))).toEqual(['receipt_not_found', 'not_allowed', 'not_allowed'])
    const { correction_id: id } = correctionTold.parse((await by(till1, known)).json)
    const seen = async (token: string) => (await as(token)('GET', `/v1/kkt/correction/${id}`)).status
    expect([await seen(till1), await seen(till2), await seen(office)]).toEqual([200, 404, 200])
  })

  test('one that has to be settled is the operator’s alone when its receipts are pruned', async () => {
    const { as, till1, till2, office, journal, clock, kkt } = startGuarded()
    const take = kkt.onFiscalize
    kkt.onFiscalize = async (id, make) => (kkt.handed.length === 2 ? refuse() : take(id, make))
    const { json } = await as(till1)('POST', '/v1/kkt/correction', {
      body: JSON.stringify({ wrong: { ...NUMBERS, receipt: body() }, right: RIGHT, ...ON_THAT_DAY }),
      headers: { 'idempotency-key': 'key' },
    })
    const { correction_id: id, status } = correctionTold.parse(json)
    expect(status).toBe('incomplete')
    const seen = async (token: string) => (await as(token)('GET', `/v1/kkt/correction/${id}`)).status
    expect([await seen(till1), await seen(till2), await seen(office)]).toEqual([200, 404, 200])
    const reversal = journal.corrections.find(id as ReceiptId)?.reversal
    await journal.write((tx) => {
      if (!reversal) throw new Error('It has no reversal')
      tx.markSyncing(reversal)
      tx.recordSynced(reversal, 'OFD-1')
      clock.setWallBy(DAY_MS)
      tx.prune(clock.wallMs(), 10)
    })
    expect(journal.queries.counts()).toMatchObject({ synced: 0, refused: 0 })
    expect([await seen(till1), await seen(till2), await seen(office)]).toEqual([404, 404, 200])
  })
})

const DETAILS: DocDetails = {
  operation: 'sale',
  isCorrection: false,
  registrationNumber: '0000000001002292',
  serialNumber: '0010690000000042',
  seller: { name: 'ООО «Оптика»', inn: '7701234567' },
  address: null,
  place: null,
  taxationSystem: 'usn_income',
  cashier: null,
  vatSums: [{ vat: 'vat22', sumKopecks: 1803 }],
  payments: [{ type: 'cash', amountKopecks: 10_000 }],
  changeKopecks: 0,
  ffdVersion: '1.2',
  fnsUrl: 'www.nalog.gov.ru',
  instantMs: 0,
}

const withSystem = (doc: FiscalDoc): FiscalDoc => ({ ...doc, details: DETAILS })
