import { type FiscalDoc, localDate } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { ReadOnce } from './read_once.ts'

/** A place is the FN's turn times this, plus the FD, as in schema.sql: the FN's turn orders first. */
export const FDS = 2 ** 32

export function createDocuments(db: Database, { wallMs, gathered }: { wallMs: () => number; gathered: Gathered }) {
  const turnOf = db.prepare<{ turn: number }>('SELECT turn FROM fiscal_memories WHERE fn_number = ?')
  const meet = db.prepare('INSERT INTO fiscal_memories (fn_number, known_through_fd) VALUES (?, 0)')
  const insert = db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq, fiscal_sign, local_date)
     VALUES (?, ?, ?, 'receipt', ?, ?, ?, ?, ?)`,
  )

  /** Meets an FN that was put in while the process is at work. */
  const turns = new ReadOnce(gathered, (fnNumber): number => {
    const known = turnOf.get(fnNumber)?.turn
    if (known !== undefined) return known
    meet.run(fnNumber)
    const met = turnOf.get(fnNumber)
    if (!met) throw new Error(`FN ${fnNumber} was met and has no turn`)
    return met.turn
  })

  return {
    /**
     * Records the document of a receipt.
     * @param seq the receipt's number
     * @returns its place in the order of delivery
     */
    record(doc: FiscalDoc, seq: number | null): number {
      const fnTurn = turns.get(doc.fnNumber)
      const place = fnTurn * FDS + doc.fdNumber
      const numbers = [place, fnTurn, doc.fdNumber]
      insert.run(...numbers, wallMs(), JSON.stringify(doc), seq, Number(doc.fiscalSign), localDate(doc))
      return place
    },
  }
}

export type Documents = ReturnType<typeof createDocuments>
