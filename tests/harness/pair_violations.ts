/** The part of the invariants that is about pairs, which put wrong receipts right. `invariants.test.ts` tests it. */
import type { Found, LedgerEntry, Sale } from './invariants.ts'
import type { Numbers } from './put_right.ts'
import { type ByRegister, namesDocument } from './register_violations.ts'

/** A receipt that was put right: its document, and the two receipts that do it, in the order of their documents. */
export type Pair = { key: string; document: Numbers; reversal: Sale; right: Sale }

type Facts = {
  pairs?: readonly Pair[]
  entriesOf: ReadonlyMap<string, readonly LedgerEntry[]>
  ledger: readonly LedgerEntry[]
  byRegister?: ByRegister | undefined
}

/**
 * A pair is whole, both of its documents name the wrong one with its sign, and what is taken back is taken back once. A part that
 * the KKT has refused is told to the till, and the other stands.
 */
export function* pairViolations({ pairs = [], entriesOf, ledger, byRegister }: Facts): Iterable<Found> {
  for (const pair of pairs) {
    const { key, document, reversal, right } = pair
    const [back, said] = [partOf(reversal, entriesOf), partOf(right, entriesOf)]
    if (back.isTold !== said.isTold) yield [null, `a part of ${key} was never told of`]
    for (const entry of [...back.entries, ...said.entries]) {
      const isNamed = namesDocument(entry, document, byRegister)
      if (!isNamed) yield [entry.receipt_id, `is of ${key}, and names another document than that`]
    }
    yield* outOfOrder(key, [back, said], byRegister)
    const others = undoings(ledger, pair, byRegister).filter(({ receipt_id: id }) => !said.ids.has(id))
    const undone = [...new Set(others.map(({ receipt_id: id }) => id))]
    if (undone.length > 1) yield [undone[1] ?? null, `undoes FD ${document.fd}, which is undone ${undone.length} times`]
  }
}

function* outOfOrder(key: string, [back, said]: [Part, Part], byRegister: ByRegister | undefined): Iterable<Found> {
  const [early, late] = [back.entries[0], said.entries[0]]
  // A receipt that waits for a person holds up nothing behind it.
  if (early && byRegister?.settled.has(early.receipt_id)) return
  // Each FN counts from 1, so that the order of two of them does not show in the numbers.
  const isOneFn = early?.document.fiscal_doc.fn_number === late?.document.fiscal_doc.fn_number
  if (early && late && isOneFn && early.fiscal_doc_number > late.fiscal_doc_number)
    yield [late.receipt_id, `says what is right for ${key}, before anything is taken back`]
}

type Part = ReturnType<typeof partOf>

function partOf({ answers }: Sale, entriesOf: Facts['entriesOf']) {
  const ids = new Set(answers.flatMap((answer) => ('receiptId' in answer ? [answer.receiptId] : [])))
  const isTold = ids.size > 0 || answers.some(({ kind }) => kind === 'refused')
  return { ids, isTold, entries: [...ids].flatMap((id) => entriesOf.get(id) ?? []) }
}

/** The corrections of a document that take it back. */
const undoings = (
  ledger: readonly LedgerEntry[],
  { document, reversal }: Pair,
  byRegister: ByRegister | undefined,
): readonly LedgerEntry[] =>
  ledger.filter((entry) => entry.document.type === reversal.receipt.type && isOf(entry, document, byRegister))

const isOf = (entry: LedgerEntry, document: Numbers, byRegister: ByRegister | undefined): boolean =>
  byRegister === undefined
    ? entry.document.corrects?.fn === document.fn && entry.document.corrects.fd === document.fd
    : namesDocument(entry, document, byRegister)
