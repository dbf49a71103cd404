/** Refunds that leave fields to their original. */
import { describe, expect, test } from 'bun:test'
import type { FnReceipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { problemOf } from '../testing/app_kit.ts'
import { codeOf } from '../testing/guarded_app.ts'
import { content, fiscalDoc, nextFd } from '../testing/kit.ts'
import { frames, refundOfFrames, startRefunding } from '../testing/refund_kit.ts'

const UNKNOWN = '01a20425-88ce-7000-be2d-76eab0eb441e'
const DAY_MS = 24 * 60 * 60 * 1000
const LATER = {
  ofReceipt: { taxationSystem: 'patent' },
  ofItems: { paymentObject: 'another', measure: 'gram' },
} as const

/** Sold with these fields, under settings that are others by the time of the refund. */
async function sold(more: object, pruned = false) {
  const app = startRefunding()
  const { sell, state, clock, journal, worker } = app
  state.tillDefaults = { ofReceipt: { taxationSystem: 'usn_income' }, ofItems: {} }
  const id = await sell({ ...frames(2), ...more })
  state.tillDefaults = LATER
  if (pruned) {
    await worker.syncNow()
    clock.setWallBy(8 * DAY_MS)
    await journal.write((tx) => tx.prune(clock.wallMs() - 7 * DAY_MS, 10))
    expect(journal.queries.find(id)).toBeNull()
  }
  return { ...app, original: id, shown: async (of: string) => (await app.ask('GET', `/v1/kkt/receipt/${of}`)).json }
}

const HOURS = { vat: 'vat5', payment_object: 'service', measure: 'hour' }

describe.each([
  ['known', false],
  ['pruned', true],
])('of an original that is %s', (_what, pruned) => {
  test.each<[string, object, object, object]>([
    ['all', HOURS, {}, HOURS],
    ['what the original did not say either', { vat: 'none' }, {}, { payment_object: 'commodity', measure: 'piece' }],
    ['all but the rate, which has another name there', HOURS, { vat_rate: 5 }, HOURS],
    [
      'nothing',
      HOURS,
      { vat: 'vat7', payment_object: 'job', measure: 'day' },
      { vat: 'vat7', payment_object: 'job', measure: 'day' },
    ],
  ])('a refund leaves out %s', async (_fields, was, said, is) => {
    const { original, taken, shown } = await sold(was, pruned)
    const { id } = await taken(refundOfFrames(original, 1, said))
    expect(await shown(id)).toMatchObject({ taxation_system: 'usn_income', items: [is] })
  })

  test('an item that it has not is refused by its place, and nothing is stored', async () => {
    const { original, post, journal } = await sold(HOURS, pruned)
    const before = journal.queries.counts()
    const { status, json } = await post(refundOfFrames(original, 1, { name: 'Case' }))
    expect([status, problemOf(json)]).toMatchObject([
      422,
      {
        code: 'refund_incomplete',
        errors: [{ pointer: '/items/0/vat', message: expect.stringContaining('send the') }],
      },
    ])
    expect(journal.queries.counts()).toEqual(before)
  })

  test('invariant 2: the same key is answered the same, and delivered with what was filled in', async () => {
    const { original, post, worker, ofd } = await sold(HOURS, pruned)
    const first = await post(refundOfFrames(original, 1), 'key')
    expect((await post(refundOfFrames(original, 1), 'key')).json).toEqual(first.json)
    expect(codeOf((await post(refundOfFrames(original, 1, { vat: 'vat5' }), 'key')).json)).toBe(
      'idempotency_key_reused',
    )
    const delivered: ReceiptContent[] = []
    ofd.onDeliver = async (receipt, take) => {
      delivered.push(receipt.content)
      return take()
    }
    await worker.syncNow()
    expect(delivered.at(-1)).toMatchObject({ taxationSystem: 'usn_income', items: [{ vat: 'vat5', measure: 'hour' }] })
  })
})

describe('of an original that is not known', () => {
  test('a refund that leaves out a rate is refused, and one that says all rates takes the settings', async () => {
    const { post, state, taken, ask } = startRefunding()
    state.tillDefaults = LATER
    const { json } = await post(refundOfFrames(UNKNOWN, 1))
    expect(problemOf(json)).toMatchObject({ code: 'refund_incomplete', errors: [{ pointer: '/items/0/vat' }] })
    const { id } = await taken(refundOfFrames(UNKNOWN, 1, { vat: 'none' }))
    expect((await ask('GET', `/v1/kkt/receipt/${id}`)).json).toMatchObject({
      taxation_system: 'patent',
      items: [{ vat: 'none', payment_object: 'another', measure: 'gram' }],
    })
  })
})

test('without refund_of a refund says its rates', async () => {
  const { status, json } = await startRefunding().post({ ...refundOfFrames(UNKNOWN, 1), refund_of: undefined })
  expect([status, problemOf(json)]).toMatchObject([422, { errors: [{ pointer: '/items/0/vat_rate' }] }])
})

describe('invariant 2, after the journal was lost: a refund that the KKT printed', () => {
  const REFUND = refundOfFrames(UNKNOWN, 1)
  const item = {
    name: 'Frame',
    priceKopecks: 10_000,
    quantityMicro: 1_000_000,
    totalKopecks: 10_000,
    vat: 'vat20',
  } as const
  const HELD: ReceiptContent = {
    ...content(),
    type: 'refund',
    items: [item],
    refundOf: { fnNumber: '9999000000000001', fdNumber: 1, fiscalSign: '1' },
    taxationSystem: 'osn',
  }

  /** A KKT that holds this refund. */
  function lost(held: ReceiptContent | null) {
    const app = startRefunding()
    const doc = fiscalDoc(nextFd())
    const found: FnReceipt = {
      id: '01900000-0000-7000-8000-000000000001' as ReceiptId,
      content: held,
      doc,
      paper: 'printed',
    }
    app.kkt.onDocumentsAfter = async () => [{ fdNumber: doc.fdNumber, receipt: found, ofShift: null }]
    app.kkt.onLookupKey = async (key) => (key === 'key' ? { kind: 'found', receipt: found } : { kind: 'absent' })
    return { ...app, doc }
  }

  test('is answered with its document, once more, too, and told with its rate', async () => {
    const { post, kkt, doc, journal } = lost(HELD)
    for (const _time of [1, 2]) {
      const { status, json } = await post(REFUND, 'key')
      expect([status, json]).toMatchObject([200, { fiscal_doc: { fiscal_doc_number: doc.fdNumber } }])
    }
    expect(kkt.handed).toEqual([])
    expect(journal.queries.find('01900000-0000-7000-8000-000000000001' as ReceiptId)?.content).toEqual(HELD)
  })

  test.each([
    ['of another body', { ...HELD, posId: 'POS-9' }],
    ['whose content the KKT does not tell', null],
  ])('%s is not printed again', async (_what, held) => {
    const { post, kkt } = lost(held)
    expect(codeOf((await post(REFUND, 'key')).json)).toBe('idempotency_key_reused')
    expect(kkt.handed).toEqual([])
  })

  test('under another key is refused for its rate', async () => {
    expect(codeOf((await lost(HELD).post(REFUND, 'another')).json)).toBe('refund_incomplete')
  })

  test('is not refused for its rate while the KKT does not answer', async () => {
    const { post, kkt } = lost(HELD)
    kkt.onLookupKey = async () => ({ kind: 'unknown', reason: 'the reply was lost' })
    const { status, json, headers } = await post(REFUND, 'key')
    expect([status, codeOf(json), headers.get('retry-after')]).toEqual([503, 'key_undecided', '5'])
  })
})
