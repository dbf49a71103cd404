import { namesOf } from '../domain/actor.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FnReceipt } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { ToPrint } from '../journal/print_queries.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { PrintOutcome } from './record_outcome.ts'
import type { Unlawful } from './unlawful.ts'

export type AskForKeyDeps = {
  journal: Pick<Journal, 'intake'>
  driver: Pick<KktDriver, 'lookupKey'>
  unlawful: Unlawful
}

/** Asks the KKT whether it has printed a receipt for a lost journal, by the key. */
export function createAskForKey({ journal, driver, unlawful }: AskForKeyDeps) {
  /** @returns null for a receipt that it has not printed, and may be handed */
  return async (receipt: ToPrint, token: FencingToken): Promise<PrintOutcome | null> => {
    for (const key of namesOf(receipt.key, journal.intake.keyOwners())) {
      const known = await driver.lookupKey(key, token)
      if (known.kind === 'found' && (key === receipt.key || isOfSameTill(known.receipt, receipt)))
        return { kind: 'known', found: known.receipt }
      if (known.kind !== 'absent' && known.kind !== 'found') return known
    }
    const reason = unlawful(receipt)
    return reason === null ? null : { kind: 'refused', isLasting: true, reason }
  }
}

/** Another till may have had the same key when keys were nobody's. A receipt of which nothing is known is not printed again. */
const isOfSameTill = ({ content }: FnReceipt, receipt: ToPrint): boolean =>
  content === null || content.posId === receipt.content.posId
