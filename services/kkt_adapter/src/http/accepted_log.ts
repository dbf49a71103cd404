import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'

type Deps = { journal: Pick<Journal, 'onCommit'>; logger: Pick<Logger, 'info' | 'together'> }

/** Has the log tell of each receipt of a commit, before its till is answered. */
export function logAccepted({ journal, logger }: Deps): void {
  journal.onCommit(({ logged }) =>
    logger.together(() => {
      for (const { kind, from, receiptIds, who } of logged) {
        if (kind !== 'receipt' || from !== null) continue
        for (const id of receiptIds) logger.info('receipt_accepted', { receipt_id: id, by: who })
      }
    }),
  )
}
