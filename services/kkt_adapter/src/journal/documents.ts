import { type FiscalDoc, localDate } from '../domain/receipt.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import { documentText, type Registered, registeredIn } from '../domain/stored_document.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { FDS } from './places.ts'
import { ReadOnce } from './read_once.ts'

/** Stands for a receipt where a task has opened the shift. The first receipt has number 1. */
export const BY_A_TASK = 0

type MemoryRow = { turn: number; registration: string | null }
type Memory = { turn: number; registered: Registered | null }

const toMemory = ({ turn, registration }: MemoryRow): Memory => ({
  turn,
  registered: registration === null ? null : JSON.parse(registration),
})

/**
 * The FNs. One whose registration is known never changes, so it is remembered; another one is read once in a transaction. It
 * meets an FN that was put in while the process is at work.
 */
function createMemories(db: Database, gathered: Gathered) {
  const find = db.prepare<MemoryRow>('SELECT turn, registration FROM fiscal_memories WHERE fn_number = ?')
  const meet = db.prepare('INSERT INTO fiscal_memories (fn_number, known_through_fd) VALUES (?, 0)')
  const keep = db.prepare('UPDATE fiscal_memories SET registration = ? WHERE turn = ?')

  const memories = new ReadOnce(gathered, (fnNumber): Memory => {
    const known = find.get(fnNumber)
    if (known !== undefined) return toMemory(known)
    meet.run(fnNumber)
    const met = find.get(fnNumber)
    if (!met) throw new Error(`FN ${fnNumber} was met and has no turn`)
    return toMemory(met)
  })

  /** The last FN whose registration is known. A transaction that was undone may have been the one that kept it. */
  let last: { fnNumber: string; memory: Memory; timesUndone: number } | null = null

  function read({ fnNumber, details }: Pick<FiscalDoc, 'fnNumber' | 'details'>): Memory {
    const memory = memories.get(fnNumber)
    if (memory.registered !== null || details === undefined) return memory
    keep.run(JSON.stringify(registeredIn(details)), memory.turn)
    memories.forget()
    return memories.get(fnNumber)
  }

  return {
    /** The FN of a document. The first one that says its registration says that of the FN. */
    of(doc: Pick<FiscalDoc, 'fnNumber' | 'details'>): Memory {
      const { fnNumber } = doc
      const { timesUndone } = gathered
      if (last?.fnNumber === fnNumber && last.timesUndone === timesUndone) return last.memory
      const memory = read(doc)
      last = memory.registered === null ? null : { fnNumber, memory, timesUndone }
      return memory
    },
  }
}

export function createDocuments(db: Database, { wallMs, gathered }: { wallMs: () => number; gathered: Gathered }) {
  const memories = createMemories(db, gathered)
  const insert = db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq, fiscal_sign, local_date)
     VALUES (?, ?, ?, 'receipt', ?, ?, ?, ?, ?)`,
  )
  // A look-up and a comparison with the FN may both bring the same document.
  const insertOfShift = db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, fiscal_sign, local_date, opened_for)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (place) DO UPDATE SET opened_for = coalesce(opened_for, excluded.opened_for)
       WHERE kind = excluded.kind AND fiscal_sign = excluded.fiscal_sign`,
  )
  return {
    /**
     * Records the document of a receipt.
     * @param seq the receipt's number
     * @returns its place in the order of delivery
     */
    record(doc: FiscalDoc, seq: number | null): number {
      const { turn, registered } = memories.of(doc)
      const place = turn * FDS + doc.fdNumber
      const text = documentText(doc, registered)
      insert.run(place, turn, doc.fdNumber, wallMs(), text, seq, Number(doc.fiscalSign), localDate(doc))
      return place
    },
    /**
     * Records the document of a shift. Recording it again changes nothing.
     * @param openedFor the number of the receipt for which the KKT opened the shift by itself, or `BY_A_TASK`
     * @throws Error where another document has this number
     */
    recordOfShift(doc: ShiftDocument, openedFor: number | null = null): void {
      const { fnNumber, fdNumber, kind, fiscalSign } = doc
      const { turn } = memories.of({ fnNumber })
      const place = turn * FDS + fdNumber
      const values = [kind, wallMs(), JSON.stringify(doc), Number(fiscalSign), localDate(doc), openedFor] as const
      if (insertOfShift.run(place, turn, fdNumber, ...values) !== 1)
        throw new Error(`The journal holds another document ${fdNumber} of FN ${fnNumber}`)
    },
  }
}

export type Documents = ReturnType<typeof createDocuments>
