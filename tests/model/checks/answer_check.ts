import { isDeepStrictEqual } from 'node:util'
import type { Status } from '@kkt/adapter/src/domain/state.ts'
import { printAnswer } from '@kkt/adapter/src/http/receipt_answers.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { z } from 'zod'
import { apartFromOpening } from '../../harness/content_violations.ts'
import type { Answer } from '../world/node.ts'
import type { KktCheck } from './kkt_check.ts'
import type { RefundCheck } from './refund_check.ts'
import type { TaskCheck } from './task_check.ts'
import type { Receipts } from './tracked.ts'
import { TurnedAwayCheck, type TurnedAwayDeps } from './turned_away.ts'

const problem = z.object({ code: z.string() })
type Row = { receipt_id: string; status: Status; fiscal_doc: string | null; needs_paper: number }
const storedDoc = z.object({ fdNumber: z.int(), fiscalSign: z.string() })

const REFUSED = 'refused'

/** A till's question and its time. */
export type Asked = {
  key: string
  /** The number of the body. One key may come with several bodies by mistake. */
  body: number
  /** Greater for each later question. */
  turn: number
  atCommit: number
  diskFailures: number
}

/** The last answer that tills got for a key. */
type Told = {
  receiptId: string
  body: number
  /** The document or the refusal, and the turn of the newest question before a till was first told of it. Null before that. */
  outcome: { what: string; turn: number } | null
  /** Apart from a shift's opening. Null where it was refused. */
  warnings: z.infer<typeof printAnswer>['warnings'] | null
  /** Whether it is warned of a shift's opening. Null while it has no document. */
  isOpening: boolean | null
  /** The turn of the newest question before the till was told. */
  turn: number
}

type AnswerDeps = TurnedAwayDeps & { receipts: Receipts; refunds: RefundCheck; tasks: TaskCheck; kkt: KktCheck }

/** Checks that the tills' answers are true, and stay true. */
export class AnswerCheck {
  readonly told = new Map<string, Told>()
  #row
  /** The number of questions that there were. */
  turn = 0
  #turned

