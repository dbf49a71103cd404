import type { Clock } from '@kkt/platform/clock.ts'
import { namesOf } from '../domain/actor.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { KktKeyLookup } from '../domain/kkt_outcome.ts'
import type { FnReceipt, IdempotencyKey } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'

/** A till's key, as the journal and the KKT name it. */
export type KeyOfTill = { key: IdempotencyKey; posId: string }

type LookupDeps = { journal: Journal; driver: Pick<KktDriver, 'lookupKey'> }

/** Asks the KKT which receipt it made for a key, under each name that the key may have had. One that keeps no keys knows none. */
export async function lookUpKey(
  { key, posId }: KeyOfTill,
  token: FencingToken,
  { journal, driver }: LookupDeps,
): Promise<KktKeyLookup> {
  if (driver.lookupKey === null) return { kind: 'absent' }
  for (const name of namesOf(key, journal.intake.keyOwners())) {
    const known = await driver.lookupKey(name, token)
    if (known.kind === 'found' && name !== key && !isOfTill(known.receipt, posId)) continue
    if (known.kind !== 'absent') return known
  }
  return { kind: 'absent' }
}

/** Another till may have had the same key when keys were nobody's. A receipt of which nothing is known is not printed again. */
const isOfTill = ({ content }: FnReceipt, posId: string): boolean => content === null || content.posId === posId

type Question = KeyOfTill & { answer: (lookup: KktKeyLookup) => void }

/** Questions for keys that only the KKT may know. It is asked between receipts, because it does one thing at a time. */
export class KeyQuestions {
  readonly #open = new Set<Question>()

  constructor(private readonly deps: LookupDeps & { clock: Clock; stopping: AbortSignal }) {}

  /** Resolves as `unknown` where the KKT has not answered after `timeoutMs`, or at a stop. */
  async ask(receipt: KeyOfTill, timeoutMs: number): Promise<KktKeyLookup> {
    const { journal, driver, clock, stopping } = this.deps
    if (driver.lookupKey === null || !journal.fiscalMemories.mayKnowKeys()) return { kind: 'absent' }
    const { promise, resolve } = Promise.withResolvers<KktKeyLookup>()
    const question = { ...receipt, answer: resolve }
    this.#open.add(question)
    const answered = new AbortController()
    const timeUp = clock
      .wait(timeoutMs, AbortSignal.any([stopping, answered.signal]))
      .then((): KktKeyLookup => ({ kind: 'unknown', reason: 'The KKT was not asked in time' }))
    try {
      return await Promise.race([promise, timeUp])
    } finally {
      answered.abort()
      this.#open.delete(question)
    }
  }

  /** Has the KKT answer the first open question. @returns null without one */
  async answerNext(token: FencingToken): Promise<KktKeyLookup | null> {
    const [question] = this.#open
    if (question === undefined) return null
    const mayKnow = this.deps.journal.fiscalMemories.mayKnowMore()
    const lookup: KktKeyLookup = mayKnow ? await lookUpKey(question, token, this.deps) : { kind: 'absent' }
    this.#open.delete(question)
    question.answer(lookup)
    return lookup
  }
}
