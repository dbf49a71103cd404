/** An answer may be about another receipt: from a cache, or a late answer to an earlier request. */
import { describe, expect, test } from 'bun:test'
import { systemClock } from '@kkt/platform/clock.ts'
import { journalAndDb, pending, token } from '../testing/kit.ts'
import { createOfdClient, type OfdLookup } from './ofd_client.ts'

const AMPLE_MS = 5000
const { journal } = journalAndDb()
const ID = await pending(journal)
const OTHER = await pending(journal, 'POS-002')
const TOKEN = token(1)

/** A client of an OFD that always gives this answer. */
const client = (status: number, body: unknown, url = 'http://ofd.invalid') =>
  createOfdClient({
    url,
    kktId: 'KKT-001',
    timeoutMs: AMPLE_MS,
    clock: systemClock,
    send: async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
  })

function receipt() {
  const next = journal.queries.nextToDeliver('POS-001')
  if (!next) throw new Error('There is nothing to deliver')
  return next
}
const deliver = (status: number, body: unknown) => client(status, body).deliver(receipt(), TOKEN)
const lookup = (status: number, body: unknown) => client(status, body).lookup(receipt(), TOKEN)

const accepted = (receipt_id?: unknown) => ({ status: 'accepted', ofd_id: 'OFD-1', timestamp: 1, receipt_id })
const OURS: [what: string, named: unknown][] = [
  ['as we write it', ID],
  ['in upper case', ID.toUpperCase()],
]
const NONE: [what: string, named: unknown][] = [
  ['nothing', undefined],
  ['null', null],
]
const FOREIGN: [what: string, named: unknown][] = [
  ['another receipt', OTHER],
  ['an empty text', ''],
  ['ours and a blank', `${ID} `],
  ['a part of ours', ID.slice(0, -1)],
  ['a number', 7],
  ['a list', [ID]],
]

describe('invariant 4: a submission’s answer', () => {
  test.each(OURS)('that names its receipt is that receipt’s: %s', async (_what, named) => {
    expect(await deliver(200, accepted(named))).toEqual({ kind: 'done', ofdId: 'OFD-1', atMs: 1000, isNamed: true })
  })

  test.each(NONE)('that names none is said to name none: %s', async (_what, named) => {
    expect(await deliver(200, accepted(named))).toMatchObject({ kind: 'done', isNamed: false })
  })

  test.each(FOREIGN)('that names %s is unknown, and ours may be on its way still', async (_what, named) => {
    const reason = 'the OFD answered 200, to another request'
    expect(await deliver(200, accepted(named))).toEqual({ kind: 'unknown', reason, isCutOff: true })
  })

  test.each([400, 401, 404, 409, 412, 413, 422, 429, 500])(
    'of %p that names another receipt refuses nothing of ours',
    async (status) => {
      const reason = `the OFD answered ${status}, to another request`
      expect(await deliver(status, { error: 'no', receipt_id: OTHER })).toEqual({
        kind: 'unknown',
        reason,
        isCutOff: true,
      })
    },
  )

  test.each([409, 422])('of %p that names our receipt refuses it, as one that names none', async (status) => {
    const refused = {
      kind: 'refused',
      blames: 'receipt',
      reason: `the OFD answered ${status} and said "error: no"`,
    } as const
    expect(await deliver(status, { error: 'no', receipt_id: ID })).toEqual(refused)
    expect(await deliver(status, { error: 'no' })).toEqual(refused)
  })

  test.each([...OURS, ...NONE])('is not the not_found of a look-up that names %s', async (_what, named) => {
    const reason = 'the OFD answered 404, to another request'
    expect(await deliver(404, { status: 'not_found', receipt_id: named })).toEqual({
      kind: 'unknown',
      reason,
      isCutOff: true,
    })
  })
})

describe('invariant 4: a look-up’s answer', () => {
  const REJECTED: OfdLookup = { kind: 'rejected', reason: 'the OFD has rejected it' }
  const OWN: [name: string, status: number, body: (named: unknown) => object, told: OfdLookup][] = [
    ['accepted', 200, accepted, { kind: 'found', ofdId: 'OFD-1', atMs: 1000 }],
    ['rejected', 200, (receipt_id) => ({ ...accepted(receipt_id), status: 'rejected' }), REJECTED],
    ['not found', 404, (receipt_id) => ({ status: 'not_found', receipt_id }), { kind: 'absent' }],
  ]
  for (const [name, status, body, told] of OWN) {
    test.each(OURS)(
      `of ${name} is believed where it names the receipt that was asked for: %s`,
      async (_what, named) => {
        expect(await lookup(status, body(named))).toEqual(told)
      },
    )

    test.each(FOREIGN)(`of ${name} is unknown where it names %s`, async (_what, named) => {
      const reason = `the OFD answered ${status} to the look-up, about another receipt`
      expect(await lookup(status, body(named))).toEqual({ kind: 'unknown', reason })
    })

    test.each(NONE)(`of ${name} is unknown where it names %s`, async (_what, named) => {
      const reason = `the OFD answered ${status} to the look-up, and named no receipt`
      expect(await lookup(status, body(named))).toEqual({ kind: 'unknown', reason })
    })
  }

  test.each([404, 405, 412, 501])('of %p that names another receipt says nothing of the OFD either', async (status) => {
    const reason = `the OFD answered ${status} to the look-up, about another receipt`
    expect(await lookup(status, { error: 'no', receipt_id: OTHER })).toEqual({ kind: 'unknown', reason })
  })
})

test('what names a receipt below the top of an answer names none', async () => {
  expect(await deliver(200, { ...accepted(), detail: { receipt_id: OTHER } })).toMatchObject({ kind: 'done' })
  expect(await deliver(422, [{ receipt_id: OTHER }])).toMatchObject({ kind: 'refused' })
})

test.each<[url: string, origin: string]>([
  ['http://ofd.invalid', 'http://ofd.invalid'],
  ['https://user:secret@OFD.invalid:8443/gate/?key=1', 'https://ofd.invalid:8443'],
])('%s is known by its origin, without anything secret', (url, origin) => {
  expect(client(200, '', url).origin).toBe(origin)
})
