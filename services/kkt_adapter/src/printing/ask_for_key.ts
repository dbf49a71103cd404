import type { FencingToken } from '../domain/fencing_token.ts'
import type { ToPrint } from '../journal/print_queries.ts'
import { type LookupDeps, lookUpKey } from './key_lookup.ts'
import type { PrintOutcome } from './record_outcome.ts'
import type { Unlawful } from './unlawful.ts'

export type AskForKeyDeps = LookupDeps & { unlawful: Unlawful }

/** Asks the KKT whether it has printed a receipt for a lost journal, by the key. */
export function createAskForKey(deps: AskForKeyDeps) {
  /** @returns null for a receipt that it has not printed, and may be handed */
  return async (receipt: ToPrint, token: FencingToken): Promise<PrintOutcome | null> => {
    const known = await lookUpKey({ key: receipt.key, posId: receipt.content.posId }, token, deps)
    if (known.kind === 'found') return { kind: 'known', found: known.receipt }
    if (known.kind !== 'absent') return known
    const reason = deps.unlawful(receipt)
    return reason === null ? null : { kind: 'refused', isLasting: true, reason }
  }
}
