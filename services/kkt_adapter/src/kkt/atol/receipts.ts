import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { Cashier } from '../../domain/customer.ts'
import type { FencingToken } from '../../domain/fencing_token.ts'
import type { KktLookup, KktOutcome, ToFiscalize } from '../../domain/kkt_outcome.ts'
import type { Receipt, ReceiptContent, ReceiptId } from '../../domain/receipt.ts'
import type { Attempt, Attempts } from '../attempts.ts'
import { cannotInWords, refusalBy } from './capabilities.ts'
import type { Here } from './facts.ts'
import { mayHaveDocument } from './may_be_done.ts'
import { absent, neverAsked, refused, unknown } from './outcomes.ts'
import type { Register } from './register.ts'
import { MARKING_LIMIT_MS, RECEIPT_LIMIT_MS, type Requests, requestUuid } from './requests.ts'
import { secretsOf } from './secrets.ts'
import { createReceiptSettling, type SettledReceipt, type SoughtReceipt } from './settle_receipt.ts'
import { taskOfReceipt } from './task_of_receipt.ts'

export type WorkDeps = {
  requests: Requests
  register: Register
  attempts: Attempts
  /** A receipt of the journal. Null: it holds none of this id. */
  receipt: (id: ReceiptId) => Pick<Receipt, 'content' | 'fiscalDoc'> | null
  /** The fiscal sign of a receipt of ours. Null: it is not known. */
  signOf: (receiptId: string) => string | null
  /** Signs the tasks that name no cashier. */
  cashier: () => Cashier | null
  clock: Clock
  logger: Logger
  stopping: AbortSignal
}

/** `begin` journals the next attempt. */
type Making = { here: Here; begin: () => Promise<Attempt>; mayRepeat: boolean }

/** Has receipts made, and finds out what came of it. */
export function createReceipts(deps: WorkDeps) {
  const { requests, register, attempts } = deps
  const settle = createReceiptSettling(deps)

  async function settleEarlier(sought: SoughtReceipt): Promise<SettledReceipt> {
    const uuid = requestUuid(sought.id, sought.attempt.number)
    return await settle(await requests.follow(uuid, limitFor(sought.content)), sought)
  }

  /** @returns the outcome that an earlier attempt leaves; null where the receipt may be asked for again */
  async function outcomeBy(earlier: Attempt, settled: SettledReceipt, id: ReceiptId): Promise<KktOutcome | null> {
    if (settled.kind === 'found' || settled.kind === 'unknown') return outcomeOf(settled)
    if (settled.kind === 'untellable' && !earlier.isToldNotMade) return unknown(settled.reason)
    if (settled.kind === 'not_made' && settled.isLasting) return refused(settled.reason, true)
    if (settled.kind !== 'gone' || settled.fnNumber === earlier.fnNumber) return null
    // It was for an FN that was replaced, and a service that has it after all would do it in this one.
    const kept = await requests.drop(requestUuid(id, earlier.number))
    return kept === null ? null : unknown(kept)
  }

  /** Makes the document. An error after which the register is in order again is repeated once. */
  async function make(sought: SoughtReceipt, { here, begin, mayRepeat }: Making): Promise<KktOutcome> {
    const { id, content, attempt } = sought
    const task = taskOfReceipt(id, content, { registered: here.registered, signOf: deps.signOf })
    const end = await requests.run(requestUuid(id, attempt.number), task, {
      limitMs: limitFor(content),
      mayBeDone: () => mayHaveDocument(register, attempt),
      secrets: secretsOf(content),
    })
    if (end.kind === 'not_taken') return refused(end.reason, end.isLasting)
    const settled = await settle(end, sought)
    if (settled.kind !== 'not_made') return outcomeOf(settled)
    if (!settled.mayRepeat || !mayRepeat) return refused(settled.reason, settled.isLasting)
    return await make({ id, content, attempt: await begin() }, { here, begin, mayRepeat: false })
  }

  return {
    /** @throws LeaseLost, StorageFailure */
    async fiscalize({ id, content }: ToFiscalize, token: FencingToken): Promise<KktOutcome> {
      const here = await register.here()
      if (here.kind === 'silent') return refused(here.reason)
      const { fnNumber, lastFdNumber, registered } = here
      const begin = () => attempts.begin(id, { fnNumber, lastFdNumber }, token)
      const earlier = attempts.latest(id)
      const settled = earlier && (await settleEarlier({ id, content, attempt: earlier }))
      const outcome = earlier && settled && (await outcomeBy(earlier, settled, id))
      if (outcome !== null) return outcome
      const refusal = refusalBy(registered, content)
      if (refusal !== null) return refused(cannotInWords(refusal), true)
      // A request that nobody knows may still come. Under its own uuid it is not done twice.
      const isOpen = settled?.kind === 'gone' && settled.fnNumber === earlier?.fnNumber
      const attempt = earlier !== null && isOpen ? earlier : await begin()
      return await make({ id, content, attempt }, { here, begin, mayRepeat: true })
    },
    /** @throws StorageFailure */
    async lookup(id: ReceiptId): Promise<KktLookup> {
      const attempt = attempts.latest(id)
      if (attempt === null) return await neverAsked(register)
      const content = deps.receipt(id)?.content
      if (content === undefined) return unknown('the journal does not hold this receipt')
      const settled = await settleEarlier({ id, content, attempt })
      if (settled.kind === 'gone') return absent(settled.fnNumber)
      if (settled.kind === 'not_made') return absent(attempt.fnNumber)
      // Another FN than that of the attempt tells of no document that may be it.
      return settled.kind === 'untellable' ? { ...settled, fnNumber: attempt.fnNumber } : settled
    },
  }
}

type Outcome = Exclude<SettledReceipt, { kind: 'not_made' }>

/** A request that the service took a moment ago, and does not know now, is not sent again before it is looked up. */
function outcomeOf(settled: Outcome): KktOutcome {
  if (settled.kind === 'found') return { ...settled, kind: 'done' }
  if (settled.kind === 'unknown') return settled
  if (settled.kind === 'untellable') return unknown(settled.reason)
  return unknown('the service of the KKT took it, and knows nothing of it now')
}

const limitFor = ({ items }: ReceiptContent): number =>
  RECEIPT_LIMIT_MS + MARKING_LIMIT_MS * items.filter(({ markingCode }) => markingCode !== undefined).length
