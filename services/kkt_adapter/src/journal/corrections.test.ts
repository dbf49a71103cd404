import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { NOBODY } from '../domain/actor.ts'
import { withFilledIn } from '../domain/filled_in.ts'
import { reversalOf, rightReceipt } from '../domain/put_right.ts'
import type { IdempotencyKey, ReceiptId } from '../domain/receipt.ts'
import { openDatabase } from '../sqlite/sqlite_bun.ts'
import { content, fiscalDoc, freshKey, journalAndDb, nextFd, temporaryFile } from '../testing/kit.ts'
import { partKey } from './corrections.ts'
import { createJournal, type Journal } from './journal.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const WHY = { type: 'self', date: '2026-01-30' } as const
const OF = { fnNumber: '9999078900001234', fdNumber: 71, fiscalSign: '1494325660' }
const FIRST = { owner: 'till-1', who: 'till-1 127.0.0.1' }
const SECOND = { owner: 'till-2', who: 'till-2 127.0.0.1' }

const wanted = (key: IdempotencyKey, fdNumber = 71) => {
  const of = { ...OF, fdNumber }
  const reversal = { content: reversalOf(content(), WHY, of), filledIn: null }
  const right = { content: rightReceipt(content(), WHY, of), filledIn: null }
  return { key, digest: 'digest', wrong: of, reversal, right }
}

async function putRight(journal: Journal, key = freshKey(), by = NOBODY, fdNumber = 71) {
  const intake = await journal.write((tx) => tx.putRight(wanted(key, fdNumber), by))
  if (intake.kind !== 'accepted' && intake.kind !== 'known') throw new Error(`It was not taken: ${intake.kind}`)
  const { reversal, right } = intake.correction
  if (reversal === null || right === null) throw new Error('It has one receipt')
  return { kind: intake.kind, key, correction: intake.correction, reversal, right }
}

const deliver = (journal: Journal, ...ids: ReceiptId[]) =>
  journal.write((tx) => {
    for (const id of ids) {
      tx.markPrinting(id)
      tx.recordPrinted(id, fiscalDoc(nextFd()), 'printed')
      tx.markSyncing(id)
      tx.recordSynced(id, `OFD-${id}`)
    }
  })

describe('invariant 2: a correction belongs to the owner of its key', () => {
  test('another owner may use the same one, and without tokens that of any owner counts', async () => {
    const { journal } = journalAndDb()
    const { key, correction } = await putRight(journal, freshKey(), FIRST)
    expect(await putRight(journal, key, FIRST)).toMatchObject({ kind: 'known', correction })
    expect(await putRight(journal, key, SECOND, 72)).toMatchObject({ kind: 'accepted' })
    const find = (owner: string | null) => journal.corrections.ofKey({ key, digest: 'digest' }, owner)
    expect([find(null)?.id, find('till-3')]).toEqual([correction.id, null])
  })

  test('of several owners of one key the one with this request counts without tokens', async () => {
    const { journal } = journalAndDb()
    const { key, correction } = await putRight(journal, freshKey(), FIRST)
    const second = { ...wanted(key, 72), digest: 'second' }
    const others = await journal.write((tx) => tx.putRight(second, SECOND))
    const find = (digest: string) => journal.corrections.ofKey({ key, digest }, null)
    expect([find('digest'), find('second')]).toEqual([correction, 'correction' in others ? others.correction : null])
    expect(find('third')).not.toBeNull()
  })

  test('a former owner’s key counts for the same request only, as long as that owner has no token', async () => {
    const { journal } = journalAndDb()
    const { key, correction } = await putRight(journal, freshKey(), FIRST)
    const find = (digest: string, former: string) =>
      journal.corrections.ofKey({ key, digest }, 'till-1b', (owner) => owner === former)
    expect([find('digest', 'till-1'), find('other', 'till-1'), find('digest', 'till-2')]).toEqual([
      correction,
      null,
      null,
    ])
  })

  test('a till that sends the key of a part gets a receipt of its own, because no key has its sign', async () => {
    const { journal } = journalAndDb()
    const { key, reversal } = await putRight(journal)
    expect(journal.intake.isKnown({ key: partKey(key, 1), content: content() })).toBe(true)
    expect([...partKey(key, 1)].some((sign) => sign < '!' || sign > '~')).toBe(true)
    expect(journal.queries.nextAccepted(2).map((one) => [one.id, String(one.key)])[0]).toEqual([reversal, `${key}§1`])
  })
})

test.each(['reversal', 'right'] as const)(
  'a %s that the KKT knew from a lost journal is found by the correction under its earlier id',
  async (name) => {
    const { journal, clock } = journalAndDb()
    const { key, correction, ...parts } = await putRight(journal)
    const other = name === 'reversal' ? parts.right : parts.reversal
    await deliver(journal, other)
    clock.setWallBy(2 * DAY_MS)
    await journal.write((tx) => tx.prune(clock.wallMs(), 10))
    const words = journal.queries.wordsOf(parts[name])
    const earlier = '01900000-0000-7000-8000-000000000001' as ReceiptId
    if (!words) throw new Error('It has no words')
    await journal.write((tx) => {
      const found = {
        id: earlier,
        content: withFilledIn(words.said, words.filledIn),
        doc: fiscalDoc(nextFd()),
        paper: 'printed' as const,
      }
      tx.recognise({ id: parts[name], key: partKey(key, name === 'reversal' ? 1 : 2) }, found, words)
    })
    expect(journal.corrections.ofKey({ key, digest: 'digest' }, null)).toEqual(correction)
    expect(journal.queries.find(parts[name])?.id).toBe(earlier)
  },
)

