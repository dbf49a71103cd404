import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { LAST_FD } from './places.ts'
import type { Queries } from './queries.ts'

/** The FN in the KKT. `replaced`: the one before it, and when another one was found in its place; null for the first. */
export type FnInKkt = { fnNumber: string; replaced: { fnNumber: string; atMs: number } | null }

/** The part of a journal that is compared with an FN. Read only. */
export type FnKnowledge = {
  /** The last FD of this FN that the journal has recorded; null for an unknown FN. */
  knownThrough(fnNumber: string): number | null
  /** Whether the journal has no trace of asking the KKT for this receipt, although the FN holds its document. */
  lacks(id: ReceiptId): boolean
  /** The number of receipts that the KKT was asked for, and whose outcome is not recorded. */
  asked(): number
  /** The number of accepted receipts without a document yet. */
  unprinted(): number
}

export function createFnKnowledge(db: Database, statusOf: Queries['statusOf']): FnKnowledge {
  const knownThrough = db.prepare<{ fd: number | null }>(
    `SELECT max(known_through_fd, ${LAST_FD}) AS fd FROM fiscal_memories WHERE fn_number = ?`,
  )
  const unprinted = db.prepare<{ n: number }>('SELECT accepted + printing + unknown AS n FROM totals')
  const asked = db.prepare<{ n: number }>('SELECT printing + unknown AS n FROM totals')
  return {
    knownThrough: (fnNumber) => knownThrough.get(fnNumber)?.fd ?? null,
    lacks(id) {
      const status = statusOf(id)
      return status === null || status === 'accepted'
    },
    asked: () => asked.get()?.n ?? 0,
    unprinted: () => unprinted.get()?.n ?? 0,
  }
}

type FiscalMemoriesDeps = { wallMs: () => number; statusOf: Queries['statusOf']; gathered: Gathered }

/** The FNs that the journal has met, and its knowledge of each. */
export function createFiscalMemories(db: Database, deps: FiscalMemoriesDeps) {
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
  const inKkt = createInKkt(db, deps)
  const keep = db.prepare(`UPDATE fiscal_memories SET known_through_fd = max(known_through_fd, ${LAST_FD})`)
  return {
    reads: {
      ...createFnKnowledge(db, deps.statusOf),
      inKkt: inKkt.read,
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
       * Records that this FN is in the KKT, and that everything in it up to a document is accounted for.
       * @param isStrange the FN holds documents that this journal has not recorded
       */
      meetFn(fnNumber: string, throughFd: number, isStrange: boolean): void {
        meet.run(fnNumber, throughFd, isStrange ? deps.wallMs() : null)
        inKkt.found(fnNumber)
      },
    },
    /** Keeps the last known FD before the receipts that show it are removed. */
    keepKnown: (): void => void keep.run(),
  }
}

type InKktRow = { fn_number: string; replaced_fn: string | null; replaced_at_ms: number | null }

/** Which FN is in the KKT. */
function createInKkt(db: Database, { wallMs, gathered }: FiscalMemoriesDeps) {
  const read = db.prepare<InKktRow>(
    `SELECT here.fn_number, before.fn_number AS replaced_fn, replaced_at_ms
     FROM totals JOIN fiscal_memories AS here ON here.turn = totals.fn_turn
     LEFT JOIN fiscal_memories AS before ON before.turn = totals.replaced_turn`,
  )
  const turnOf = db.prepare<{ turn: number; fn_turn: number | null }>(
    'SELECT turn, fn_turn FROM fiscal_memories, totals WHERE fn_number = ?',
  )
  const putIn = db.prepare('UPDATE totals SET fn_turn = ?1')
  const replace = db.prepare('UPDATE totals SET replaced_turn = fn_turn, replaced_at_ms = ?2, fn_turn = ?1')
  // An FN that comes back can tell the outcome of receipts that were handed to it.
  const askAgain = db.prepare('UPDATE states SET untold = 0 WHERE untold = 1 AND handed_turn = ?')

  return {
    read(): FnInKkt | null {
      const row = read.get()
      if (!row) return null
      const { fn_number: fnNumber, replaced_fn: before, replaced_at_ms: atMs } = row
      return { fnNumber, replaced: before === null || atMs === null ? null : { fnNumber: before, atMs } }
    },
    found(fnNumber: string): void {
      const { turn, fn_turn: before } = turnOf.get(fnNumber) ?? {}
      if (turn === undefined || before === undefined) throw new Error(`FN ${fnNumber} was not met`)
      if (turn === before) return
      if (before === null) {
        putIn.run(turn)
        return
      }
      const atMs = wallMs()
      const replaced = read.get()?.fn_number ?? null
      replace.run(turn, atMs)
      askAgain.run(turn)
      const detail = 'another FN is in the KKT'
      gathered.note({ atMs, kind: 'kkt', receiptId: null, from: replaced, to: fnNumber, detail, who: null })
    },
  }
}