  constructor(
    db: Database,
    private readonly deps: AnswerDeps,
  ) {
    this.#turned = new TurnedAwayCheck(deps)
    this.#row = db.prepare<Row>(
      'SELECT receipt_id, status, fiscal_doc, needs_paper FROM receipts WHERE idempotency_key = ?',
    )
  }

  ask(key: string, body: number): Asked {
    this.turn += 1
    return { key, body, turn: this.turn, atCommit: this.deps.journal.commits, diskFailures: this.deps.diskFailures() }
  }

  /** @param answer null where none came */
  answered(asked: Asked, answer: Answer | null): void {
    const { findings } = this.deps
    if (answer === null) findings.count('answers', 'none')
    // The answer was under way when the receipt was pruned.
    else if (this.deps.receipts.wasPrunedSince(asked.key, asked.atCommit)) findings.count('answers', 'late')
    else if (answer.status === 200) this.#sold(asked, answer)
    else {
      const { code } = problem.parse(JSON.parse(answer.text))
      const what = `${answer.status} ${code}`
      findings.count('answers', what)
      findings.tell(`the till of ${asked.key} hears ${what}`)
      this.#turnedAway(asked, what, answer)
    }
  }

  /** A receipt that is wrong was sent. @param answer null where none came */
  answeredWrong(key: string, code: string, answer: Answer | null): void {
    const { findings } = this.deps
    if (answer === null) return
    const told = answer.status === 200 ? '' : problem.parse(JSON.parse(answer.text)).code
    findings.count('answers to wrong receipts', `${answer.status} ${told}`)
    // The law's rates are asked for only where the KKT and the journal are fit.
    const isUnasked = code === 'vat_rate_refused' && answer.status === 503
    if ((answer.status === 422 && told === code) || isUnasked) return
    findings.violated('invariant 10', `${key} has ${code}, and was answered ${answer.status} ${told}`)
  }

  #turnedAway(asked: Asked, what: string, answer: Answer): void {
    if (what === '502 kkt_refused') this.#refused(asked)
    else if (what === '422 idempotency_key_reused') this.#reused(asked)
    else if (what === '409 refund_exceeds') this.#exceeds(asked)
    else this.#turned.check(asked, what, answer, 1, this.told.get(asked.key) ?? null)
  }

  #exceeds({ key, turn, atCommit }: Asked): void {
    const { findings, refunds } = this.deps
    if (!refunds.wasBeyond(key, atCommit)) findings.violated('refunds', `${key} is too much, and there was enough left`)
    const told = this.told.get(key)
    if (told && turn > told.turn) findings.violated('invariant 2', `${key} was taken, and is refused when sent again`)
  }

  #sold({ key, body, turn }: Asked, answer: Answer): void {
    const { findings } = this.deps
    const sold = printAnswer.parse(JSON.parse(answer.text))
    const { status, receipt_id: receiptId, fiscal_doc: doc, warnings } = sold
    const isReplay = answer.headers.get('idempotency-replayed') === 'true'
    const what = `200 ${status}${isReplay ? ', replayed' : ''}`
    findings.count('answers', what)
    findings.tell(`the till of ${key} hears ${what}`)
    this.#compareWithRow(key, sold)
    const before = this.told.get(key)
    const outcome = doc && { what: `document ${doc.fiscal_doc_number}`, turn: this.turn }
    const { isOpening, others } = apartFromOpening(warnings)
    const opening = { isOpening: doc === null ? null : isOpening }
    const told = { receiptId, body, outcome, warnings: others, ...opening, turn: this.turn }
    this.deps.refunds.told(receiptId, warnings)
    if (doc !== null) this.#checkOpening(key, receiptId, isOpening)
    for (const { code } of warnings) findings.count('warnings', code)
    const kept = before && { body: before.body, outcome: before.outcome ?? outcome, turn: before.turn }
    this.told.set(key, { ...told, ...kept, isOpening: before?.isOpening ?? told.isOpening })
    if (!before) return
    if (!isReplay && turn > before.turn)
      findings.violated('invariant 2', `${key} is answered again, and not as a replay`)
    this.#compareWithBefore({ key, turn }, before, { ...told, body })
  }

  /** The answer says whether the KKT has opened a shift for the receipt, as long as the shift's documents are kept. */
  #checkOpening(key: string, receiptId: string, isOpening: boolean): void {
    const { findings, receipts, journal, kkt } = this.deps
    // An operator tells of no other document than the receipt's.
    if (journal.prunes.originals || receipts.find(receiptId)?.wasUntold !== false) return
    // The register tells of an opening after the receipt's own document, and of neither once another FN is in it.
    if (!isOpening && kkt.leftBehind.has(receiptId)) return
    if (kkt.openedFor.has(receiptId) !== isOpening)
      findings.violated('answers', `${key} is ${isOpening ? '' : 'not '}warned that its shift was opened for it`)
  }

  #compareWithRow(
    key: string,
    { status, receipt_id: receiptId, fiscal_doc: doc, paper }: z.infer<typeof printAnswer>,
  ): void {
    const { findings, journal } = this.deps
    const isLost = journal.isPaperLost(receiptId)
    const isMissing = doc !== null && (status === 'buffered' || isLost)
    if ((paper === 'missing') !== isMissing) findings.violated('answers', `${key} is ${status}, and its paper ${paper}`)
    findings.count('paper', paper)
    const row = this.#row.get(key)
    if (row?.receipt_id !== receiptId) {
      findings.violated('invariant 1', `${key} is answered 200, and not stored`)
    } else if (doc) {
      const stored = row.fiscal_doc === null ? null : storedDoc.parse(JSON.parse(row.fiscal_doc))
      const isStored = doc.fiscal_doc_number === stored?.fdNumber && doc.fiscal_sign === stored.fiscalSign
      if (!isStored) findings.violated('invariant 1', `${key} is answered with another document than is stored`)
      if (status === 'printed' && (row.needs_paper === 1 || !this.#isPaperDone(receiptId)))
        findings.violated('answers', `${key} is answered as printed, and is not on paper`)
    }
  }

  /** The document is on paper or never will be. An operator who tells a document is believed, whatever came of its paper. */
  #isPaperDone(id: string): boolean {
    const { journal, kkt, receipts } = this.deps
    return kkt.isOnPaper(id) !== false || journal.isPaperLost(id) || receipts.find(id)?.wasUntold === true
  }

  /**
   * Invariant 2: the same key gets the same answer, apart from an outcome that has become known meanwhile. An answer to a
   * question from before the outcome was told may have been on its way since then, as through a pause of its process.
   */
  #compareWithBefore({ key, turn }: Pick<Asked, 'key' | 'turn'>, before: Told, now: Told): void {
    const { findings } = this.deps
    if (before.body !== now.body) findings.violated('invariant 2', `${key} is taken with another body`)
    if (before.receiptId !== now.receiptId) findings.violated('invariant 2', `${key} is answered with another receipt`)
    const isOtherOpening =
      !this.deps.journal.prunes.originals && (before.isOpening ?? now.isOpening) !== (now.isOpening ?? before.isOpening)
    if (before.warnings !== null && (isOtherOpening || !isDeepStrictEqual(before.warnings, now.warnings)))
      findings.violated('invariant 2', `${key} is warned of something else than before`)
    this.#compareOutcomes(key, before.outcome, now.outcome, turn)
  }

  #compareOutcomes(key: string, known: Told['outcome'], now: Told['outcome'], turn: number): void {
    if (known === null || known.what === now?.what || (now === null && turn <= known.turn)) return
    const told = now?.what ?? 'taken'
    this.deps.findings.violated('invariant 2', `${key} was answered as ${known.what}, and then as ${told}`)
  }

  #refused({ key, body, turn }: Asked): void {
    const { findings } = this.deps
    const row = this.#row.get(key)
    if (row?.status !== 'refused') findings.violated('answers', `${key} is answered as refused, and is ${row?.status}`)
    const before = this.told.get(key)
    const outcome = { what: REFUSED, turn: this.turn }
    if (before) this.#compareOutcomes(key, before.outcome, outcome, turn)
    this.told.set(key, {
      body: before?.body ?? body,
      receiptId: row?.receipt_id ?? '',
      outcome: before?.outcome ?? outcome,
      warnings: before?.warnings ?? null,
      isOpening: before?.isOpening ?? null,
      turn: before?.turn ?? this.turn,
    })
  }

  #reused({ key, body }: Asked): void {
    const isTasks = this.deps.tasks.ofKey(key) !== undefined
    if (!this.#row.get(key) && !isTasks)
      this.deps.findings.violated('invariant 2', `${key} is answered as used, and is not stored`)
    if (this.told.get(key)?.body === body) {
      this.deps.findings.violated('invariant 2', `${key} came with the same body, and is answered as another`)
    }
  }

  /** The tills' answers still hold at the end. */
  compare(): void {
    const { findings, receipts } = this.deps
    for (const [key, { receiptId, outcome }] of this.told) {
      const receipt = receipts.find(receiptId)
      if (!receipt) findings.violated('invariant 1', `${key} was answered, and is gone`)
      if (outcome?.what === REFUSED && receipt?.status !== 'refused')
        findings.violated('answers', `${key} was refused, and is not any more`)
    }
  }
}
