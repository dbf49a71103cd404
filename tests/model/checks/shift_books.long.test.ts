import { expect, test } from 'bun:test'
import { noTotals } from '@kkt/adapter/src/domain/shift.ts'
import { Findings } from './findings.ts'
import { ShiftBooks } from './shift_books.ts'

/** The books of a shift with a sale of 3 roubles, 2 of them in cash, and 1 rouble put in. */
function books() {
  const findings = new Findings(false, () => 0)
  const kept = new ShiftBooks(findings)
  const payments = [
    { type: 'cash', amountKopecks: 200 },
    { type: 'card', amountKopecks: 100 },
  ]
  kept.opened(JSON.stringify({ shiftNumber: 1 }))
  kept.receipt(JSON.stringify({ totalKopecks: 300, details: { operation: 'sale', isCorrection: false, payments } }))
  kept.moved('cash_in', 100)
  kept.committed(1)
  return { kept, violated: () => findings.violations.map(({ invariant }) => invariant) }
}

function closing(change: object = {}) {
  const totals = noTotals()
  totals.receipts.sale = {
    count: 1,
    sumKopecks: 300,
    payments: { cash: 200, card: 100, prepaid: 0, credit: 0, other: 0 },
  }
  totals.cashIn = { count: 1, sumKopecks: 100 }
  return JSON.stringify({ shiftNumber: 1, receiptCount: 1, documentCount: 3, totals, drawerKopecks: 300, ...change })
}

test('a closing that is right has no violations, and begins the next shift at nothing', () => {
  const { kept, violated } = books()
  kept.closed(closing())
  kept.opened(JSON.stringify({ shiftNumber: 2 }))
  kept.closed(closing({ shiftNumber: 2, receiptCount: 0, documentCount: 2, totals: noTotals() }))
  expect(violated()).toEqual([])
})

test.each([
  ['of another shift', { shiftNumber: 2 }, 'shifts'],
  ['with another number of receipts', { receiptCount: 2 }, 'shifts'],
  ['with another number of documents', { documentCount: 2 }, 'shifts'],
  ['with other totals', { totals: noTotals() }, 'shifts'],
  ['with another drawer', { drawerKopecks: 200 }, 'drawer'],
])('a closing %s is found', (_what, change, invariant) => {
  const { kept, violated } = books()
  kept.closed(closing(change))
  expect(violated()).toEqual([invariant])
})

test('an opening while a shift is open is found', () => {
  const { kept, violated } = books()
  kept.opened(JSON.stringify({ shiftNumber: 2 }))
  expect(violated()).toEqual(['shifts'])
})

test('it tells how the device was since one of its commits', () => {
  const { kept } = books()
  kept.moved('cash_out', 250)
  kept.committed(4)
  const wasRich = (commit: number) => kept.wasSince(commit, ({ drawerKopecks }) => drawerKopecks === 300)
  expect([1, 2, 3, 4].map(wasRich)).toEqual([true, true, true, false])
})
