import type { FencingToken } from '../domain/fencing_token.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { Lease } from '../lease/lease.ts'
import type { OfdClient, OfdLookup, OfdOutcome } from './ofd_client.ts'

/** Twice the highest number of receipts that may be on the way at once (`SYNC_BATCH_SIZE`). */
const MAX_RECENT = 2000

/** Decides by the OFD's earlier answers whether a new one is credible. */
export type Belief = {
  /** A submission's outcome, or `unknown` when it is not credible. Call it as soon as the answer arrives. */
  ofSubmission(id: ReceiptId, outcome: OfdOutcome): OfdOutcome
  /**
   * Returns the outcome of a look-up, or `unknown` when it is not credible.
   * @param since the fencing token with which the delivery began
   * @throws LeaseLost, StorageFailure
   */
  ofLookup(id: ReceiptId, lookup: OfdLookup, since: FencingToken): Promise<OfdLookup>
}

export function createBelief({
  journal,
  ofd: { origin },
  lease,
}: {
  journal: Journal
  ofd: OfdClient
  lease: Lease
}): Belief {
  /** The receipts accepted last, by `ofd_id`. The journal may not have recorded them yet. */
  const recent = new Map<string, ReceiptId>()
  /** The OFD has answered a look-up. The journal may not have recorded it yet. */
  let hasAnswered = false

  function note(ofdId: string, id: ReceiptId): void {
    recent.delete(ofdId)
    recent.set(ofdId, id)
    const [oldest] = recent.keys()
    if (recent.size > MAX_RECENT && oldest !== undefined) recent.delete(oldest)
  }

  const isOfAnother = (ofdId: string, id: ReceiptId) =>
    (recent.get(ofdId) ?? id) !== id || journal.ofds.isOfAnother(ofdId, id)

  return {
    ofSubmission(id, outcome) {
      if (outcome.kind !== 'done') return outcome
      if (!outcome.isNamed && isOfAnother(outcome.ofdId, id)) {
        const reason = 'the OFD answered 200 with the ofd_id of another receipt, and named no receipt_id'
        return { kind: 'unknown', reason, isCutOff: true }
      }
      note(outcome.ofdId, id)
      return outcome
    },
    async ofLookup(id, lookup, since) {
      const { kind } = lookup
      const hasLookup = journal.ofds.hasLookup(origin)
      if (kind === 'unsupported' && (hasLookup || hasAnswered)) {
        return { kind: 'unknown', reason: `${lookup.reason}, in another form than before` }
      }
      // Commit this before acting on the answer: otherwise, after a crash, a proxy's 404 would pass for the OFD's.
      const isOwnWord = kind === 'found' || kind === 'absent' || kind === 'rejected'
      hasAnswered ||= isOwnWord
      if (isOwnWord && !hasLookup) await lease.write((tx) => tx.rememberLookup(origin), since)
      if (kind === 'found') note(lookup.ofdId, id)
      return lookup
    },
  }
}
