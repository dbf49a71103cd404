import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import { STATUSES } from '@kkt/adapter/src/domain/state.ts'
import { setUp } from '@kkt/adapter/src/testing/transitions.ts'
import { bookFaults } from './books.ts'

/** A journal with a receipt in each state. */
async function filled() {
  const journal = setUp()
  const ids = new Map<string, ReceiptId>()
  for (const status of STATUSES) ids.set(status, await journal.reach(status))
  const idOf = (status: (typeof STATUSES)[number]) => ids.get(status) ?? ''
  return { ...journal, idOf }
}

test('totals and an audit log that match the receipts have no fault', async () => {
  const { db } = await filled()
  expect(bookFaults(db)).toEqual([])
})

describe('a fault is', () => {
  test('a total that is off by one', async () => {
    const { db } = await filled()
    db.exec('UPDATE totals SET synced = synced + 1')
    expect(bookFaults(db)).toEqual(['1 receipts are synced, and the totals say 2'])
  })

  test('a missing row of the audit log: the first, one between, the last, all', async () => {
    const { db, idOf } = await filled()
    const remove = (id: string, to: string) =>
      db.exec(`DELETE FROM events WHERE first_receipt = '${id}' AND to_state = '${to}'`)
    remove(idOf('printing'), 'accepted')
    remove(idOf('pending'), 'printing')
    remove(idOf('synced'), 'synced')
    remove(idOf('accepted'), 'accepted')
    expect(bookFaults(db)).toEqual([
      `the audit log of receipt ${idOf('accepted')} is empty`,
      `the audit log of receipt ${idOf('printing')} begins from accepted to printing`,
      `the audit log of receipt ${idOf('pending')} comes to accepted, and goes on from printing to pending`,
      `the audit log of receipt ${idOf('synced')} ends at syncing, and it is synced`,
    ])
  })

  test('a row of the audit log that was written twice', async () => {
    const { db, idOf } = await filled()
    db.exec(`INSERT INTO events (at_ms, kind, first_receipt, last_receipt, from_state, to_state)
      SELECT at_ms, kind, first_receipt, last_receipt, from_state, to_state FROM events
      WHERE first_receipt = '${idOf('pending')}' AND to_state = 'pending'`)
    expect(bookFaults(db)).toEqual([
      `the audit log of receipt ${idOf('pending')} comes to pending, and goes on from printing to pending`,
    ])
  })
})

test('rows that retention has removed are not missing, and rows that it keeps are', async () => {
  const { db, journal, clock, reach, bring } = setUp()
  const old = await reach('pending')
  const middle = await reach('accepted')
  clock.setWallBy(10)
  await bring(middle, 'printing')
  const young = await reach('pending')
  const fromMs = await journal.write((tx) => tx.moveKeptFrom(5, 1_000))
  await journal.write((tx) => tx.prune(fromMs, 100))
  expect(bookFaults(db)).toEqual([])
  db.exec("DELETE FROM events WHERE to_state = 'printing'")
  expect(bookFaults(db)).toEqual([
    `the audit log of receipt ${middle} is empty`,
    `the audit log of receipt ${young} comes to accepted, and goes on from printing to pending`,
  ])
  expect(journal.queries.statusOf(old)).toBe('pending')
})
