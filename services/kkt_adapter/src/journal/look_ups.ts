import { contactKey } from '../domain/customer.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { contactHash } from './contacts.ts'
import { FDS } from './places.ts'
import { RECEIPT_COLUMNS, type ReceiptRow } from './rows.ts'
import { THOUSAND, thousandOf } from './till_thousands.ts'

/** Facts of a receipt that a person at the counter knows. It has to fit all that are given. */
export type LookUp = {
  fdNumber?: number | undefined
  /** FPD, as a number. */
  fiscalSign?: number | undefined
  totalKopecks?: number | undefined
  /** The day of the document in the KKT's zone, `yyyy-mm-dd`. */
  date?: string | undefined
  /** The customer's e-mail address or phone, in any form. */
  contact?: string | undefined
}
/** `isUntold`: only receipts whose outcome no look-up tells. */
export type ReceiptFilter = { status: Status | null; posId: string | null; isUntold?: boolean } & LookUp

/** The values of a filter for `FITS`, from ?2 on. */
export const valuesOf = ({ status, posId, fdNumber, fiscalSign, totalKopecks, date, contact }: ReceiptFilter) => [
  posId,
  status,
  fdNumber ?? null,
  fiscalSign ?? null,
  totalKopecks ?? null,
  date ?? null,
  contact === undefined ? null : contactHash(contactKey(contact) ?? ''),
]

/** The conditions of a filter. The plus keeps SQLite from compiling a query again for each status: see `VALUE`. */
export const FITS = `(?2 IS NULL OR pos_id = +?2) AND (?3 IS NULL OR status = +?3) AND (?4 IS NULL OR fd_number = ?4)
  AND (?5 IS NULL OR fiscal_sign = ?5) AND (?6 IS NULL OR total_kopecks = ?6) AND (?7 IS NULL OR local_date = ?7)
  AND (?8 IS NULL OR contact = ?8)`

/** The quarters of the thousand ?10, as the indexes of schema_109.sql have them. */
const QUARTERS = '?10 * 4, ?10 * 4 + 1, ?10 * 4 + 2, ?10 * 4 + 3'

/** Receipts by what is known of them, newest first, by the indexes of schema_105.sql and schema_109.sql. */
export function createLookUps(db: Database) {
  /** @param seqs a query of the seqs of receipts that fit one thing that is known */
  const among = (seqs: string) =>
    db.prepare<ReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq IN (${seqs}) AND seq < ?1 AND ${FITS}
       ORDER BY seq DESC LIMIT ?9`,
    )
  const byNumber = among(
    `SELECT documents.seq FROM fiscal_memories JOIN documents ON documents.place = turn * ${FDS} + ?4`,
  )
  // In one thousand, ?10.
  const bySign = among(`SELECT seq FROM documents WHERE seq / 250 IN (${QUARTERS}) AND fiscal_sign = ?5`)
  const byContact = among('SELECT seq FROM sales WHERE seq / 1000 = ?10 AND contact = ?8')
  const byTotal = among(`SELECT seq FROM sales WHERE seq / 250 IN (${QUARTERS}) AND total_kopecks = ?6`)
  const byDate = among(
    `SELECT seq FROM documents WHERE local_date = ?7 AND seq BETWEEN ?10 * ${THOUSAND} AND ?10 * ${THOUSAND} + ${THOUSAND - 1}`,
  )
  /** The thing that fewest receipts have. */
  function best({ fiscalSign, contact, totalKopecks }: LookUp) {
    if (fiscalSign !== undefined) return bySign
    if (contact !== undefined) return byContact
    return totalKopecks === undefined ? byDate : byTotal
  }
  const thousands = createThousands(db)

  return {
    isGiven: (filter: ReceiptFilter): boolean =>
      valuesOf({ ...filter, status: null, posId: null }).some((value) => value !== null),
    read(filter: ReceiptFilter, before: number, limit: number): ReceiptRow[] {
      const values = valuesOf(filter)
      if (filter.fdNumber !== undefined) return byNumber.all(before, ...values, limit)
      const statement = best(filter)
      const rows: ReceiptRow[] = []
      for (const thousand of thousands(filter, before)) {
        rows.push(...statement.all(before, ...values, limit - rows.length, thousand))
        if (rows.length >= limit) break
      }
      return rows
    },
  }
}

type Bounds = { first: number | null; last: number | null }

/** The thousands in which receipts of a filter may be, the newest first. */
function createThousands(db: Database) {
  const ofAll = db.prepare<Bounds>('SELECT (SELECT min(seq) FROM sales) AS first, (SELECT max(seq) FROM sales) AS last')
  const ofDate = db.prepare<Bounds>(
    `SELECT (SELECT min(seq) FROM documents WHERE local_date = ?1) AS first,
       (SELECT max(seq) FROM documents WHERE local_date = ?1) AS last`,
  )
  const ofTill = db.prepare<{ thousand: number }>(
    'SELECT thousand FROM till_thousands WHERE pos_id = ? AND thousand BETWEEN ? AND ? ORDER BY thousand DESC',
  )
  return function* ({ posId, date }: ReceiptFilter, before: number): Generator<number> {
    const { first = null, last = null } = (date === undefined ? ofAll.get() : ofDate.get(date)) ?? {}
    if (first === null || last === null) return
    const [oldest, newest] = [thousandOf(first), thousandOf(Math.min(last, before - 1))]
    if (posId !== null) for (const { thousand } of ofTill.all(posId, oldest, newest)) yield thousand
    else for (let thousand = newest; thousand >= oldest; thousand -= 1) yield thousand
  }
}
