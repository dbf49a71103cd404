/** A correction's two documents, when the adapter dies between them. */
import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { NOBODY } from '../domain/actor.ts'
import type { KktOutcome } from '../domain/kkt_outcome.ts'
import { reversalOf, rightReceipt } from '../domain/put_right.ts'
import type { FiscalDoc, ReceiptId } from '../domain/receipt.ts'
import { partKey } from '../journal/corrections.ts'
import { createJournal } from '../journal/journal.ts'
import { fiscalizerOf } from '../testing/fiscalizer_kit.ts'
import { content, freshKey, testLease } from '../testing/kit.ts'
import { journalDatabase } from '../testing/memory_database.ts'
import { TestKkt } from '../testing/test_kkt.ts'

const WHY = { type: 'self', date: '2026-01-30' } as const
const OF = { fnNumber: '9999078900001234', fdNumber: 71, fiscalSign: '1494325660' }

/** An adapter that dies never answers. */
const death = () => new Promise<never>(() => undefined)

type Dying = (make: () => FiscalDoc) => Promise<KktOutcome>
const beforeItIsMade: Dying = death
const onceItIsMade: Dying = (make) => {
  make()
  return death()
}

describe('invariant 3: a correction is completed after a crash, and no document of it is made twice', () => {
  test.each([
    ['before the first document', 1, beforeItIsMade],
    ['when the KKT has made the first', 1, onceItIsMade],
    ['between the two', 2, beforeItIsMade],
    ['when the KKT has made the second', 2, onceItIsMade],
  ] as const)('%s', async (_when, part, dies) => {
    const { kkt, key, journalOf, live } = setUp()
    const { journal, fiscalizer } = live()
    let asked = 0
    const take = kkt.onFiscalize
    kkt.onFiscalize = (id, make) => (++asked === part ? dies(make) : take(id, make))
    const intake = await journal.write((tx) => tx.putRight(wanted(key), NOBODY))
    if (intake.kind !== 'accepted') throw new Error(`It was not accepted: ${intake.kind}`)
    void fiscalizer.runOnce()
    await settle()
    expect(asked).toBe(part)

    kkt.onFiscalize = take
    const next = live()
    await next.fiscalizer.recover()
    while ((await next.fiscalizer.runOnce()) === 'worked') await settle()
    const { reversal, right } = intake.correction
    const ids = [reversal, right].map((id) => id as ReceiptId)
    expect([...kkt.documents.keys()]).toEqual(ids)
    const found = ids.map((id) => journalOf().queries.find(id))
    expect(found.map((one) => one?.status)).toEqual(['pending', 'pending'])
    expect(found.map((one) => one?.content.type)).toEqual(['refund', 'sale'])
    const [first = 0, second = 0] = found.map((one) => one?.fiscalDoc?.fdNumber)
    expect(second).toBe(first + 1)
    const again = await journalOf().write((tx) => tx.putRight(wanted(key), NOBODY))
    expect(again).toEqual({ kind: 'known', correction: intake.correction })
  })

  test('when the commit of both fails, neither is there, and the key is free', async () => {
    const { key, live } = setUp()
    const { journal } = live()
    const failing = journal.write((tx) => {
      tx.putRight(wanted(key), NOBODY)
      throw new Error('the machine stopped')
    })
    await expect(failing).rejects.toThrow('the machine stopped')
    expect([
      journal.intake.isKnown({ key: partKey(key, 1), content: content() }),
      journal.intake.isKnown({ key: partKey(key, 2), content: content() }),
    ]).toEqual([false, false])
    expect((await journal.write((tx) => tx.putRight(wanted(key), NOBODY))).kind).toBe('accepted')
  })
})

const wanted = (key: ReturnType<typeof freshKey>) => ({
  key,
  digest: 'digest',
  wrong: OF,
  reversal: { content: reversalOf(content(), WHY, OF), filledIn: null },
  right: { content: rightReceipt(content('POS-001', 9000), WHY, OF), filledIn: null },
})

function setUp() {
  const db = journalDatabase()
  const clock = new TestClock()
  const journalOf = () => createJournal(db, { clock, maxUndelivered: 100 })
  const kkt = new TestKkt()
  /** An adapter on the buffer, with the KKT. */
  const live = () => {
    const journal = journalOf()
    const fiscalizer = fiscalizerOf({ journal, lease: testLease({ ...journal, isNew: true }), clock, driver: kkt })
    return { journal, fiscalizer }
  }
  return { kkt, key: freshKey(), journalOf, live }
}
