import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { plansOf } from '../testing/watched_statements.ts'
import { createJournal } from './journal.ts'

describe('what a statement costs does not grow with the receipts that are kept', () => {
  let known: ReturnType<typeof plansOf> | undefined
  const plans = () => {
    known ??= plansOf(openDatabase(':memory:'), (db) =>
      createJournal(db, { clock: new TestClock(), maxUndelivered: 1 }),
    )
    return known
  }

  test('none reads all receipts or all events, or sorts them', () => {
    expect(plans().length).toBeGreaterThan(40)
    const costly = /^SCAN (sales|states|documents|events|till_thousands|receipt_aliases|attempts)\b|TEMP B-TREE/
    const mayBe = (sql: string) =>
      // The events of one receipt are sorted: only as many as it had.
      sql.includes('first_receipt BETWEEN ?5 AND ?4') ||
      // The newest of all: read from the end, up to the limit.
      /ORDER BY (seq|id) DESC LIMIT/.test(sql) ||
      // Once for each thousand receipts that are removed.
      sql === 'DELETE FROM till_thousands WHERE thousand = ?'
    const found = plans().filter(({ sql, steps }) => !mayBe(sql) && steps.some((step) => costly.test(step)))
    expect(found.map(({ sql }) => sql)).toEqual([])
  })

  test.each([
    [
      'the events of a kind, without those of receipts',
      "kind <> 'receipt' AND kind = ?2",
      ['events_of_others (kind=? AND rowid<?)'],
    ],
    [
      'the events of a receipt, without those of others',
      'first_receipt BETWEEN',
      ['events_of_receipts (first_receipt>? AND first_receipt<?)', 'ORDER BY'],
    ],
    [
      'the receipts of a till, without those of others in between',
      'CROSS JOIN receipts',
      ['till_thousands USING PRIMARY KEY (pos_id=? AND thousand<?)'],
    ],
  ])('%s', (_what, of, indexes) => {
    const [page, ...others] = plans().filter(({ sql }) => sql.includes(of))
    expect(others).toEqual([])
    for (const [i, index] of indexes.entries()) expect(page?.steps[i]).toEndWith(index)
  })

  test('the receipts to print next are found without the tasks that have ended', () => {
    const next = plans().filter(({ sql }) => sql.includes('after_seq') && sql.includes('ORDER BY seq'))
    expect(next.map(({ steps }) => steps.filter((step) => / tasks\b/.test(step)))).toEqual([
      ['SEARCH tasks USING INDEX tasks_before_the_end (status=?)'],
    ])
  })

  test('the tills that have something to deliver are read off the index alone', () => {
    const lanes = plans().find(({ sql }) => sql.includes('lane'))
    expect(lanes?.steps.filter((step) => step.includes('states'))).toEqual([
      'SEARCH states USING COVERING INDEX states_to_deliver',
      'SEARCH states USING COVERING INDEX states_to_deliver (pos_id>?)',
    ])
  })
})
