import { type FiscalDoc, localDate } from '../domain/receipt.ts'
import { documentText, type Registered, registeredIn } from '../domain/stored_document.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { ReadOnce } from './read_once.ts'

/** A place is the FN's turn times this, plus the FD, as in schema.sql: the FN's turn orders first. */
export const FDS = 2 ** 32

type MemoryRow = { turn: number; registration: string | null }
type Memory = { turn: number; registered: Registered | null }

const toMemory = ({ turn, registration }: MemoryRow): Memory => ({
  turn,
  registered: registration === null ? null : JSON.parse(registration),
})

/** The FNs, read once in a transaction. It meets an FN that was put in while the process is at work. */
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

  return {
    /** The FN of a document. The first one that says its registration says that of the FN. */
    of({ fnNumber, details }: FiscalDoc): Memory {
      const memory = memories.get(fnNumber)
      if (memory.registered !== null || details === undefined) return memory
      keep.run(JSON.stringify(registeredIn(details)), memory.turn)
      memories.forget()
      return memories.get(fnNumber)
    },
  }
}

export function createDocuments(db: Database, { wallMs, gathered }: { wallMs: () => number; gathered: Gathered }) {
  const memories = createMemories(db, gathered)
  const insert = db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq, fiscal_sign, local_date)
     VALUES (?, ?, ?, 'receipt', ?, ?, ?, ?, ?)`,
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
  }
}

export type Documents = ReturnType<typeof createDocuments>
