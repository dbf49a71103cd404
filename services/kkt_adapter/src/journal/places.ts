import type { Database } from '../sqlite/database.ts'

/** A place is the FN's turn times this, plus the FD, as in schema.sql: the FN's turn orders first. */
export const FDS = 2 ** 32
/** The number of the last document that the journal has of an FN, which is a row of `fiscal_memories`; 0 without one. */
export const LAST_FD = `ifnull((SELECT fd_number FROM documents
  WHERE place < (fiscal_memories.turn + 1) * ${FDS} AND place > fiscal_memories.turn * ${FDS}
  ORDER BY place DESC LIMIT 1), 0)`

/** `turn` orders the FNs. `first` and `last`: no document of the FN has a place before or behind them. */
type Places = { turn: number; first: number; last: number }

/** Finds the places of an FN's documents; null for an FN that the journal has not met. */
export function createPlacesOf(db: Database): (fnNumber: string) => Places | null {
  const turnOf = db.prepare<{ turn: number }>('SELECT turn FROM fiscal_memories WHERE fn_number = ?')
  return (fnNumber) => {
    const turn = turnOf.get(fnNumber)?.turn
    return turn === undefined ? null : { turn, first: turn * FDS, last: (turn + 1) * FDS - 1 }
  }
}
