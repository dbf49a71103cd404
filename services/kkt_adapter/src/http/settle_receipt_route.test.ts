/** An operator says what became of a receipt of which the KKT cannot tell the outcome. */
import { describe, expect, test } from 'bun:test'
import { NOBODY } from '../domain/actor.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { problemOf, startApp } from '../testing/app_kit.ts'
import { accepted, fiscalDoc } from '../testing/kit.ts'
import { NEW_FN, OLD_FN, untoldReceipt } from '../testing/replaced_fn.ts'
import { kktState } from '../testing/test_kkt.ts'

const PRINTED = {
  printed: true,
  fd: 400,
  fpd: '0123456789',
  fiscal_datetime: '2026-01-31T15:07:30+03:00',
  shift_number: 7,
  receipt_number: 12,
}

async function untold() {
  const app = startApp()
  app.kkt.fnNumber = NEW_FN
  const id = await untoldReceipt(app.journal)
  const settle = (body: unknown, of: string = id) =>
    app.ask('POST', `/v1/kkt/receipt/${of}/settle`, { body: typeof body === 'string' ? body : JSON.stringify(body) })
  const without = (...names: (keyof typeof PRINTED)[]) =>
    Object.fromEntries(Object.entries(PRINTED).filter(([name]) => !names.some((one) => one === name)))
  return { ...app, id, settle, without }
}

/** Has the old FN make a document of this number. */
async function printAtOldFn({ journal }: Awaited<ReturnType<typeof untold>>, fdNumber: number): Promise<ReceiptId> {
  const { id } = await accepted(journal)
  await journal.write((tx) => {
    tx.markPrinting(id)
    tx.recordPrinted(id, { ...fiscalDoc(fdNumber), fnNumber: OLD_FN, shiftNumber: 3, receiptNumber: 41 }, 'printed')
  })
  return id
}

test('an untold receipt is shown with its FN, is listed, and is counted', async () => {
  const { ask, id, post } = await untold()
  await post()
  expect((await ask('GET', `/v1/kkt/receipt/${id}`)).json).toMatchObject({ status: 'unknown', untold_fn: OLD_FN })
  expect((await ask('GET', '/v1/kkt/receipts?untold=true')).json).toMatchObject({ receipts: [{ receipt_id: id }] })
  expect((await ask('GET', '/v1/kkt/receipts')).json).toMatchObject({
    receipts: [{ untold_fn: null }, { receipt_id: id, untold_fn: OLD_FN }],
  })
  expect((await ask('GET', '/v1/kkt/receipts?untold=yes')).status).toBe(422)
  expect((await ask('GET', '/v1/kkt/buffer/status')).json).toMatchObject({ unknown: 1, untold: 1 })
})

test('one that was not printed is printed now', async () => {
  const { settle, id, journal, kkt, clock, stop } = await untold()
  expect((await settle({ printed: false })).json).toEqual({ receipt_id: id, status: 'accepted' })
  await clock.advance(0)
  expect(journal.queries.find(id)).toMatchObject({ status: 'pending', fiscalDoc: { fnNumber: NEW_FN }, untoldFn: null })
  expect(kkt.handed).toEqual([id])
  await stop()
})

describe('one that was printed', () => {
  test('is delivered with the document that was told, and is not printed', async () => {
    const app = await untold()
    const { settle, id, journal, kkt, ofd, worker, logLines } = app
    expect((await settle(PRINTED)).json).toEqual({ receipt_id: id, status: 'pending' })
    expect(journal.queries.find(id)?.fiscalDoc).toEqual({
      fdNumber: 400,
      fiscalSign: '0123456789',
      fiscalDatetime: '2026-01-31T15:07:00+03:00',
      fnNumber: OLD_FN,
      kktNumber: 'KKT-001',
      shiftNumber: 7,
      receiptNumber: 12,
      totalKopecks: 10_000,
      qrCodeData: `t=20260131T1507&s=100.00&fn=${OLD_FN}&i=400&fp=0123456789&n=1`,
    })
    await worker.syncNow()
    expect([ofd.sent, kkt.handed]).toEqual([[id], []])
    expect(logLines.join()).toContain('untold_receipt_settled')
  })

  test('has the shift of the document before it where that is known, and another one where it was told', async () => {
    const app = await untold()
    await printAtOldFn(app, 399)
    const { settle, without, id, journal } = app
    const asOnPaper = { ...without('shift_number', 'receipt_number'), fiscal_datetime: '2026-01-31T15:07+03:00' }
    expect((await settle(asOnPaper)).status).toBe(200)
    expect(journal.queries.find(id)?.fiscalDoc).toMatchObject({
      shiftNumber: 3,
      receiptNumber: 42,
      fiscalDatetime: '2026-01-31T15:07:00+03:00',
    })
  })

  test('has to say its shift where the document before it is not known', async () => {
    const app = await untold()
    await printAtOldFn(app, 398)
    const { settle, without, id, journal } = app
    for (const name of ['shift_number', 'receipt_number'] as const) {
      const { status, json } = await settle(without(name))
      expect([status, problemOf(json)]).toEqual([
        422,
        expect.objectContaining({
          code: 'invalid_body',
          errors: [
            { pointer: '/shift_number', message: expect.any(String) },
            { pointer: '/receipt_number', message: expect.any(String) },
          ],
        }),
      ])
    }
    expect(journal.queries.find(id)?.untoldFn).toBe(OLD_FN)
  })

  test('has a document of its own: 409 for that of another receipt, and nothing is changed', async () => {
    const app = await untold()
    await printAtOldFn(app, 400)
    const { status, json } = await app.settle(PRINTED)
    expect([status, problemOf(json).code]).toEqual([409, 'document_taken'])
    expect(app.journal.queries.find(app.id)?.untoldFn).toBe(OLD_FN)
  })
})

