import type { Actor } from '../domain/actor.ts'
import type { DocumentNumbers } from '../domain/correction.ts'
import type { FilledIn } from '../domain/filled_in.ts'
import type { IdempotencyKey, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { contentText } from '../domain/stored_content.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import type { IsFormer, KeyReceipts } from './key_receipts.ts'
import type { JournalNew } from './new_receipts.ts'
import type { ReceiptRow } from './rows.ts'
import { placesTaken, type Room } from './totals.ts'

/** The receipts that put a wrong one right, by one key. `digest` tells one request from another. */
export type NewCorrection = Asked &
  (
    | { wrong: DocumentNumbers; reversal: Words; right: Words | null }
    /** Nothing was fiscalised. */
    | { wrong: null; reversal: null; right: Words }
  )
type Asked = { key: IdempotencyKey; digest: string }
type Words = { content: ReceiptContent; filledIn: FilledIn | null }

/** Its receipts may have other ids by now, and are found by these. */
export type CorrectionRecord = {
  id: ReceiptId
  digest: string
  reversal: ReceiptId | null
  right: ReceiptId | null
  closeReason: string | null
  /** The KKT has refused one of its two receipts, and no operator has settled it. */
  isHalfDone: boolean
}

export type CorrectionIntake =
  | { kind: 'accepted'; correction: CorrectionRecord }
  /** The key was used before with the same body. */
  | { kind: 'known'; correction: CorrectionRecord }
  | { kind: 'key_reused'; correctionId: ReceiptId }
  /** The document was put right before. */
  | { kind: 'already_corrected'; correctionId: ReceiptId }
  | { kind: 'full'; undelivered: number }

type Row = {
  correction_id: ReceiptId
  digest: string
  reversal: ReceiptId | null
  right_receipt: ReceiptId | null
  close_reason: string | null
  is_half_done: 0 | 1
}

/** Equal to the index's condition. */
const HALF_DONE =
  'reversal_refused <> right_refused AND reversal IS NOT NULL AND right_receipt IS NOT NULL AND close_reason IS NULL'
const COLUMNS = `correction_id, digest, reversal, right_receipt, close_reason, ${HALF_DONE} AS is_half_done`

/**
 * The name of a correction's receipt, for the journal and the KKT: 1 for the first. No till can send it, because a key is
 * visible ASCII.
 */
export const partKey = (key: IdempotencyKey, part: 1 | 2) => `${key}§${part}` as IdempotencyKey

type CorrectionsDeps = {
  wallMs: () => number
  gathered: Gathered
  keyReceipts: KeyReceipts
  journalNew: JournalNew
  room: Room
}

/** Wrong receipts that are put right. The receipts of a correction are ordinary ones, journaled in one commit. */
export function createCorrections(db: Database, deps: CorrectionsDeps) {
  const { gathered, keyReceipts, journalNew } = deps
  const reads = createReads(db, keyReceipts)
  const ofDocument = db.prepare<{ correction_id: ReceiptId }>(
    // A reversal that the KKT has refused has taken nothing back.
    `SELECT correction_id FROM corrections
     WHERE wrong_fd = ?2 AND wrong_fn = ?1 AND wrong_fd IS NOT NULL AND reversal_refused = 0`,
  )
  const insert = db.prepare(
    `INSERT INTO corrections (correction_id, digest, reversal, right_receipt, wrong_fn, wrong_fd, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const close = db.prepare(`UPDATE corrections SET close_reason = ?2 WHERE correction_id = ?1 AND ${HALF_DONE}`)

  /** @returns the reason for which it cannot be journaled */
  function obstacle(wanted: NewCorrection): CorrectionIntake | null {
    const { wrong, reversal, right } = wanted
    const earlier = wrong && ofDocument.get(wrong.fnNumber, wrong.fdNumber)
    if (earlier) return { kind: 'already_corrected', correctionId: earlier.correction_id }
    const taken = placesTaken(gathered.tally(), deps.room.way)
    return deps.room.most - taken < (reversal && right ? 2 : 1) ? { kind: 'full', undelivered: taken } : null
  }

  return {
    reads,
    verbs: {
      /** Journals all receipts of a correction as `accepted`, or none. */
      putRight(wanted: NewCorrection, actor: Actor, isFormer?: IsFormer): CorrectionIntake {
        const { key, digest, wrong, reversal, right } = wanted
        const known = reads.ofKey(wanted, actor.owner, isFormer)
        if (known?.digest === digest) return { kind: 'known', correction: known }
        if (known) return { kind: 'key_reused', correctionId: known.id }
        const inTheWay = obstacle(wanted)
        if (inTheWay) return inTheWay
        const journal = ({ content, filledIn }: Words, part: 1 | 2): ReceiptId =>
          journalNew({ key: partKey(key, part), content, text: contentText(content), filledIn }, actor).id
        const reversalId = reversal && journal(reversal, 1)
        const rightId = right && journal(right, reversal ? 2 : 1)
        const id = reversalId ?? rightId
        if (id === null) throw new Error('A correction has no receipt')
        const ofWrong = [wrong?.fnNumber ?? null, wrong?.fdNumber ?? null]
        insert.run(id, digest, reversalId, rightId, ...ofWrong, deps.wallMs())
        const record = { id, digest, reversal: reversalId, right: rightId, closeReason: null, isHalfDone: false }
        return { kind: 'accepted', correction: record }
      },
      /** @returns whether an operator had to settle it */
      closeCorrection: (id: ReceiptId, reason: string): boolean => close.run(id, reason) === 1,
    },
  }
}

function createReads(db: Database, keyReceipts: KeyReceipts) {
  const byId = db.prepare<Row>(`SELECT ${COLUMNS} FROM corrections WHERE correction_id = ?`)
  const byReceipt = db.prepare<Row>(
    `SELECT ${COLUMNS} FROM corrections WHERE correction_id = ?1
     UNION ALL
     SELECT ${COLUMNS} FROM corrections WHERE right_receipt = ?1
     UNION ALL
     SELECT ${COLUMNS} FROM corrections
     WHERE correction_id IN (SELECT receipt_id FROM receipt_aliases WHERE is_now = ?1)
     UNION ALL
     SELECT ${COLUMNS} FROM corrections
     WHERE right_receipt IN (SELECT receipt_id FROM receipt_aliases WHERE is_now = ?1)`,
  )
  const halfDone = db.prepare<{ n: number }>(`SELECT count(*) AS n FROM corrections WHERE ${HALF_DONE}`)
  const recordOf = ({ receipt_id }: { receipt_id: ReceiptId }): CorrectionRecord | null =>
    optional(byReceipt.get(receipt_id))
  const optional = (row: Row | undefined): CorrectionRecord | null => (row ? toRecord(row) : null)
  return {
    find: (id: ReceiptId): CorrectionRecord | null => optional(byId.get(id)),
    /**
     * The correction that has this key by this owner's right, or by a former owner's with the same request.
     * @param digest of the request
     */
    ofKey({ key, digest }: Asked, owner: string | null, isFormer: IsFormer = () => false): CorrectionRecord | null {
      const isSame = (row: ReceiptRow) => recordOf(row)?.digest === digest
      // The first part may be pruned before the second.
      for (const part of [1, 2] as const) {
        const counting = keyReceipts.countingFor(partKey(key, part), { owner, isFormer }, isSame)
        const record = counting && recordOf(counting.row)
        if (record) return record
      }
      return null
    },
    /** Corrections of which the KKT has refused one receipt, and that no operator has settled. */
    countHalfDone: (): number => halfDone.get()?.n ?? 0,
  }
}

const toRecord = (row: Row): CorrectionRecord => ({
  id: row.correction_id,
  digest: row.digest,
  reversal: row.reversal,
  right: row.right_receipt,
  closeReason: row.close_reason,
  isHalfDone: row.is_half_done === 1,
})

/** Notes that the KKT has refused a receipt, if it belongs to a correction. */
export function createNoteRefused(db: Database) {
  const note = db.prepare(
    `UPDATE corrections SET reversal_refused = max(reversal_refused, reversal IS ?1),
       right_refused = max(right_refused, right_receipt IS ?1)
     WHERE correction_id = ?1 OR right_receipt = ?1`,
  )
  return (id: ReceiptId): void => void note.run(id)
}

/** Removes the old corrections whose receipts are gone. One that an operator has to settle stays. */
export function createPruneCorrections(db: Database) {
  const isThere = (id: string) =>
    `(EXISTS (SELECT 1 FROM sales WHERE receipt_id = ${id}) OR EXISTS (SELECT 1 FROM receipt_aliases WHERE receipt_id = ${id}))`
  const remove = db.prepare(
    `DELETE FROM corrections WHERE correction_id IN (
       SELECT correction_id FROM corrections
       WHERE created_at_ms < ?1 AND NOT (${HALF_DONE}) AND NOT ${isThere('correction_id')} AND NOT ${isThere('right_receipt')}
       ORDER BY created_at_ms LIMIT 0 + ?2
     )`,
  )
  return (beforeMs: number, limit: number): number => remove.run(beforeMs, limit)
}
