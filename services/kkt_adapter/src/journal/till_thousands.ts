import type { Database } from '../sqlite/database.ts'

/** This many receipts, by `seq`, are one thousand of `till_thousands`. */
export const THOUSAND = 1000

export const thousandOf = (seq: number): number => Math.floor(seq / THOUSAND)

/** The thousands of receipts in which each till has some. The pages of a till read only these. */
export function createTillThousands(db: Database) {
  const insert = db.prepare('INSERT OR IGNORE INTO till_thousands (pos_id, thousand) VALUES (?, ?)')
  const some = db.prepare('SELECT 1 FROM sales WHERE seq BETWEEN ?1 AND ?2 LIMIT 1')
  // It reads the whole table, once for each thousand receipts that are removed.
  const remove = db.prepare('DELETE FROM till_thousands WHERE thousand = ?')
  return {
    add: (posId: string, seq: number): void => void insert.run(posId, thousandOf(seq)),
    /** Forgets the thousands of these removed receipts that have no receipt left. */
    removed(seqs: readonly number[]): void {
      for (const thousand of new Set(seqs.map(thousandOf))) {
        const first = thousand * THOUSAND
        if (some.get(first, first + THOUSAND - 1) === undefined) remove.run(thousand)
      }
    },
  }
}

export type TillThousands = ReturnType<typeof createTillThousands>
