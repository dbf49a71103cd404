import type { Logger } from '@kkt/platform/logger.ts'
import { type FencingToken, isToken } from '../domain/fencing_token.ts'
import type { JournalLease } from '../lease/journal_lease.ts'

export type Overtake = (newest: FencingToken) => Promise<'blocked'>

/** The journal gives the KKT to this process, so it takes a token that the KKT accepts. */
export const createOvertake =
  ({ lease, logger }: { lease: Pick<JournalLease, 'raise'>; logger: Logger }): Overtake =>
  async (newest) => {
    logger.warn('kkt_token_outdated', { newest })
    // A token above `MAX_TOKEN` cannot be adopted: the OFD would have to get it too, for good.
    if (isToken(newest)) await lease.raise(newest + 1)
    return 'blocked'
  }
