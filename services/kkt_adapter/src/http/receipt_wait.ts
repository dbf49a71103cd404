import type { Language } from '@kkt/platform/language.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { decimal } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { Journal } from '../journal/journal.ts'
import type { ReceiptWaits } from '../live/receipt_waits.ts'
import { adapterProblem } from './adapter_problems.ts'
import { seenReceipt } from './callers.ts'
import { receiptAnswer, toWireReceipt } from './receipt_answers.ts'
import type { WarningDeps } from './warnings.ts'

/** Shorter than the time limits of most proxies and clients. */
const MAX_WAIT_SECONDS = 60
const USUAL_WAIT_MS = 10_000

/** `?wait=synced&timeout=10` */
export const waitQuery = z
  .strictObject({
    wait: z
      .enum(STATUSES)
      .optional()
      .meta({ description: 'Answer once the receipt is, or was, in this state. Without it the answer comes at once' }),
    timeout: decimal({ min: 0, max: MAX_WAIT_SECONDS })
      .transform((seconds) => Math.round(seconds * 1000))
      .optional()
      .meta({
        description: `The longest wait, in seconds. ${USUAL_WAIT_MS / 1000} unless it is said. Only beside \`wait\``,
      }),
  })
  .refine(({ wait, timeout }) => wait !== undefined || timeout === undefined, {
    path: ['timeout'],
    message: 'takes wait beside it',
  })
  .transform(({ wait, timeout }) => ({ wanted: wait ?? null, timeoutMs: timeout ?? USUAL_WAIT_MS }))

/** A problem with the receipt as it stands. */
export const standingProblem = problemDocument.extend({
  receipt: receiptAnswer.meta({ description: 'The receipt as it is now' }),
})

export type WaitDeps = {
  journal: Journal
  driver: WarningDeps['driver']
  rules: Pick<WarningDeps, 'dateAt'>
  waits: ReceiptWaits
  isStopping: () => boolean
}

/**
 * @param by the client. `gone`: aborted when it has left
 * @returns the receipt, once it is or was in the wanted status
 * @throws Problem, StorageFailure
 */
export async function receiptOnceIn(
  { id, wanted, timeoutMs }: { id: ReceiptId; wanted: Status; timeoutMs: number },
  { caller, language, gone }: { caller: Caller; language: Language; gone: AbortSignal },
  { journal, driver, rules, waits, isStopping }: WaitDeps,
): Promise<Receipt> {
  if (isStopping()) throw adapterProblem.shuttingDown()
  seenReceipt(journal, id, caller)
  const ended = caller.kind === 'holder' ? caller.holder.ended : null
  const over = ended === null ? gone : AbortSignal.any([gone, ended])
  const outcome = await (waits.until({ id, wanted, timeoutMs }, over) ?? 'too_many')
  if (ended?.aborted) throw adapterProblem.tokenUnknown()
  if (outcome === 'too_many') throw adapterProblem.tooManyWaits()
  if (outcome === 'stopping') throw adapterProblem.shuttingDown()
  const receipt = seenReceipt(journal, id, caller)
  if (outcome === 'reached') return receipt
  const standing = toWireReceipt(receipt, { driver, journal, dateAt: rules.dateAt }, language)
  if (outcome === 'out_of_reach') throw adapterProblem.outOfReach(standing, wanted)
  throw adapterProblem.waitTimedOut(standing, wanted, outcome === 'left' ? null : timeoutMs)
}
