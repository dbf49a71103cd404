import { type Because, correcting, type Numbers, reversalOf } from '../../harness/put_right.ts'
import type { Body } from '../../harness/wire_content.ts'
import type { ContentCheck } from './content_check.ts'
import type { Findings } from './findings.ts'
import type { KktCheck } from './kkt_check.ts'
import type { Receipts, Tracked } from './tracked.ts'

/** A request to put a receipt right. `wrong`: null where nothing was fiscalised. */
export type PutRight = {
  wrong: { id: string } | { numbers: Numbers; receipt: Body } | null
  right: Body | null
  type: 'self' | 'instruction'
  number: string | null
  date: string | null
}

/** The receipts that put one right. `document`: the wrong one's. */
type Pair = { key: string; parts: Tracked[]; reversal: Tracked | null; document: string | null; acceptedAt: number }

type PutRightDeps = {
  findings: Findings
  receipts: Receipts
  contents: ContentCheck
  kkt: () => KktCheck
  mayForget: () => boolean
  /** Of the tills' settings. */
  newestVersion: () => number
}

const documentOf = ({ fn, fd }: Numbers) => `${fn}:${fd}`
export const partKey = (key: string, part: 1 | 2) => `${key}§${part}`
const PART = /^(.*)§([12])$/

/** Checks that wrong receipts are put right by whole pairs, each once. */
export class PutRightCheck {
  /** The first request under a key, and all that came with another number by mistake. */
  #asked = new Map<string, { all: [PutRight, ...PutRight[]]; sinceVersion: number }>()
  #pairs: Pair[] = []

  constructor(private readonly deps: PutRightDeps) {}

  /** A till has a receipt put right. */
  asks(key: string, wanted: PutRight): void {
    const before = this.#asked.get(key)
    if (before) before.all.push(wanted)
    else this.#asked.set(key, { all: [wanted], sinceVersion: this.deps.newestVersion() })
  }

  wantedOf = (key: string): PutRight | undefined => this.#asked.get(key)?.all[0]

  /** The pair that a key has made, as long as one of its receipts is kept. */
  pairOf(key: string): Pair | undefined {
    const pair = this.#pairs.findLast((one) => one.key === key)
    return pair?.parts.some(({ prunedAt }) => prunedAt === null) ? pair : undefined
  }

  /** A receipt is in the journal. Says what its content has to be where it belongs to a pair. */
  accepted(receipt: Tracked, commit: number): void {
    const [, key = '', part] = PART.exec(receipt.key) ?? []
    const asked = this.#asked.get(key)
    if (part === undefined || !asked) return
    const { all, sinceVersion } = asked
    const [wanted] = all
    const reasons = all.flatMap((one) => this.#reasons(one))
    const isReversal = wanted.wrong !== null && part === '1'
    const bodies = reasons.flatMap(({ because, wrong }) =>
      isReversal
        ? wrong
          ? [reversalOf(wrong, because)]
          : []
        : wanted.right
          ? [correcting(wanted.right, because)]
          : [],
    )
    if (bodies.length > 0) this.deps.contents.expects(receipt.key, { bodies, sinceVersion })
    if (part === '1') this.#begins(receipt, { key, wanted, commit })
    else this.#pairs.findLast((pair) => pair.key === key)?.parts.push(receipt)
  }

  #begins(receipt: Tracked, { key, wanted, commit }: { key: string; wanted: PutRight; commit: number }): void {
    const numbers = this.#numbersOf(wanted)
    const document = numbers && documentOf(numbers)
    const reversal = wanted.wrong === null ? null : receipt
    this.#pairs.push({ key, parts: [receipt], reversal, document, acceptedAt: commit })
  }

  /** All of a commit has happened. */
  committed(commit: number): void {
    const { findings } = this.deps
    for (const pair of this.#pairs.filter(({ acceptedAt }) => acceptedAt === commit)) {
      const { wrong, right } = this.wantedOf(pair.key) ?? { wrong: null, right: null }
      const parts = (wrong === null ? 0 : 1) + (right === null ? 0 : 1)
      findings.count('put right', `journaled as ${parts} ${wrong === null ? 'of nothing' : ''}`.trim())
      if (pair.parts.length !== parts)
        findings.violated('invariant 1', `${pair.key} is journaled with ${pair.parts.length} receipts of ${parts}`)
      const others = this.#undoings(pair.document).filter((one) => one !== pair && one.reversal?.refusedAt !== commit)
      if (others.length > 0) findings.violated('put right', `${pair.key} undoes what ${others[0]?.key} has undone`)
    }
  }

  /** Whether a receipt was taken back, or is to be. */
  isUndone(id: string): boolean {
    const signed = this.deps.kkt().fdOf.has(id) ? this.deps.kkt().signedOf(id) : null
    return signed !== null && this.#undoings(documentOf(signed)).length > 0
  }

  /** Whether an answer may say that a receipt was put right already. */
  wasUndone(wanted: PutRight, sinceCommit: number): boolean {
    const numbers = this.#numbersOf(wanted)
    const document = numbers && documentOf(numbers)
    return this.#pairs.some(
      (pair) =>
        pair.document !== null && pair.document === document && (pair.reversal?.refusedAt ?? Infinity) > sinceCommit,
    )
  }

  /** Each pair has come to its end: whole, or as far as the KKT has not refused it for good. */
  compare(): void {
    const { findings, kkt } = this.deps
    for (const { key, parts } of this.#pairs) {
      const places = parts.map(({ id }) => kkt().placeOf(id)).filter(Number.isFinite)
      const [first, second] = places
      const made = places.length
      findings.count('put right', made === parts.length ? 'whole' : made === 0 ? 'refused' : 'half done')
      // One that was handed to an FN which was replaced waits for an operator, and the other one does not.
      const isInOrder = first === undefined || second === undefined || first < second
      if (!isInOrder && !parts.some(({ wasUntold }) => wasUntold))
        findings.violated('put right', `${key} says what is right before it takes back`)
    }
  }

  #undoings(document: string | null): Pair[] {
    const isForgotten = ({ parts }: Pair) => this.deps.mayForget() && parts.every(({ prunedAt }) => prunedAt !== null)
    return this.#pairs.filter(
      (pair) =>
        document !== null && pair.document === document && pair.reversal?.refusedAt === null && !isForgotten(pair),
    )
  }

  #numbersOf({ wrong }: PutRight): Numbers | null {
    if (wrong === null) return null
    return 'numbers' in wrong ? wrong.numbers : this.deps.kkt().signedOf(wrong.id)
  }

  /** The wrong receipt in each form that it may have, and why it is put right. */
  #reasons(wanted: PutRight): { wrong: Parameters<typeof reversalOf>[0] | null; because: Because }[] {
    const { wrong, type, number } = wanted
    const because = (date: string, corrects: Numbers | null): Because => ({
      correction: { type, date, ...(number === null ? {} : { number }) },
      corrects,
    })
    if (wrong === null) return [{ wrong: null, because: because(wanted.date ?? '', null) }]
    if ('numbers' in wrong) return [{ wrong: wrong.receipt, because: because(wanted.date ?? '', wrong.numbers) }]
    const receipt = this.deps.receipts.find(wrong.id)
    const signed = this.deps.kkt().signedOf(wrong.id)
    if (!receipt || !signed) return []
    const { fn, fd, fpd, day, taxationSystem } = signed
    return this.deps.contents.possible(receipt).map((content) => ({
      wrong: { ...content, pos_id: receipt.posId, taxation_system: content.taxation_system ?? taxationSystem },
      because: because(wanted.date ?? content.correction?.date ?? day, { fn, fd, fpd }),
    }))
  }
}
