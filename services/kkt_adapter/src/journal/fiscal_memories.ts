import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { FDS } from './documents.ts'
import type { Queries } from './queries.ts'

/** The part of a journal that is compared with an FN. Read only. */
export type FnKnowledge = {
  /** The last FD of this FN that the journal has recorded; null for an unknown FN. */
  knownThrough(fnNumber: string): number | null
  /** Whether the journal has no trace of asking the KKT for this receipt, although the FN holds its document. */
  lacks(id: ReceiptId): boolean
  /** The number of accepted receipts without a document yet. */
  unprinted(): number
}

/** The last document of an FN in the journal. */
const LAST_FD = `ifnull((SELECT fd_number FROM documents
  WHERE place < (fiscal_memories.turn + 1) * ${FDS} AND place > fiscal_memories.turn * ${FDS}
  ORDER BY place DESC LIMIT 1), 0)`

export function createFnKnowledge(db: Database, statusOf: Queries['statusOf']): FnKnowledge {
  const knownThrough = db.prepare<{ fd: number | null }>(
    `SELECT max(known_through_fd, ${LAST_FD}) AS fd FROM fiscal_memories WHERE fn_number = ?`,
  )
  const unprinted = db.prepare<{ n: number }>('SELECT accepted + printing + unknown AS n FROM totals')
  return {
    knownThrough: (fnNumber) => knownThrough.get(fnNumber)?.fd ?? null,
    lacks(id) {
      const status = statusOf(id)
      return status === null || status === 'accepted'
    },
    unprinted: () => unprinted.get()?.n ?? 0,
  }
}

/** The FNs that the journal has met, and its knowledge of each. */
export function createFiscalMemories(db: Database, deps: { wallMs: () => number; statusOf: Queries['statusOf'] }) {
  const meet = db.prepare(
    `INSERT INTO fiscal_memories (fn_number, known_through_fd, strange_since_ms) VALUES (?1, ?2, ?3)
     ON CONFLICT (fn_number) DO UPDATE SET known_through_fd = max(known_through_fd, ?2),
       strange_since_ms = coalesce(?3, strange_since_ms)`,
  )
  const strange = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM fiscal_memories, totals
     WHERE strange_since_ms IS NOT NULL AND strange_since_ms >= ifnull(kept_from_ms, strange_since_ms)`,
  )
  const met = db.prepare<{ n: number }>('SELECT count(*) AS n FROM fiscal_memories')
  const mayKnowMore = (): boolean => (strange.get()?.n ?? 0) > 0
  const keep = db.prepare(`UPDATE fiscal_memories SET known_through_fd = max(known_through_fd, ${LAST_FD})`)
  return {
    reads: {
      ...createFnKnowledge(db, deps.statusOf),
      /**
       * Whether the KKT may have printed a receipt under a key that this journal does not know. Ends when keys from
       * before the journal met the FN would have been pruned anyway.
       */
      mayKnowMore,
      /** As `mayKnowMore`, and before the journal has met its first FN. */
      mayKnowKeys: (): boolean => mayKnowMore() || (met.get()?.n ?? 0) === 0,
    },
    verbs: {
      /**
       * Records that everything in an FN up to a document is accounted for.
       * @param isStrange the FN holds documents that this journal has not recorded
       */
      meetFn(fnNumber: string, throughFd: number, isStrange: boolean): void {
        meet.run(fnNumber, throughFd, isStrange ? deps.wallMs() : null)
      },
    },
    /** Keeps the last known FD before the receipts that show it are removed. */
    keepKnown: (): void => void keep.run(),
  }
}