test('invariant 1: the receipts of a correction are journaled in one commit', async () => {
  const db = openDatabase(temporaryFile('buffer.db'))
  const journaled: number[] = []
  const exec = (sql: string) => {
    if (sql.startsWith('COMMIT')) journaled.push(db.prepare('SELECT 1 FROM sales').all().length)
    db.exec(sql)
  }
  const journal = createJournal(
    {
      ...db,
      exec,
      get inTransaction() {
        return db.inTransaction
      },
    },
    { clock: new TestClock(), maxUndelivered: 10 },
  )
  journaled.splice(0)
  await putRight(journal)
  expect(journaled).toEqual([2])
})

const answered = (journal: Journal, key: IdempotencyKey) => journal.corrections.ofKey({ key, digest: 'digest' }, null)

describe('a correction is kept as long as one of its receipts', () => {
  async function aged() {
    const { db, clock, journal } = journalAndDb()
    const one = await putRight(journal)
    const ids = () => db.prepare<{ correction_id: ReceiptId }>('SELECT correction_id FROM corrections').all()
    const prune = (limit = 10) =>
      journal.write((tx) => {
        tx.prune(clock.wallMs() - DAY_MS, limit)
        tx.pruneOriginals(clock.wallMs() - DAY_MS, limit)
      })
    return { ...one, clock, journal, ids, prune }
  }

  test('invariant 2: and its key, which is free again when both are gone', async () => {
    const { key, correction, reversal, right, clock, journal, ids, prune } = await aged()
    await deliver(journal, reversal)
    clock.setWallBy(2 * DAY_MS)
    await prune()
    expect([journal.queries.find(reversal), answered(journal, key)]).toEqual([null, correction])
    expect([ids().length, journal.corrections.find(correction.id)?.right]).toEqual([1, right])
    await deliver(journal, right)
    await prune()
    expect(ids().length).toBe(1)
    clock.setWallBy(2 * DAY_MS)
    await prune()
    expect([ids().length, journal.corrections.find(correction.id), answered(journal, key)]).toEqual([0, null, null])
  })

  test('and longer, so that its document is put right and refunded once as long as it may be refunded', async () => {
    const { reversal, right, clock, journal, ids } = await aged()
    await deliver(journal, reversal, right)
    clock.setWallBy(2 * DAY_MS)
    await journal.write((tx) => tx.prune(clock.wallMs(), 10))
    expect([journal.queries.find(right), ids().length]).toEqual([null, 1])
    const again = await journal.write((tx) => tx.putRight(wanted(freshKey()), NOBODY))
    expect(again.kind).toBe('already_corrected')
  })

  test('and one that an operator has to settle until it is settled', async () => {
    const { correction, reversal, right, clock, journal, ids, prune } = await aged()
    await deliver(journal, reversal)
    await journal.write((tx) => {
      tx.markPrinting(right)
      tx.recordRefused(right, 'its system is none of the KKT')
    })
    clock.setWallBy(2 * DAY_MS)
    await prune()
    expect([ids().length, journal.corrections.countHalfDone()]).toEqual([1, 1])
    expect(await journal.write((tx) => tx.closeCorrection(correction.id, 'by hand'))).toBe(true)
    await prune()
    expect(ids().length).toBe(0)
  })

  test('however many before it have to stay', async () => {
    const { clock, journal, ids, prune } = await aged()
    const settled = await putRight(journal, freshKey(), NOBODY, 72)
    await deliver(journal, settled.reversal, settled.right)
    clock.setWallBy(2 * DAY_MS)
    await prune(1)
    await prune(1)
    expect(ids().length).toBe(1)
    expect(journal.corrections.find(settled.correction.id)).toBeNull()
  })
})

test('the database refuses a correction of nothing, and a reversal of no document', () => {
  const { db } = journalAndDb()
  const insert = (values: string) => () =>
    db.exec(
      `INSERT INTO corrections (correction_id, digest, reversal, right_receipt, wrong_fn, wrong_fd, created_at_ms)
       VALUES (${values})`,
    )
  expect(insert("'a', '', NULL, NULL, NULL, NULL, 0")).toThrow('CHECK')
  expect(insert("'a', '', 'a', NULL, NULL, NULL, 0")).toThrow('CHECK')
  expect(insert("'a', '', NULL, 'a', '9', 1, 0")).toThrow('CHECK')
  expect(insert("'a', '', 'b', 'a', '9', 1, 0")).toThrow('CHECK')
  expect(insert("'a', '', 'a', 'b', '9', 1, 0")).not.toThrow()
})
