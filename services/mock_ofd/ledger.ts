import type { Taking } from '@kkt/fault-kit/fault.ts'
import { type Finding, MAX_FINDINGS } from '@kkt/fault-kit/finding.ts'
import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import { judgeOrder } from './judge/judge.ts'
import {
  type Book,
  type Entry,
  emptyBook,
  entryOf,
  isReceipt,
  type Known,
  MAX_KEPT_RECEIPTS,
  ofdIdOf,
  type Taken,
} from './ledger_book.ts'
import { restoredBook, saved, savedBook } from './saved_ledger.ts'
import type { Submission } from './submission.ts'

export type ReceiptLedger = ReturnType<typeof createLedger>

/** The documents that the OFD accepted, and the faults it noticed in their order. */
export function createLedger(clock: Clock) {
  let book: Book = emptyBook()

  const isRejected = ({ rejectedAtMs }: Taken) => rejectedAtMs !== null && clock.wallMs() >= rejectedAtMs

  const find = (receiptId: string | null): Taken | undefined =>
    receiptId === null ? undefined : book.firstOf.get(receiptId)

  const receiptCount = () => book.entries.total() - book.otherDocuments

  const shown = ({ taken, receiptId, posId, kktId, fnNumber, fdNumber, findings, text }: Entry) => ({
    ofd_id: taken.ofdId,
    kind: taken.register?.kind ?? 'receipt',
    receipt_id: receiptId,
    pos_id: posId,
    kkt_id: kktId,
    fn_number: fnNumber,
    fiscal_doc_number: fdNumber,
    status: isRejected(taken) ? 'rejected' : 'accepted',
    received_at: isoOrNull(taken.receivedAtMs),
    times_sent: taken.timesSent,
    findings,
    // Parsed again only when it is shown: a look-up of one receipt passes all kept ones.
    get document(): unknown {
      return JSON.parse(text)
    },
  })

  /** A receipt that is sent again is judged by the order of its first coming. */
  function judged({ receiptId, numbers, findings }: Submission): readonly Finding[] {
    if (numbers === null || find(receiptId)) return findings
    const ofOrder = judgeOrder(numbers, book.seen)
    return ofOrder.length === 0 ? findings : [...findings, ...ofOrder].slice(0, MAX_FINDINGS)
  }

  function add(submission: Submission, findings: readonly Finding[], rejectedAfterMs: number | null): Taken {
    const receivedAtMs = clock.wallMs()
    const taken: Taken = {
      ofdId: ofdIdOf(book.entries.total() + 1),
      register: submission.register,
      receivedAtMs,
      timesSent: 1,
      rejectedAtMs: rejectedAfterMs === null ? null : receivedAtMs + rejectedAfterMs,
    }
    book.entries.add(entryOf(taken, submission, findings))
    if (!isReceipt(taken)) book.otherDocuments += 1
    return taken
  }

  function noteFirst({ receiptId, numbers }: Submission, taken: Taken): void {
    if (receiptId !== null) book.firstOf.set(receiptId, taken)
    if (numbers && book.seen.note(numbers)) book.outOfOrder += 1
  }

  return {
    countCall(): void {
      book.calls += 1
    },

    /** Counts a receipt that is refused for the things that are wrong with it. */
    countRefused(): void {
      book.judgedWrong += 1
    },

    /** @returns false for a token lower than the highest seen; a sender without a token is let through */
    admits(kktId: string, token: number | undefined): boolean {
      if (token === undefined) return true
      const highest = book.highestFenceByKkt.get(kktId) ?? 0
      if (token < highest) {
        book.staleFence += 1
        return false
      }
      book.highestFenceByKkt.set(kktId, token)
      return true
    },

    judged,

    /**
     * Takes a document once. One that is sent again gets its first outcome.
     * @param how.again acts as an OFD that does not deduplicate: each submission gets an entry of its own
     */
    take(submission: Submission, { again, rejectedAfterMs }: Taking) {
      const findings = judged(submission)
      const known = find(submission.receiptId)
      if (known) book.duplicates += 1
      if (known && !again) {
        known.timesSent += 1
        return { taken: known, isNew: false, findings }
      }
      const taken = add(submission, findings, rejectedAfterMs)
      if (!known) noteFirst(submission, taken)
      if (!known && findings.length > 0) book.judgedWrong += 1
      return { taken, isNew: true, findings }
    },

    find,
    /** The newest kept document other than this one. */
    otherThan(wanted: string): Known | undefined {
      for (const { receiptId, taken } of book.entries.all().toReversed()) {
        if (receiptId !== null && receiptId !== wanted) return { receiptId, taken }
      }
      return undefined
    },
    isRejected,

    keptAtMost: MAX_KEPT_RECEIPTS,
    count: receiptCount,
    counts: (receiptId: string | null) => {
      const taken = find(receiptId)
      return taken === undefined || isReceipt(taken)
    },
    list: () =>
      book.entries
        .all()
        .filter(({ taken }) => isReceipt(taken))
        .map(shown),
    /** Those that cash registers sent by themselves, of all kinds. */
    documents: () =>
      book.entries
        .all()
        .filter(({ taken }) => taken.register !== null)
        .map(shown),

    counters: () => ({
      call_count: book.calls,
      receipts_received: receiptCount(),
      other_documents: book.otherDocuments,
      duplicates: book.duplicates,
      out_of_order: book.outOfOrder,
      stale_fence: book.staleFence,
      judged_wrong: book.judgedWrong,
    }),

    reset(): void {
      book = emptyBook()
    },

    saved: () => saved(book),
    savedForm: savedBook.transform((given) => ({
      restore() {
        book = restoredBook(given)
      },
    })),
  }
}
