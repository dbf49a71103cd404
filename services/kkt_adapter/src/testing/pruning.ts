import { createLogger } from '@kkt/platform/logger.ts'
import { createPruner } from '../pruner.ts'
import { setUp } from './transitions.ts'

export const DAYS = 7
export const KEPT_DAYS = 400
export const DAY_MS = 86_400_000
export const HOUR_MS = 3_600_000

export function pruning() {
  const parts = setUp()
  const lines: string[] = []
  const logger = createLogger('test', 'info', (line) => lines.push(line))
  const pruner = createPruner({
    ...parts,
    logger,
    retentionDays: DAYS,
    refundsKeptDays: KEPT_DAYS,
    isHolder: () => true,
  })
  const logged = () => lines.map((line): { event: string; receipts?: number; events?: number } => JSON.parse(line))
  const kept = () => parts.journal.queries.counts().synced
  return { ...parts, pruner, logged, kept }
}
