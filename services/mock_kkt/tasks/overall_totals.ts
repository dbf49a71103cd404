import { toRoubles } from '@kkt/adapter/src/domain/money.ts'
import { settle } from '@kkt/adapter/src/domain/payment.ts'
import { addTo, noTotals } from '@kkt/adapter/src/domain/shift.ts'
import type { Register } from '../register.ts'
import { allDocuments } from './fn_archive.ts'
import { receiptsTotals } from './told.ts'

/** The counters of all receipts in this FN. No shift sets them to nothing. */
export function overallTotals(register: Register) {
  const totals = noTotals()
  for (const archived of allDocuments(register)) {
    if (archived.kind !== 'receipt') continue
    const { type, correction, payments } = archived.content
    const settled = settle(payments, archived.doc.totalKopecks, type).payments
    const of = correction === undefined ? totals.receipts : totals.corrections
    addTo(
      of[type],
      archived.doc.totalKopecks,
      settled.map((paid) => [paid.type, paid.amountKopecks]),
    )
  }
  return { receipts: receiptsTotals(totals), cashDrawer: { sum: toRoubles(register.state().drawerKopecks) } }
}
