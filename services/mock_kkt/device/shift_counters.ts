import { settle } from '@kkt/adapter/src/domain/payment.ts'
import type { DocDetails, FiscalDoc } from '@kkt/adapter/src/domain/receipt.ts'
import {
  addTo,
  type Movements,
  noTotals,
  type ShiftDocument,
  type ShiftTotals,
  takingsIn,
} from '@kkt/adapter/src/domain/shift.ts'
import { readContent } from '@kkt/adapter/src/domain/stored_content.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'

type MovementRow = { kind: 'cash_in' | 'cash_out'; count: number; sum: number }

/** The documents of one shift that are counted, up to and with an FD. */
type Counted = { fnNumber: string; shiftNumber: number; throughFd: number; documents: number; totals: ShiftTotals }

/** A document that was just signed, of a receipt or of a shift. One of another kind is read when the counters are asked for. */
type Countable = FiscalDoc | ShiftDocument

/** The part of a receipt's document that is counted. */
type Sold = Pick<DocDetails, 'operation' | 'isCorrection' | 'payments'>

/**
 * The counters of the last shift. A document that this process signs is counted on the way, and those of another process or of an
 * earlier run are read when the counters are asked for. So they cost a receipt nearly nothing, and a row of their own is not needed.
 */
export class ShiftCounters {
  readonly #texts
  readonly #content
  readonly #lastBefore
  readonly #movements
  #last: Counted | null = null
  /** Signed in the transaction that is under way. */
  #signed: Countable[] = []

  constructor(db: Database) {
    this.#texts = db.prepare<{ fd_number: number; doc: string }>(
      'SELECT fd_number, doc FROM documents WHERE fd_number > ? AND shift_number = ? ORDER BY fd_number',
    )
    this.#content = db.prepare<{ content: string | null }>('SELECT content FROM documents WHERE fd_number = ?')
    // Backwards from the end, so that it reads no more than the shift itself.
    this.#lastBefore = db.prepare<{ fd_number: number }>(
      'SELECT fd_number FROM documents WHERE shift_number < ? ORDER BY fd_number DESC LIMIT 1',
    )
    this.#movements = db.prepare<MovementRow>(
      `SELECT kind, count(*) AS count, sum(amount_kopecks) AS sum FROM tasks
       WHERE kind IN ('cash_in', 'cash_out') AND fn_number = ? AND shift_number = ? GROUP BY kind`,
    )
  }

  /** Notes a document that the transaction under way signs. */
  note(doc: Countable): void {
    this.#signed.push(doc)
  }

  /** Counts the documents that were noted, or forgets them. @param isKept the transaction has ended well */
  settle(isKept: boolean): void {
    if (this.#signed.length === 0) return
    if (isKept) for (const doc of this.#signed) this.#countNext(doc)
    this.#signed = []
  }

  /** Call these two inside a transaction that has signed nothing yet. */
  of(fnNumber: string, shiftNumber: number): { documents: number; totals: ShiftTotals } {
    const { documents, totals } = this.#counted(fnNumber, shiftNumber)
    const moved = new Map(this.#movements.all(fnNumber, shiftNumber).map((row) => [row.kind, row]))
    const own = structuredClone(totals)
    own.cashIn = movement(moved.get('cash_in'))
    own.cashOut = movement(moved.get('cash_out'))
    return { documents, totals: own }
  }

  /** The cash that a shift's receipts have brought, less what they have paid out. */
  takings(fnNumber: string, shiftNumber: number): number {
    return takingsIn(this.#counted(fnNumber, shiftNumber).totals, 'cash')
  }

  #countNext(doc: Countable): void {
    const { fnNumber, shiftNumber, fdNumber } = doc
    // Nothing of the shift comes before its opening.
    if ('kind' in doc && doc.kind === 'shift_opening')
      this.#last = { fnNumber, shiftNumber, throughFd: fdNumber - 1, documents: 0, totals: noTotals() }
    const last = this.#last
    if (last?.fnNumber !== fnNumber || last.shiftNumber !== shiftNumber || last.throughFd !== fdNumber - 1) return
    if ('totalKopecks' in doc && doc.details !== undefined) count(doc.totalKopecks, doc.details, last.totals)
    last.documents += 1
    last.throughFd = fdNumber
  }

  #counted(fnNumber: string, shiftNumber: number): Counted {
    const isSame = this.#last?.fnNumber === fnNumber && this.#last.shiftNumber === shiftNumber
    const counted = isSame && this.#last !== null ? this.#last : this.#startOf(fnNumber, shiftNumber)
    this.#last = null
    for (const { fd_number, doc } of this.#texts.all(counted.throughFd, shiftNumber)) {
      const { totalKopecks, details }: Partial<FiscalDoc> = JSON.parse(doc)
      const sold = totalKopecks === undefined ? null : (details ?? this.#soldIn(fd_number, totalKopecks))
      if (totalKopecks !== undefined && sold !== null) count(totalKopecks, sold, counted.totals)
      counted.documents += 1
      counted.throughFd = fd_number
    }
    this.#last = counted
    return counted
  }

  #startOf(fnNumber: string, shiftNumber: number): Counted {
    const throughFd = this.#lastBefore.get(shiftNumber)?.fd_number ?? 0
    return { fnNumber, shiftNumber, throughFd, documents: 0, totals: noTotals() }
  }

  /** The part of a document of an early version. One that kept neither details nor content is not counted. */
  #soldIn(fdNumber: number, totalKopecks: number): Sold | null {
    const content = this.#content.get(fdNumber)?.content ?? null
    if (content === null) return null
    const { type, correction, payments } = readContent(content)
    const settled = settle(payments, totalKopecks, type)
    return { operation: type, isCorrection: correction !== undefined, payments: settled.payments }
  }
}

const movement = (row: MovementRow | undefined): Movements => ({ count: row?.count ?? 0, sumKopecks: row?.sum ?? 0 })

function count(totalKopecks: number, { isCorrection, operation, payments }: Sold, totals: ShiftTotals): void {
  const of = isCorrection ? totals.corrections : totals.receipts
  addTo(
    of[operation],
    totalKopecks,
    payments.map(({ type, amountKopecks }) => [type, amountKopecks]),
  )
}
