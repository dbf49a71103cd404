import { correctionAnswer } from '@kkt/adapter/src/http/correction_answers.ts'
import { z } from 'zod'
import type { Answer } from '../world/node.ts'
import type { Asked } from './answer_check.ts'
import type { KktCheck } from './kkt_check.ts'
import { type PutRightCheck, partKey } from './put_right_check.ts'
import type { Receipts } from './tracked.ts'
import { TurnedAwayCheck, type TurnedAwayDeps } from './turned_away.ts'

const problem = z.object({ code: z.string() })
type Told = z.infer<typeof correctionAnswer>
type Part = NonNullable<Told['reversal']>

/** The first answer that told of a correction. */
type First = { id: string; body: number; turn: number; docs: Map<string, { fd: number; turn: number }> }

type Deps = TurnedAwayDeps & { receipts: Receipts; putRights: PutRightCheck; kkt: KktCheck; turn: () => number }

/** Checks that the answers to what puts receipts right are true, and stay true. */
export class PutRightAnswers {
  #told = new Map<string, First>()
  #turned

  constructor(private readonly deps: Deps) {
    this.#turned = new TurnedAwayCheck(deps)
  }

  /** @param answer null where none came */
  answered(asked: Asked, answer: Answer | null): void {
    const { findings, receipts } = this.deps
    if (answer === null) return
    const code = answer.status === 200 ? '' : ` ${problem.parse(JSON.parse(answer.text)).code}`
    const isReplay = answer.headers.get('idempotency-replayed') === 'true'
    const what = `${answer.status}${code}`
    if ([1, 2].some((part) => receipts.wasPrunedSince(partKey(asked.key, part === 1 ? 1 : 2), asked.atCommit))) {
      findings.count('answers to what puts right', 'late')
      return
    }
    findings.tell(`the till of ${asked.key} hears ${what}${isReplay ? ', replayed' : ''}`)
    if (answer.status === 200) this.#taken(asked, correctionAnswer.parse(JSON.parse(answer.text)), isReplay)
    else {
      findings.count('answers to what puts right', what)
      this.#turnedAway(asked, what, answer)
    }
  }

  /** The key is free again once all of its receipts are pruned. @param partKey of a receipt */
  pruned(partKey: string): void {
    const [key = ''] = partKey.split('§')
    if (!this.deps.putRights.pairOf(key)) this.#told.delete(key)
  }

  #taken(asked: Asked, told: Told, isReplay: boolean): void {
    const { findings, putRights } = this.deps
    const { key, body, turn } = asked
    const { status, correction_id: id, reversal, right } = told
    findings.count('answers to what puts right', `200 ${status}${isReplay ? ', replayed' : ''}`)
    const before = this.#told.get(key)
    if (before && !isReplay && turn > before.turn)
      findings.violated('invariant 2', `${key} is answered again, and not as a replay`)
    if (before && before.id !== id) findings.violated('invariant 2', `${key} is answered with another correction`)
    if (before && before.body !== body) findings.violated('invariant 2', `${key} is taken with another body`)
    const first: First = before ?? { id, body, turn: this.deps.turn(), docs: new Map() }
    this.#told.set(key, first)
    const pair = putRights.pairOf(key)
    if (!pair) findings.violated('invariant 1', `${key} is answered 200, and not stored`)
    const shown = [reversal, right].filter((part) => part !== null)
    const kept = pair?.parts.filter(({ prunedAt }) => prunedAt === null) ?? []
    if (shown.length !== kept.length)
      findings.violated('invariant 1', `${key} is answered with ${shown.length} receipts`)
    for (const part of shown) this.#compare(asked, part, first)
    if (!this.#isTrue(status, shown)) findings.violated('answers', `${key} is answered as ${status}`)
  }

  /** A printed one is made, and its paper is out or never will be. */
  #isTrue(status: Told['status'], parts: readonly Part[]): boolean {
    const isOnPaper = ({ fiscal_doc: doc, paper }: Part) => doc !== null && paper !== 'missing'
    const isLost = (part: Part) => part.fiscal_doc !== null && this.deps.journal.isPaperLost(part.receipt_id)
    if (status === 'printed') return parts.every((part) => isOnPaper(part) || isLost(part))
    return status !== 'buffered' || !parts.every(isOnPaper)
  }

  /** A document that was told of stays, and is that of the FN. */
  #compare({ key, turn }: Asked, { receipt_id: id, fiscal_doc: doc }: Part, first: First): void {
    const { findings, receipts, kkt, putRights } = this.deps
    const name = receipts.name(id)
    if (!putRights.pairOf(key)?.parts.some((part) => part.id === id))
      findings.violated('invariant 2', `${key} is answered with ${name}`)
    if (doc && kkt.fdOf.get(id) !== doc.fiscal_doc_number)
      findings.violated('invariant 1', `${name} is answered with another document than is in the FN`)
    const known = first.docs.get(id)
    if (!doc && known && turn > known.turn) findings.violated('invariant 2', `${name} is answered without its document`)
    if (doc && !known) first.docs.set(id, { fd: doc.fiscal_doc_number, turn: this.deps.turn() })
  }

  #turnedAway(asked: Asked, what: string, answer: Answer): void {
    const { findings, putRights, receipts } = this.deps
    const { key, atCommit, turn } = asked
    const wanted = putRights.wantedOf(key)
    if (!wanted) throw new Error(`${key} was never asked for`)
    const told = this.#told.get(key) ?? null
    const wrong = wanted.wrong !== null && 'id' in wanted.wrong ? receipts.find(wanted.wrong.id) : undefined
    const isTrue: Record<string, () => boolean> = {
      '404 receipt_not_found': () => !wrong || wrong.prunedAt !== null,
      '409 no_fiscal_document': () => wrong !== undefined && (wrong.documentedAt ?? Infinity) > atCommit,
      '409 already_corrected': () => putRights.wasUndone(wanted, atCommit),
      '422 idempotency_key_reused': () => told?.body !== asked.body && putRights.pairOf(key) !== undefined,
      '502 kkt_refused': () => putRights.pairOf(key)?.parts.every(({ status }) => status === 'refused') === true,
    }
    const check = isTrue[what]
    if (!check) {
      const places = wanted.wrong !== null && wanted.right !== null ? 2 : 1
      this.#turned.check(asked, what, answer, places, told)
      return
    }
    if (!check()) findings.violated('answers', `${key} is answered ${what}, which is not so`)
    const isFinal = what.startsWith('404') || what.startsWith('409')
    if (isFinal && told && turn > told.turn) findings.violated('invariant 2', `${key} was taken, and then ${what}`)
  }
}