describe('one that was printed by the FN that is in the KKT', () => {
  /** @param lastFd null: the KKT does not answer */
  async function here(lastFd: number | null) {
    const app = await untold()
    await app.journal.write((tx) => {
      tx.meetFn(OLD_FN, 1, false)
      tx.recordUntold(app.id, OLD_FN, 'FD 399 or FD 400')
    })
    app.kkt.state = async () => (lastFd === null ? null : { ...kktState(), fnNumber: OLD_FN, lastFdNumber: lastFd })
    /** @returns the status and the problem's code */
    const claim = async () => {
      const { status, json } = await app.settle(PRINTED)
      return status === 200 ? [status] : [status, problemOf(json).code]
    }
    return { ...app, claim }
  }

  test('is delivered with its last document, and with no later one, so that the next receipt can have that', async () => {
    const app = await here(399)
    const { status, json } = await app.settle(PRINTED)
    expect([status, problemOf(json).code]).toEqual([409, 'document_not_made'])
    expect(problemOf(json).detail).toContain('399')
    expect(app.journal.queries.find(app.id)?.untoldFn).toBe(OLD_FN)
    await printAtOldFn(app, 400)
    expect(await app.claim()).toEqual([409, 'document_taken'])
    expect(await (await here(400)).claim()).toEqual([200])
  })

  test('waits while the KKT is at something that may be this document', async () => {
    const app = await here(400)
    const next = await accepted(app.journal)
    await app.journal.write((tx) => tx.markPrinting(next.id))
    expect(await app.claim()).toEqual([503, 'document_open'])
    await app.journal.write((tx) => tx.recordPrinted(next.id, { ...fiscalDoc(401), fnNumber: OLD_FN }, 'printed'))
    expect(await app.claim()).toEqual([200])
  })

  test('waits while the KKT does a task', async () => {
    const app = await here(400)
    await app.journal.write((tx) => {
      const work = { kind: 'close_shift', shiftNumber: 7, cashier: null } as const
      const intake = tx.acceptTask({ work, key: null }, NOBODY)
      if (intake.kind !== 'accepted') throw new Error(`The task was not accepted: ${intake.kind}`)
      tx.markAsked(intake.task.id, OLD_FN)
    })
    expect(await app.claim()).toEqual([503, 'document_open'])
  })

  test('waits for a KKT that does not answer, unless a later document is recorded', async () => {
    const app = await here(null)
    expect(await app.claim()).toEqual([503, 'kkt_silent'])
    await printAtOldFn(app, 401)
    expect(await app.claim()).toEqual([200])
  })
})

test('any other receipt is 409, and one that there is not is 404', async () => {
  const { settle, id, journal } = await untold()
  await settle(PRINTED)
  const { status, json } = await settle({ printed: false })
  expect([status, problemOf(json).code]).toEqual([409, 'not_untold'])
  expect(journal.queries.statusOf(id)).toBe('pending')
  const none = await settle({ printed: false }, '01a20425-88ce-7000-be2d-76eab0eb441e')
  expect([none.status, problemOf(none.json).code]).toEqual([404, 'receipt_not_found'])
})

test.each<[string, unknown, number]>([
  ['nothing', {}, 422],
  ['no yes or no', { printed: 'yes' }, 422],
  ['something beside it', { printed: false, fd: 4 }, 422],
  ['no number', { ...PRINTED, fd: undefined }, 422],
  ['a number of no document', { ...PRINTED, fd: 0 }, 422],
  ['a sign that is none', { ...PRINTED, fpd: '4294967296' }, 422],
  ['a time without its zone', { ...PRINTED, fiscal_datetime: '2026-01-31T15:07:00' }, 422],
  ['a month that there is not', { ...PRINTED, fiscal_datetime: '2026-13-31T15:07:00+03:00' }, 422],
  ['a day that there is not', { ...PRINTED, fiscal_datetime: '2026-02-30T15:07:00+03:00' }, 422],
  ['a time of UTC', { ...PRINTED, fiscal_datetime: '2026-01-31T15:07:00Z' }, 422],
  ['an hour that there is not', { ...PRINTED, fiscal_datetime: '2026-01-31T24:00:00+03:00' }, 422],
  ['a shift that is none', { ...PRINTED, shift_number: 0 }, 422],
  ['no JSON', 'printed', 400],
])('is not settled by %s', async (_what, body, expected) => {
  const { settle, id, journal } = await untold()
  const { status, json } = await settle(body)
  expect([status, problemOf(json).status]).toEqual([expected, expected])
  expect(journal.queries.find(id)?.untoldFn).toBe(OLD_FN)
})
