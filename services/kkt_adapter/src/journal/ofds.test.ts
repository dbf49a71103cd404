import { describe, expect, test } from 'bun:test'
import { openDatabase } from '#sqlite'
import { journalAndDb, temporaryFile } from '../testing/kit.ts'
import { setUp } from '../testing/transitions.ts'
import { createJournal } from './journal.ts'

describe('an ofd_id', () => {
  test('is of another for every receipt but the one that was delivered under it', async () => {
    const { journal, reach } = setUp()
    const { isOfAnother } = journal.ofds
    const [delivered, waiting] = [await reach('synced'), await reach('pending')]
    expect(isOfAnother('OFD-000001', delivered)).toBe(false)
    expect(isOfAnother('OFD-000001', waiting)).toBe(true)
    expect(isOfAnother('OFD-000002', waiting)).toBe(false)
  })

  test('that was given twice is of another for each', async () => {
    const { journal, reach } = setUp()
    for (const id of [await reach('synced'), await reach('synced')]) {
      expect(journal.ofds.isOfAnother('OFD-000001', id)).toBe(true)
    }
  })

  test('is forgotten with its receipt', async () => {
    const { journal, clock, reach } = setUp()
    await reach('synced')
    const waiting = await reach('pending')
    await clock.advance(1)
    await journal.write((tx) => tx.prune(clock.wallMs(), 10))
    expect(journal.ofds.isOfAnother('OFD-000001', waiting)).toBe(false)
  })

  test('is found by its index, in which there are delivered receipts only', async () => {
    const { db, reach } = setUp()
    await reach('pending')
    const plan = db.prepare<{ detail: string }>(
      'EXPLAIN QUERY PLAN SELECT 1 FROM receipts WHERE ofd_id = ? AND receipt_id <> ? LIMIT 1',
    )
    expect(plan.all('OFD-000001', 'id').map(({ detail }) => detail)).toContain(
      'SEARCH states USING INDEX states_by_ofd_id (ofd_id=?)',
    )
    const index = db.prepare<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE name = 'states_by_ofd_id'")
    expect(index.get()?.sql).toEndWith('WHERE ofd_id IS NOT NULL')
  })
})

describe('an OFD that has answered a look-up', () => {
  test('is known by its own origin, however often it is told', async () => {
    const { journal } = journalAndDb()
    const { hasLookup } = journal.ofds
    expect(hasLookup('http://a')).toBe(false)
    for (let i = 0; i < 2; i++) await journal.write((tx) => tx.rememberLookup('http://a'))
    expect(['http://a', 'http://a:8080', 'https://a', 'http://b'].map(hasLookup)).toEqual([true, false, false, false])
  })

  test('is known after a restart, and after others came in between', async () => {
    const path = temporaryFile('buffer.db')
    const open = () => {
      const { clock } = journalAndDb()
      return createJournal(openDatabase(path), { clock, maxUndelivered: 1 })
    }
    for (const origin of ['http://a', 'http://b']) {
      const journal = open()
      await journal.write((tx) => tx.rememberLookup(origin))
      journal.close()
    }
    const journal = open()
    expect(['http://a', 'http://b'].map(journal.ofds.hasLookup)).toEqual([true, true])
    journal.close()
  })
})
