import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import type { IdempotencyKey, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { SqlValue } from '../sqlite/database.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { content, fiscalDoc, freshKey } from '../testing/kit.ts'
import { journalDatabase } from '../testing/memory_database.ts'
import { withStatements } from '../testing/watched_statements.ts'
import { createJournal, type Journal } from './journal.ts'

const WINDOW_MS = 60_000

function setUp(twinWindowMs = WINDOW_MS) {
  const [db, clock] = [journalDatabase(), new TestClock()]
  const open = () => createJournal(db, { clock, maxUndelivered: 100_000, twinWindowMs })
  return { db, clock, open, journal: open() }
}

async function sell(journal: Journal, sold: ReceiptContent = content(), key: IdempotencyKey = freshKey()) {
  const intake = await journal.write((tx) => tx.accept({ key, content: sold }))
  if (intake.kind !== 'accepted' && intake.kind !== 'known') throw new Error(`It was not taken: ${intake.kind}`)
  return intake.receipt.id
}

const undone = (journal: Journal, sold: ReceiptContent) =>
  journal.write((tx) => {
    tx.accept({ key: freshKey(), content: sold })
    throw new Error('the disk is full')
  })

const refuse = (journal: Journal, id: ReceiptId) =>
  journal.write((tx) => {
    tx.markPrinting(id)
    tx.recordRefused(id, 'the FN is full')
  })

const twinOfANewSale = async (journal: Journal) => journal.twins.twinOf(await sell(journal))

describe('a twin is a receipt with the content of one that the same till sold a moment before', () => {
  test('under another key, up to the end of the window', async () => {
    const { journal, clock } = setUp()
    const first = await sell(journal)
    await clock.advance(WINDOW_MS)
    const second = await sell(journal)
    expect([journal.twins.twinOf(first), journal.twins.twinOf(second), journal.twins.count()]).toEqual([null, first, 1])
    await clock.advance(WINDOW_MS)
    expect(await twinOfANewSale(journal)).toBe(second)
    await clock.advance(WINDOW_MS + 1)
    expect(await twinOfANewSale(journal)).toBeNull()
  })

  test.each([
    ['another till', content('POS-002')],
    ['other content', content('POS-001', 9000)],
  ])('not of %s', async (_what, other) => {
    const { journal } = setUp()
    await sell(journal)
    expect(journal.twins.twinOf(await sell(journal, other))).toBeNull()
  })

  test('not under the same key, and none without a window', async () => {
    const { journal } = setUp()
    const key = freshKey()
    const first = await sell(journal, content(), key)
    expect(await sell(journal, content(), key)).toBe(first)
    expect(journal.twins.count()).toBe(0)
    const without = setUp(0).journal
    await sell(without)
    expect(await twinOfANewSale(without)).toBeNull()
  })

  test('not of one that the KKT refused, which has to be sent again under another key', async () => {
    const { journal } = setUp()
    await refuse(journal, await sell(journal))
    expect(await twinOfANewSale(journal)).toBeNull()
  })

  test.each([
    ['also where sales between them came to nothing', false],
    ['also where sales between them came to nothing, and after a restart', true],
  ])('%s', async (_what, isRestarted) => {
    const { journal, open } = setUp()
    const first = await sell(journal)
    const refused = [await sell(journal), await sell(journal)]
    await expect(undone(journal, content())).rejects.toThrow('the disk is full')
    for (const id of refused) await refuse(journal, id)
    expect(await twinOfANewSale(isRestarted ? open() : journal)).toBe(first)
  })

  test('also after a restart, and not of a sale that was undone', async () => {
    const { journal, open } = setUp()
    const first = await sell(journal)
    const again = open()
    await expect(undone(again, content('POS-003'))).rejects.toThrow('the disk is full')
    expect(await twinOfANewSale(again)).toBe(first)
    expect(again.twins.twinOf(await sell(again, content('POS-003')))).toBeNull()
  })

  test('also after a restart that many sales came before', async () => {
    const { journal, open } = setUp()
    const first = await sell(journal)
    // More than are read at a time.
    await journal.write((tx) => {
      for (let n = 1; n <= 600; n += 1) tx.accept({ key: freshKey(), content: content('POS-001', n) })
    })
    expect(await twinOfANewSale(open())).toBe(first)
  })

  test.each([
    ['a window passed', WINDOW_MS],
    ['another window began', WINDOW_MS + 1],
  ])('also of a sale before which %s', async (_what, passedMs) => {
    const { journal, clock } = setUp()
    await sell(journal, content('POS-002'))
    await clock.advance(passedMs)
    const first = await sell(journal)
    expect(await twinOfANewSale(journal)).toBe(first)
  })

  test('also where the first read after a restart failed', async () => {
    const { db, clock, journal } = setUp()
    const first = await sell(journal)
    let isFailing = true
    const failing = withStatements(db, (sql, statement) => {
      if (!sql.includes('ORDER BY seq DESC LIMIT 0 + ?')) return statement
      const all = (...values: SqlValue[]) => {
        if (isFailing) throw new StorageFailure('SQLITE_IOERR', { cause: new Error('disk') })
        return statement.all(...values)
      }
      return { ...statement, all }
    })
    const again = createJournal(failing, { clock, maxUndelivered: 1000, twinWindowMs: WINDOW_MS })
    await expect(sell(again)).rejects.toThrow(StorageFailure)
    isFailing = false
    expect(await twinOfANewSale(again)).toBe(first)
  })

  test('not of itself, where the KKT gave it back and its till sends it again', async () => {
    const { journal, open } = setUp()
    const other = await sell(journal)
    const lost = {
      id: '01900000-0000-7000-8000-000000000001' as ReceiptId,
      doc: fiscalDoc(1),
      paper: 'printed' as const,
    }
    await journal.write((tx) => tx.bringBack({ ...lost, content: content('POS-002') }))
    const again = open()
    const sold = content('POS-002')
    const key = freshKey()
    const sentAgain = await sell(again, sold, key)
    const words = { said: sold, filledIn: null }
    await again.write((tx) => tx.recognise({ id: sentAgain, key }, { ...lost, content: sold }, words))
    expect([again.twins.twinOf(lost.id), again.twins.twinOf(sentAgain), again.twins.count()]).toEqual([null, null, 0])
    // It is still the first of a twin.
    const twinOf = again.twins.twinOf(await sell(again, sold))
    expect(twinOf && again.queries.find(twinOf)?.id).toBe(lost.id)
    expect(await twinOfANewSale(again)).toBe(other)
  })

  test('and is forgotten with the receipts of its time', async () => {
    const { journal, clock } = setUp()
    await sell(journal)
    await sell(journal)
    await journal.write((tx) => tx.prune(clock.wallMs() + 1, 10))
    expect(journal.twins.count()).toBe(0)
  })
})
