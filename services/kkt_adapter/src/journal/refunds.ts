import { beyondWhatIsLeft, type CameBack, goodsOf, leftOfEach } from '../domain/came_back.ts'
import { type FilledIn, withFilledIn, withOriginal } from '../domain/filled_in.ts'
import type { Receipt, ReceiptContent, ReceiptId, SaidContent } from '../domain/receipt.ts'
import { fromOriginal, type RefundFinding, ratesLeftOpen, unlikeOriginal } from '../domain/refund.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { createOriginals, type KnownOriginal } from './originals.ts'
import type { Queries } from './queries.ts'

/** How a refund that names its original is judged. `isForced`: an operator takes it beyond what is left. */
export type RefundRules = { isForced: boolean; requiresSynced: boolean }

export type Judged =
  | {
      kind: 'taken'
      originalId: ReceiptId | null
      filledIn: FilledIn | null
      goods: CameBack[]
      findings: RefundFinding[]
    }
  | { kind: 'refund_exceeds'; leftKopecks: number; originalId: ReceiptId }
  | { kind: 'refund_too_early'; original: { id: ReceiptId; status: Status } }
  /** The till leaves to the original what that does not say either. */
  | { kind: 'refund_incomplete'; open: number[]; isKnown: boolean }

/** A refund in its till's words, and what else was filled in. */
type Words = { content: SaidContent; filledIn: FilledIn | null }

/** An item that a refund took back, as it is kept. */
type KeptGood = [place: number | null, quantityMicro: number, code?: string]

type RefundsDeps = { wallMs: () => number; queries: Pick<Queries, 'find' | 'findByDocument'> }

