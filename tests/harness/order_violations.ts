/** The part of the invariants that is about the order of documents. `invariants.test.ts` tests it. */
import { groupBy } from './group_by.ts'
import type { Found, History } from './invariants.ts'

/** The FN numbers its documents of all kinds 1, 2, 3…. */
export function* gaps({ fn }: Pick<History, 'fn'>): Iterable<Found> {
  for (const documents of groupBy(fn, ({ fn_number = '' }) => [fn_number]).values()) {
    for (const [i, { fiscal_doc_number: fd, receipt_id }] of documents.entries()) {
      const before = documents[i - 1]?.fiscal_doc_number ?? 0
      if (fd !== before + 1) yield [receipt_id, `FD ${fd} comes after ${i === 0 ? 'none' : `FD ${before}`} in the FN`]
    }
  }
}

/** Invariant 5: the receipts of one till reach the OFD in the order of their documents, those of an FN that was taken out first. */
export function* inversions({ fn, ledger, poisoned }: Pick<History, 'fn' | 'ledger' | 'poisoned'>): Iterable<Found> {
  const fns = [...new Set(fn.map(({ fn_number }) => fn_number))]
  const newestOf = new Map<string, { fd: number; place: number }>()
  const seen = new Set<string>()
  for (const { receipt_id, pos_id, fiscal_doc_number: fd, document } of ledger) {
    if (seen.has(receipt_id) || poisoned.includes(pos_id)) continue
    seen.add(receipt_id)
    const one = { fd, place: fns.indexOf(document.fiscal_doc.fn_number) }
    const newest = newestOf.get(pos_id)
    const isLate = newest && (one.place < newest.place || (one.place === newest.place && fd < newest.fd))
    if (isLate) yield [receipt_id, `FD ${fd} of ${pos_id} reached the OFD after FD ${newest.fd}`]
    else newestOf.set(pos_id, one)
  }
}
