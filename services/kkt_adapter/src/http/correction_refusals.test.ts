/** Corrections that are refused leave nothing behind. */
import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { body, problemOf } from '../testing/app_kit.ts'
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
import { codeOf } from '../testing/guarded_app.ts'

describe('nothing is journaled of a correction', () => {
  const countOf = ({ journal }: ReturnType<typeof startCorrecting>) =>
    Object.values(journal.queries.counts()).reduce((a, b) => a + b)

  test.each([
    ['that names nothing', { type: 'self', date: DAY }, '/right'],
    ['without a day', { type: 'self', right: RIGHT }, '/date'],
    ['of a told receipt without a day', { type: 'self', wrong: { ...NUMBERS, receipt: body() } }, '/date'],
    ['by an order without a number', { type: 'instruction', date: DAY, right: RIGHT }, '/number'],
    ['of another type', { type: 'other', date: DAY, right: RIGHT }, '/type'],
    ['with numbers and without a body', { ...ON_THAT_DAY, wrong: NUMBERS }, '/wrong'],
    [
      'with an id and a body',
      { ...ON_THAT_DAY, wrong: { receipt_id: '01a20425-88ce-7000-be2d-76eab0eb441e', receipt: body() } },
      '/wrong',
    ],
    [
      'whose wrong receipt is none',
      { ...ON_THAT_DAY, wrong: { ...NUMBERS, receipt: body({ items: [] }) } },
      '/wrong/receipt/items',
    ],
    ['whose right receipt does not add up', { ...ON_THAT_DAY, right: { ...RIGHT, payments: [] } }, '/right/payments'],
    [
      'whose right receipt is a correction',
      { ...ON_THAT_DAY, right: { ...RIGHT, correction: ON_THAT_DAY } },
      '/right/correction',
    ],
    [
      'whose right receipt refunds another',
      { ...ON_THAT_DAY, right: { ...RIGHT, type: 'refund', refund_of: NUMBERS } },
      '/right/refund_of',
    ],
    [
      'whose right receipt has an attribute of its own',
      { ...ON_THAT_DAY, wrong: { ...NUMBERS, receipt: body() }, right: { ...RIGHT, attribute: 'a' } },
      '/right/attribute',
    ],
    ['with an unknown field', { ...ON_THAT_DAY, right: RIGHT, why: 'x' }, ''],
  ])('%s', async (_what, wanted, pointer) => {
    const app = startCorrecting()
    const { status, json } = await app.correct(wanted)
    expect(status).toBe(422)
    expect(
      z
        .object({ errors: z.array(z.object({ pointer: z.string() })) })
        .parse(json)
        .errors.map((one) => one.pointer),
    ).toEqual([pointer])
    expect(countOf(app)).toBe(0)
  })

  test('of a settlement that has not been yet, by the day of the zone', async () => {
    const app = startCorrecting()
    // In Moscow it is three hours later than in UTC.
    app.clock.setWallBy(Date.UTC(2026, 1, 10, 20, 59) - app.clock.wallMs())
    const tomorrow = { type: 'self', date: '2026-02-11' }
    const both = () =>
      Promise.all([
        app.correct({ right: RIGHT, ...tomorrow }, 'one'),
        app.post({ ...RIGHT, correction: tomorrow }, 'two'),
      ])
    for (const [i, { status, json }] of (await both()).entries()) {
      expect([status, codeOf(json)]).toEqual([422, 'invalid_body'])
      expect(json).toMatchObject({ errors: [{ pointer: ['/date', '/correction/date'][i] }] })
      expect(problemOf(json).detail).toContain('2026-02-10')
    }
    expect(countOf(app)).toBe(0)
    app.clock.setWallBy(60_000)
    const answers = await both()
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    app.clock.setWallBy(-40 * 365 * 24 * 60 * 60 * 1000)
    expect((await both()).map(({ text }) => text)).toEqual(answers.map(({ text }) => text))
    expect((await app.correct({ right: RIGHT, ...tomorrow }, 'three')).status).toBe(200)
  })

  test('whose receipt is not there, or has no document', async () => {
    const app = startCorrecting()
    const missing = await app.correct({ wrong: { receipt_id: '01a20425-88ce-7000-be2d-76eab0eb441e' }, type: 'self' })
    expect([missing.status, codeOf(missing.json)]).toEqual([404, 'receipt_not_found'])
    app.kkt.onFiscalize = refuse
    await app.post(body(), 'refused')
    const [refused] = app.journal.queries.list({ status: 'refused', posId: null }, null, 1).items
    const without = await app.correct({ wrong: { receipt_id: refused?.id }, type: 'self' })
    expect([without.status, codeOf(without.json)]).toEqual([409, 'no_fiscal_document'])
    expect(countOf(app)).toBe(1)
  })

  test('that has no room for both, and its key stays free', async () => {
    const app = startCorrecting({ maxSize: 3 })
    const [wrong] = [await app.sell(), await app.sell()]
    const wanted = { wrong: wrongOf(wrong), right: RIGHT, type: 'self' }
    const full = await app.correct(wanted, 'key')
    expect([full.status, codeOf(full.json)]).toEqual([503, 'buffer_full'])
    expect(countOf(app)).toBe(2)
    await app.worker.syncNow()
    expect((await app.correct(wanted, 'key')).status).toBe(200)
  })

  test('while the KKT refuses everything, or at a stop', async () => {
    const app = startCorrecting()
    const wrong = wrongOf(await app.sell())
    app.kkt.trouble = 'fn_full'
    app.kkt.onFiscalize = refuse
    await app.post()
    const unfit = await app.correct({ wrong, type: 'self' })
    expect([unfit.status, codeOf(unfit.json)]).toEqual([503, 'kkt_unfit'])
    app.state.isStopping = true
    const stopping = await app.correct({ wrong, type: 'self' })
    expect([stopping.status, codeOf(stopping.json)]).toEqual([503, 'shutting_down'])
    expect(countOf(app)).toBe(2)
  })

  test('of a document that was put right before, also when it is told by its numbers', async () => {
    const app = startCorrecting()
    const wrong = await app.sell()
    const { fiscal_doc: doc } = wrong
    const first = correctionTold.parse((await app.correct({ wrong: wrongOf(wrong), ...ON_THAT_DAY })).json)
    const numbers = { fn: doc.fn_number, fd: doc.fiscal_doc_number, fpd: doc.fiscal_sign }
    for (const again of [wrongOf(wrong), { ...numbers, receipt: body() }]) {
      const { status, json } = await app.correct({ wrong: again, right: RIGHT, ...ON_THAT_DAY })
      expect([status, codeOf(json)]).toEqual([409, 'already_corrected'])
      expect(problemOf(json).detail).toContain(first.correction_id)
    }
    expect(countOf(app)).toBe(2)
    // The correction was wrong: its own receipts are put right.
    const undone = await app.correct({ wrong: { receipt_id: first.correction_id }, type: 'self' })
    expect(app.contentOf(correctionTold.parse(undone.json).correction_id)).toMatchObject({
      type: 'sale',
      correction: ON_THAT_DAY,
    })
  })
})
