/** The fiscalizer's first contact with its KKT, and receipts that the KKT knows but the journal does not. */
import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { type FilledIn, withFilledIn } from '../domain/filled_in.ts'
import type { FnDocument } from '../domain/kkt_outcome.ts'
import type { FnReceipt, IdempotencyKey, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { Tx } from '../journal/journal.ts'
import { fiscalizerOf } from '../testing/fiscalizer_kit.ts'
import { content, fiscalDoc, freshKey, memoryJournal, pending, testLease } from '../testing/kit.ts'
import { kktState, TestKkt } from '../testing/test_kkt.ts'
import type { AcceptedLoss } from './compare.ts'

const FN = fiscalDoc(1).fnNumber
/** Of a receipt from before the journal. The test's KKT, which counts from 1, gives no document of these tests this number. */
const EARLY_FD = 1_000_000
const idOf = (fd: number) => `01900000-0000-7000-8000-${String(fd).padStart(12, '0')}` as ReceiptId
const held = (fd: number, sold: ReceiptContent | null = content()): FnReceipt => ({
  id: idOf(fd),
  content: sold,
  paper: 'printed',
  doc: { ...fiscalDoc(fd), totalKopecks: 10_000 },
})
const documents = (...receipts: FnReceipt[]): FnDocument[] =>
  receipts.map((receipt) => ({ fdNumber: receipt.doc.fdNumber, receipt, ofShift: null }))

function setUp({ acceptedLoss = null as AcceptedLoss | null, lastFd = 0, held: inFn = [] as FnReceipt[] } = {}) {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const kkt = new TestKkt()
  const lease = testLease(journal)
  const lines: string[] = []
  const logger = createLogger('test', 'info', (line) => lines.push(line))
  const state = { isAway: false }
  kkt.state = async () => (state.isAway ? null : { ...kktState(), fnNumber: FN, lastFdNumber: lastFd })
  kkt.onDocumentsAfter = async (after) => documents(...inFn).filter(({ fdNumber }) => fdNumber > after)
  kkt.onLookupKey = async () => ({ kind: 'absent' })
  const fiscalizer = fiscalizerOf({ journal, lease, clock, logger, acceptedLoss, driver: kkt })
  const accept = async (key = freshKey(), sold = content(), filledIn: FilledIn | null = null) => {
    const intake = await journal.write((tx) => tx.accept({ key, content: sold, filledIn }))
    fiscalizer.nudge()
    if (intake.kind !== 'accepted') throw new Error(`It is ${intake.kind}`)
    return intake.receipt.id
  }
  /** The journal knows the FN through this document, whose receipt was delivered long ago. */
  const knows = (throughFd: number) => journal.write((tx) => tx.meetFn(FN, throughFd, false))
  const logged = () => lines.map((line): Record<string, unknown> => JSON.parse(line))
  return { clock, journal, kkt, fiscalizer, accept, knows, logged, state, lease }
}

describe('invariant 12: before the first contact', () => {
  test('a KKT that keeps no keys is not waited for, nor asked for the documents of an FN that is new to the journal', async () => {
    const { kkt, fiscalizer, accept, state, journal } = setUp({ lastFd: 4, held: [held(3), held(4)] })
    kkt.lookupKey = null
    kkt.onDocumentsAfter = async () => {
      throw new Error('The FN is read')
    }
    state.isAway = true
    expect(await fiscalizer.findKey({ key: freshKey(), posId: 'POS-001' }, 60_000)).toEqual({ kind: 'absent' })
    state.isAway = false
    const id = await accept()
    expect([await fiscalizer.runOnce(), journal.queries.statusOf(id)]).toEqual(['worked', 'pending'])
  })

  test('a KKT that is away is asked for nothing, and no receipt is refused', async () => {
    const { kkt, fiscalizer, accept, state, journal } = setUp()
    state.isAway = true
    const id = await accept()
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect([kkt.handed, journal.queries.statusOf(id)]).toEqual([[], 'accepted'])
    state.isAway = false
    expect(await fiscalizer.runOnce()).toBe('worked')
    expect(journal.queries.statusOf(id)).toBe('pending')
  })

  test('a journal that lacks what the FN holds is written no more, and nothing is printed', async () => {
    const { kkt, fiscalizer, accept, knows, logged, journal } = setUp({ lastFd: 4, held: [held(3), held(4)] })
    await knows(2)
    await accept()
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect(kkt.handed).toEqual([])
    expect(await journal.failure()).toBe('JOURNAL_BEHIND_FN')
    expect(accept()).rejects.toThrow('JOURNAL_BEHIND_FN')
    const told = logged().find(({ event }) => event === 'journal_behind_fn')
    expect(told).toMatchObject({ level: 'error', detail: expect.stringContaining(`ACCEPT_LOSS=${FN}:4`) })
  })

  test('a loss that is accepted is brought back, to be looked up at the OFD before it is sent', async () => {
    const acceptedLoss = { fnNumber: FN, lastFdNumber: 5 }
    const paperless: FnReceipt = { ...held(5), paper: 'missing' }
    const inFn = [held(3), held(4, null), paperless]
    const { fiscalizer, knows, logged, journal, accept, kkt } = setUp({ acceptedLoss, lastFd: 5, held: inFn })
    const earlier = await pending(journal, 'POS-001', 2)
    await knows(2)
    const id = await accept()
    await fiscalizer.runOnce()
    expect(logged().find(({ event }) => event === 'loss_accepted')).toMatchObject({
      level: 'warn',
      fn: FN,
      last_fd: 5,
      brought_back: 2,
      not_brought_back: 1,
    })
    for (const back of [earlier, idOf(3), idOf(5)]) {
      expect(journal.queries.find(back)).toMatchObject({ status: 'pending', maybeAtOfd: true })
    }
    expect(journal.queries.find(idOf(4))).toBeNull()
    // The first contact happens once. The same step reprints the missing paper; the next step prints.
    expect([kkt.reprinted, kkt.handed]).toEqual([[idOf(5)], []])
    await fiscalizer.runOnce()
    expect(kkt.handed).toEqual([id])
  })

  test('receipts whose outcome was lost are settled in the same commit as those behind them', async () => {
    const acceptedLoss = { fnNumber: FN, lastFdNumber: 4 }
    const { fiscalizer, accept, knows, journal, kkt } = setUp({ acceptedLoss, lastFd: 4 })
    await knows(0)
    const ids = [await accept(), await accept(), await accept()]
    const [printing, unclear, untouched] = ids
    if (!printing || !unclear || !untouched) throw new Error('no receipts')
    await journal.write((tx) => {
      tx.markPrinting(printing, unclear)
      tx.recordUnknown(unclear, 'the reply was lost')
    })
    kkt.onDocumentsAfter = async () =>
      documents(...[...ids.entries()].map(([i, id]) => ({ ...held(i + 1), id })), held(4))
    await fiscalizer.runOnce()
    expect([...ids, idOf(4)].map(journal.queries.statusOf)).toEqual(['pending', 'pending', 'pending', 'pending'])
    expect([kkt.handed, kkt.lookedUp]).toEqual([[], []])
  })
})

test('a receipt that is brought back with another total than it was signed with is told in the audit log', async () => {
  const { journal } = setUp()
  const found = held(EARLY_FD)
  await journal.write((tx) => tx.bringBack({ ...found, doc: { ...found.doc, totalKopecks: 9_999 } }))
  const { items } = journal.events.list({ receiptId: found.id, kind: null }, null, 10)
  expect(items.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('signed a total of 99.99'))
})

describe('invariant 2: a key that the journal does not know', () => {
  const KEY = 'sold-before' as IdempotencyKey

  function strange(found: FnReceipt) {
    const parts = setUp({ lastFd: EARLY_FD, held: [found] })
    parts.kkt.onLookupKey = async (key) => (key === KEY ? { kind: 'found', receipt: found } : { kind: 'absent' })
    return parts
  }

  test('is not looked up at a KKT whose FN the journal knows from its first document on', async () => {
    const { fiscalizer, accept, kkt } = setUp({ lastFd: 0 })
    await accept()
    await fiscalizer.runOnce()
    expect([kkt.keysLookedUp, kkt.handed.length]).toEqual([[], 1])
  })

  test('is not looked up at a KKT whose FN holds only its registration', async () => {
    const { fiscalizer, accept, kkt } = setUp({ lastFd: 1 })
    await accept()
    await fiscalizer.runOnce()
    expect([kkt.keysLookedUp, kkt.handed.length]).toEqual([[], 1])
  })

  test('is looked up at a KKT whose FN the journal meets with receipts in it, and printed where it is absent', async () => {
    const { fiscalizer, accept, kkt } = strange(held(EARLY_FD))
    const key = freshKey()
    const id = await accept(key)
    await fiscalizer.runOnce()
    expect([kkt.keysLookedUp, kkt.handed]).toEqual([[key], [id]])
  })

  test('is looked up before its receipt is handed over also at a KKT that takes several at once', async () => {
    const { fiscalizer, accept, kkt, journal } = strange(held(EARLY_FD))
    kkt.takes = 10
    await accept()
    await fiscalizer.runOnce()
    const other = await accept()
    await accept(KEY)
    await fiscalizer.runOnce()
    expect([kkt.keysLookedUp.length, kkt.handed.slice(1)]).toEqual([3, [other]])
    expect(journal.queries.counts().pending).toBe(3)
  })

  test('becomes the receipt that the KKT printed for it, under the id that the OFD knows', async () => {
    const { fiscalizer, accept, kkt, journal, logged } = strange(held(EARLY_FD))
    const id = await accept(KEY)
    const told = fiscalizer.outcome(id, 1000)
    await fiscalizer.runOnce()
    const receipt = { id: idOf(EARLY_FD), status: 'pending', fiscalDoc: { fdNumber: EARLY_FD }, maybeAtOfd: true }
    expect(await told).toMatchObject(receipt)
    expect([kkt.handed, journal.queries.counts().pending, journal.queries.counts().printing]).toEqual([[], 1, 0])
    // Found also under the id that the till may have been told first.
    for (const known of [id, idOf(EARLY_FD)]) expect(journal.queries.find(known)).toMatchObject(receipt)
    const again = await journal.write((tx) => tx.accept({ key: KEY, content: content() }))
    expect(again).toMatchObject({ kind: 'known', receipt: { id: idOf(EARLY_FD) } })
    expect(logged().find(({ event }) => event === 'receipt_known_to_kkt')).toMatchObject({
      receipt_id: id,
      is_now: idOf(EARLY_FD),
      fd: EARLY_FD,
    })
  })

  test("becomes it by the till's words, though its settings have changed since", async () => {
    const before: FilledIn = { ofReceipt: { place: 'Market' }, ofItems: { measure: 'piece' } }
    const now: FilledIn = { ofReceipt: { place: 'Shop', taxationSystem: 'osn' }, ofItems: {} }
    const { fiscalizer, accept, journal, kkt } = strange(held(EARLY_FD, withFilledIn(content(), before)))
    const id = await accept(KEY, content(), now)
    await fiscalizer.runOnce()
    expect(kkt.handed).toEqual([])
    expect(journal.queries.find(id)).toMatchObject({ id: idOf(EARLY_FD), content: withFilledIn(content(), before) })
    // Its words are told from what was filled in: the same body is known again.
    expect(journal.queries.wordsOf(id)).toEqual({ said: content(), filledIn: before })
    const again = await journal.write((tx) => tx.accept({ key: KEY, content: content(), filledIn: now }))
    expect(again).toMatchObject({ kind: 'known', receipt: { id: idOf(EARLY_FD) } })
    const another = await journal.write((tx) => tx.accept({ key: KEY, content: content('POS-002'), filledIn: now }))
    expect(another.kind).toBe('key_reused')
  })

  test('becomes it also where its receipt was brought back before its till came', async () => {
    const before: FilledIn = { ofReceipt: { place: 'Market' }, ofItems: { measure: 'piece' } }
    const found = held(EARLY_FD, withFilledIn(content(), before))
    const { fiscalizer, accept, journal } = strange(found)
    await fiscalizer.runOnce()
    await journal.write((tx) => tx.bringBack(found))
    await accept(KEY, content(), null)
    await fiscalizer.runOnce()
    expect(journal.queries.wordsOf(idOf(EARLY_FD))).toEqual({ said: content(), filledIn: before })
  })

  test('becomes it also where the KKT has kept its names not composed', async () => {
    const named = (name: string): ReceiptContent => ({
      ...content(),
      items: content().items.map((item) => ({ ...item, name })),
    })
    const { fiscalizer, accept, journal } = strange(held(EARLY_FD, named('Йод'.normalize('NFD'))))
    const id = await accept(KEY, named('Йод'.normalize('NFC')))
    await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ id: idOf(EARLY_FD), status: 'pending' })
  })

  test('of a till that has a token since is looked up under the key alone, too', async () => {
    const { fiscalizer, kkt, journal } = strange(held(EARLY_FD))
    const accept = (owner: string) => (tx: Tx) => tx.accept({ key: KEY, content: content() }, { owner, who: null })
    await journal.write(accept('till-1'))
    await fiscalizer.runOnce()
    expect([kkt.keysLookedUp, kkt.handed]).toEqual([[`till-1 ${KEY}` as IdempotencyKey, KEY], []])
    expect(await journal.write(accept('till-1'))).toMatchObject({ kind: 'known', receipt: { id: idOf(EARLY_FD) } })
  })

  test('of a till with a token is not taken for the same key of another till, from before the tokens', async () => {
    const { fiscalizer, kkt, journal } = strange(held(EARLY_FD, content('another till')))
    const by = { owner: 'till-1', who: null }
    const intake = await journal.write((tx) => tx.accept({ key: KEY, content: content() }, by))
    await fiscalizer.runOnce()
    expect(kkt.handed).toEqual([intake.kind === 'accepted' ? intake.receipt.id : idOf(0)])
  })

  test('is looked up under its owners that are known where the tokens were turned off', async () => {
    const found = held(EARLY_FD)
    const { fiscalizer, accept, kkt, journal } = setUp({ lastFd: EARLY_FD, held: [found] })
    kkt.onLookupKey = async (key) =>
      String(key) === `till-1 ${KEY}` ? { kind: 'found', receipt: found } : { kind: 'absent' }
    await journal.write((tx) => tx.accept({ key: freshKey(), content: content() }, { owner: 'till-1', who: null }))
    await fiscalizer.runOnce()
    const id = await accept(KEY)
    await fiscalizer.runOnce()
    expect(kkt.handed).toHaveLength(1)
    expect(journal.queries.find(id)).toMatchObject({ id: idOf(EARLY_FD), fiscalDoc: { fdNumber: EARLY_FD } })
  })

  test('with another body is refused: the key is that of another receipt', async () => {
    const { fiscalizer, accept, kkt, journal } = strange(held(EARLY_FD, content('another till')))
    const id = await accept(KEY)
    await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({
      status: 'refused',
      lastError: expect.stringContaining(`document ${EARLY_FD}`),
    })
    expect(kkt.handed).toEqual([])
  })

  test.each([
    [10_000, 'pending'],
    [9_999, 'refused'],
  ] as const)('whose sale the KKT does not tell is the same by its total (%p kopecks: %s)', async (total, status) => {
    const { fiscalizer, accept, journal } = strange(held(EARLY_FD, null))
    const id = await accept(KEY, content('POS-001', total))
    await fiscalizer.runOnce()
    expect(journal.queries.statusOf(id)).toBe(status)
  })

  test('is not printed while the KKT does not say', async () => {
    const { fiscalizer, accept, kkt, journal } = strange(held(EARLY_FD))
    kkt.onLookupKey = async () => ({ kind: 'unknown', reason: 'the reply was lost' })
    const id = await accept(KEY)
    await fiscalizer.runOnce()
    expect([kkt.handed, journal.queries.statusOf(id)]).toEqual([[], 'unknown'])
  })
})
