import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { dueKopecks } from '../../harness/completed.ts'
import type { ContentCheck } from './content_check.ts'
import type { Findings } from './findings.ts'
import type { KktCheck } from './kkt_check.ts'
import type { PutRightCheck } from './put_right_check.ts'
import type { Receipts, Tracked } from './tracked.ts'

/** `originalId`: null where it names a receipt that the adapter never had. */
type Asked = { originalId: string | null; kopecks: number }
/** The rest of an original from a commit on. */
type Left = { from: number; kopecks: number }

type RefundDeps = {
  findings: Findings
  receipts: Receipts
  contents: ContentCheck
  putRights: PutRightCheck
  kkt: () => KktCheck
  /** Whether the adapter was told to remove what refunds need. */
  mayForget: () => boolean
}

const NOT_KNOWN = 'refund_of_unknown'

/** Checks that no more comes back by refunds than their originals were of. */
export class RefundCheck {
  #asked = new Map<string, Asked>()
  /** The refunds of each original. */
  #taken = new Map<string, { refund: Tracked; kopecks: number }[]>()
  #lefts = new Map<string, Left[]>()
  /** Whether a refund was taken as one of a receipt that is not known. Null: it could be either. */
  #wasUnknown = new Map<string, boolean | null>()
  /** Those that were accepted in the present commit. */
  #new: { refund: Tracked; original: Tracked }[] = []
  #kept

  constructor(
    db: Database,
    private readonly deps: RefundDeps,
  ) {
    this.#kept = db.prepare<{ n: number }>('SELECT count(*) AS n FROM originals WHERE receipt_id = ?')
  }

  /** A till sends a refund that names its original. */
  asks(key: string, asked: Asked): void {
    this.#asked.set(key, asked)
  }

  leftOf(original: Tracked): number {
    if (original.refusedAt !== null || this.deps.putRights.isUndone(original.id)) return 0
    return Math.max(0, this.#dueOf(original) - this.#refundedOf(original.id))
  }

  /** A receipt is in the journal. */
  accepted(refund: Tracked, commit: number): void {
    const asked = this.#asked.get(refund.key)
    if (!asked) return
    const original = asked.originalId === null ? undefined : this.deps.receipts.find(asked.originalId)
    const isKnown = original !== undefined && this.#isKnown(original)
    const isOpen = original?.prunedAt === commit
    this.#wasUnknown.set(refund.id, isOpen ? null : !isKnown)
    if (!original || !isKnown) return
    this.#new.push({ refund, original })
    this.deps.contents.takesFrom(refund.id, original)
    const taken = this.#taken.get(original.id) ?? []
    this.#taken.set(original.id, [...taken, { refund, kopecks: asked.kopecks }])
    if (original.documentedAt !== null) this.#answersTo(refund, original, !isOpen && original.documentedAt !== commit)
  }

  /** The refund is told to answer to its original's document. @param isCertain whether that was there before */
  #answersTo({ id }: Tracked, original: Tracked, isCertain: boolean): void {
    const signed = this.deps.kkt().signedOf(original.id)
    if (!signed) return
    const { fn, fd, fpd } = signed
    this.deps.contents.answersTo(id, { fn, fd, fpd }, isCertain)
  }

  /** All of a commit has happened. Its works may have come in any order. */
  committed(commit: number): void {
    const { findings, receipts } = this.deps
    for (const { refund, original } of this.#new) {
      findings.count('refunds', 'taken of a known receipt')
      if (original.documentedAt === commit) this.#answersTo(refund, original, false)
      const over = this.#refundedOf(original.id) - this.#dueOf(original)
      const before = this.#lefts.get(original.id)?.findLast(({ from }) => from < commit)
      if (over > 0 || before?.kopecks === 0)
        findings.violated('refunds', `${refund.key} takes more of ${original.key} than is left of it`)
    }
    this.#new = []
    for (const receipt of receipts.all.values()) {
      const kopecks = this.leftOf(receipt)
      const lefts = this.#lefts.get(receipt.id) ?? []
      if (lefts.at(-1)?.kopecks !== kopecks) this.#lefts.set(receipt.id, [...lefts, { from: commit, kopecks }])
    }
  }

  /** Whether a refund was for more than was left at some time after this commit. */
  wasBeyond(key: string, commit: number): boolean {
    const asked = this.#asked.get(key)
    const lefts = this.#lefts.get(asked?.originalId ?? '') ?? []
    if (!asked) return false
    return lefts.some(
      ({ kopecks }, i) => (lefts[i + 1]?.from ?? Number.POSITIVE_INFINITY) > commit && kopecks < asked.kopecks,
    )
  }

  /** The till of a refund is warned when nothing is known of its original, and only then. */
  told(id: string, warnings: readonly { code: string }[]): void {
    const wasUnknown = this.#wasUnknown.get(id)
    if (wasUnknown === undefined || wasUnknown === null) return
    if (warnings.some(({ code }) => code === NOT_KNOWN) === wasUnknown) return
    const { findings, receipts } = this.deps
    findings.violated('refunds', `${receipts.name(id)} is ${wasUnknown ? 'not ' : ''}warned of an unknown original`)
  }

  #isKnown(original: Tracked): boolean {
    if (original.prunedAt === null) return true
    const type = this.deps.contents.sentAs(original.key)?.type
    if (original.documentedAt === null || (type !== 'sale' && type !== 'buy')) return false
    if ((this.#kept.get(original.id)?.n ?? 0) > 0) return true
    if (!this.deps.mayForget()) this.deps.findings.violated('refunds', `what refunds need of ${original.key} is gone`)
    return false
  }

  #dueOf({ key }: Tracked): number {
    const body = this.deps.contents.sentAs(key)
    return body ? dueKopecks(body) : 0
  }

  #refundedOf(originalId: string): number {
    const taken = this.#taken.get(originalId) ?? []
    return taken.reduce((sum, { refund, kopecks }) => sum + (refund.refusedAt === null ? kopecks : 0), 0)
  }
}
