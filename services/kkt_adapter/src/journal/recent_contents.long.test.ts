/** The contents of receipts that were just accepted are handed to the KKT as the journal has them. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { FilledIn } from '../domain/filled_in.ts'
import { content, freshKey, temporaryFile } from '../testing/kit.ts'
import { createJournal } from './journal.ts'

const filledIn = (cashier: string): FilledIn => ({ ofReceipt: { cashier: { name: cashier } }, ofItems: {} })

function openTwice() {
  const path = temporaryFile('buffer.db')
  const open = () => createJournal(openDatabase(path), { clock: new TestClock(), maxUndelivered: 1000 })
  return { journal: open(), other: open() }
}

test('each with what was filled in for it, again and again, and as another process reads it', async () => {
  const { journal, other } = openTwice()
  const cashiers = ['Иванова', null, 'Иванова', 'Петрова']
  for (const cashier of cashiers) {
    const filled = cashier === null ? null : filledIn(cashier)
    await journal.write((tx) => tx.accept({ key: freshKey(), content: content(), filledIn: filled }))
  }
  const cashiersIn = ({ queries }: typeof journal) =>
    queries.nextAccepted(10).map((one) => one.content.cashier?.name ?? null)
  for (const reader of [journal, journal, other]) expect(cashiersIn(reader)).toEqual(cashiers)
  const [handed, read] = [journal, other].map(({ queries }) => queries.nextAccepted(10))
  expect(handed).toEqual(read)
})

test('also of more receipts than are remembered', async () => {
  const { journal, other } = openTwice()
  const totals = Array.from({ length: 300 }, (_, n) => 10_000 + n)
  await journal.write((tx) => totals.map((total) => tx.accept({ key: freshKey(), content: content('POS-1', total) })))
  const handed = journal.queries.nextAccepted(totals.length)
  expect(handed.map((one) => one.content.totalKopecks)).toEqual(totals)
  expect(handed).toEqual(other.queries.nextAccepted(totals.length))
})