/** Finds what is left of originals. */
function createLeft(db: Database) {
  const refunded = db.prepare<{ total_kopecks: number; came_back: string }>(
    'SELECT total_kopecks, came_back FROM refunds WHERE original = ?1 AND original IS NOT NULL',
  )
  const reversed = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM corrections
     WHERE wrong_fd = ?2 AND wrong_fn = ?1 AND wrong_fd IS NOT NULL AND reversal_refused = 0`,
  )

  /** Nothing is left of a receipt that was put right, or that has no document and never will. */
  function isGone({ numbers, status }: KnownOriginal): boolean {
    if (status === 'refused') return true
    return numbers !== null && (reversed.get(numbers.fnNumber, numbers.fdNumber)?.n ?? 0) > 0
  }

  /** `before`: the goods that came back. */
  return (original: KnownOriginal): { kopecks: number; isGone: boolean; before: CameBack[] } => {
    const refunds = refunded.all(original.id)
    const backKopecks = refunds.reduce((sum, { total_kopecks }) => sum + total_kopecks, 0)
    const gone = isGone(original)
    const kopecks = gone ? 0 : Math.max(0, original.totalKopecks - backKopecks)
    return { kopecks, isGone: gone, before: refunds.flatMap(goodsBack) }
  }
}

type LeftOf = ReturnType<typeof createLeft>

/** @param isForced takes it beyond what is left */
function judgeKnown(
  { content, filledIn }: Words,
  original: KnownOriginal,
  left: ReturnType<LeftOf>,
  isForced: boolean,
): Judged {
  const { kopecks: leftKopecks, before } = left
  const isBeyond = content.totalKopecks > leftKopecks
  if (isBeyond && !isForced) return { kind: 'refund_exceeds', leftKopecks, originalId: original.id }
  const { from, open } = fromOriginal(content, original)
  if (open.length > 0) return { kind: 'refund_incomplete', open, isKnown: true }
  const whole = withOriginal(content, filledIn, from)
  const taken = withFilledIn(content, whole)
  const goods = goodsOf(taken, original.items)
  const findings: RefundFinding[] = [
    ...(isBeyond ? [{ code: 'refund_exceeds' as const, leftKopecks }] : []),
    ...unlikeOriginal(taken, original),
    ...beyondWhatIsLeft(goods, original.items, before),
  ]
  return { kind: 'taken', originalId: original.id, filledIn: whole, goods, findings }
}

/** Refunds, held against what is left of their originals. */
export function createRefunds(db: Database, { wallMs, queries }: RefundsDeps) {
  const known = createOriginals(db, queries)
  const leftOf = createLeft(db)
  const insert = db.prepare(
    `INSERT INTO refunds (receipt_id, original, total_kopecks, findings, created_at_ms, came_back)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  // The KKT's receipt may be in the journal already, restored.
  const rename = db.prepare('UPDATE OR REPLACE refunds SET receipt_id = ?2 WHERE receipt_id = ?1')
  const renameOriginal = db.prepare('UPDATE refunds SET original = ?2 WHERE original = ?1 AND original IS NOT NULL')
  const remove = db.prepare('DELETE FROM refunds WHERE receipt_id = ?')
  const told = db.prepare<{ findings: string }>('SELECT findings FROM refunds WHERE receipt_id = ?')

  return {
    reads: {
      /** The findings that a refund was taken with. */
      findingsOf(id: ReceiptId): RefundFinding[] {
        const row = told.get(id)
        return row ? JSON.parse(row.findings) : []
      },
      /** The fiscal sign of a receipt's document, also of a removed one as long as it may come back. Null: it is not known. */
      signOf: (receiptId: string): string | null => known({ receiptId })?.numbers?.fiscalSign ?? null,
      /** The part of a receipt that refunds may still take back. Null for one whose goods cannot come back. */
      leftOf({ id, content: { type } }: Receipt): { kopecks: number; micro: number[] } | null {
        const original = type === 'sale' || type === 'buy' ? known({ receiptId: id }) : null
        if (original === null || original.numbers === null) return null
        const { kopecks, isGone, before } = leftOf(original)
        const each = leftOfEach(original.items, before)
        return { kopecks, micro: isGone ? each.map(() => 0) : each }
      },
    },
    /** Judges a refund inside the transaction that journals it, so that two at once cannot both take the rest. */
    judge(words: Words, { isForced, requiresSynced }: RefundRules): Judged {
      const { content, filledIn } = words
      const original = content.refundOf && known(content.refundOf)
      if (!original) {
        const open = ratesLeftOpen(content, filledIn)
        if (open.length > 0) return { kind: 'refund_incomplete', open, isKnown: false }
        return { kind: 'taken', originalId: null, filledIn, goods: [], findings: [{ code: 'refund_of_unknown' }] }
      }
      const { id, status } = original
      if (requiresSynced && status !== null && status !== 'synced') {
        return { kind: 'refund_too_early', original: { id, status } }
      }
      return judgeKnown(words, original, leftOf(original), isForced)
    },
    record(id: ReceiptId, judged: Extract<Judged, { kind: 'taken' }>, totalKopecks: number): void {
      const { originalId, findings, goods } = judged
      const kept = JSON.stringify(goods.map(keptGood))
      insert.run(id, originalId, totalKopecks, JSON.stringify(findings), wallMs(), kept)
    },
    /** The KKT knew a refund that the journal had lost. Its till is not warned of it again. */
    restored(id: ReceiptId, content: ReceiptContent): void {
      const original = content.refundOf && known(content.refundOf)
      if (!original) return
      const kept = JSON.stringify(goodsOf(content, original.items).map(keptGood))
      insert.run(id, original.id, content.totalKopecks, '[]', wallMs(), kept)
    },
    /** The KKT knew the refund, or the original of refunds, under another id. */
    renamed(from: ReceiptId, to: ReceiptId): void {
      rename.run(from, to)
      renameOriginal.run(from, to)
    },
    /** The KKT has refused it, so nothing came back. */
    refused: (id: ReceiptId): void => void remove.run(id),
  }
}

export type Refunds = ReturnType<typeof createRefunds>

const keptGood = ({ place, quantityMicro, code }: CameBack): KeptGood =>
  code === null ? [place, quantityMicro] : [place, quantityMicro, code]

function goodsBack({ came_back }: { came_back: string }): CameBack[] {
  const kept: KeptGood[] = JSON.parse(came_back)
  return kept.map(([place, quantityMicro, code = null]) => ({ place, quantityMicro, code }))
}
