import { type Actor, ownedKey } from '../domain/actor.ts'
import type { FilledIn } from '../domain/filled_in.ts'
import type { FnReceipt } from '../domain/receipt.ts'
import type { NewReceipt } from '../journal/intake.ts'
import type { Fiscalizer } from '../printing/fiscalize.ts'
import { filledInBehind } from '../printing/record_outcome.ts'
import { adapterProblem } from './adapter_problems.ts'

type AskingDeps = { fiscalizer: Pick<Fiscalizer, 'findKey'>; printTimeoutMs: number }

/**
 * The receipt that the KKT has printed for this key, for a journal that was lost; null where it has printed none.
 * @throws Problem where the KKT does not answer
 */
export async function printedFor(
  { key, content }: Pick<NewReceipt, 'key' | 'content'>,
  { owner }: Actor,
  { fiscalizer, printTimeoutMs }: AskingDeps,
): Promise<FnReceipt | null> {
  const name = owner === null ? key : ownedKey(owner, key)
  const held = await fiscalizer.findKey({ key: name, posId: content.posId }, printTimeoutMs)
  if (held.kind === 'absent') return null
  if (held.kind !== 'found') throw adapterProblem.keyUndecided()
  return held.receipt
}

/**
 * A journal that was lost has lost the originals of refunds, too, and the KKT may have printed this refund for it.
 * @returns what was filled in then; null where the KKT has not printed it
 * @throws Problem where the KKT does not answer, or has printed another body for this key
 */
export async function heldByKkt(sale: NewReceipt, actor: Actor, deps: AskingDeps): Promise<FilledIn | null> {
  const receipt = await printedFor(sale, actor, deps)
  if (receipt === null) return null
  const { content } = sale
  const { id, content: printed } = receipt
  const filledIn = printed && filledInBehind(content, printed)
  // Without a rate it is not of these words. A KKT that does not tell what it printed tells no rate, either.
  if (filledIn === null || filledIn === undefined) throw adapterProblem.keyReused(id)
  return filledIn
}
