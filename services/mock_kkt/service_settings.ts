import { z } from 'zod'
import type { RequestJournal } from './journal/requests.ts'

/** Linux takes no longer one. */
const MAX_PATH_LENGTH = 4096
const DAYS_30_IN_MINUTES = 43_200

/** The settings of the service, which its clients read and write. Of these only the last three change what it does. */
export const serviceSettings = z.looseObject({
  scriptsPath: z
    .string()
    .max(MAX_PATH_LENGTH)
    .default('')
    .meta({ description: 'The folder of scripts. Kept, and not used' }),
  invertCashDrawerStatus: z.boolean().default(false).meta({ description: 'Kept, and not used' }),
  additionalHeaderLines: z.unknown().default('').meta({ description: 'Lines above each receipt. Kept, and not used' }),
  additionalFooterLines: z.unknown().default('').meta({ description: 'Lines below each receipt. Kept, and not used' }),
  blockQueueOnPrintErrors: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether the queue stands still while a document is not on paper' }),
  deleteRequestsAfter: z
    .int()
    .min(1)
    .default(DAYS_30_IN_MINUTES)
    .meta({ description: 'The minutes after which results are deleted' }),
  validateRequestsOnAdd: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether a task is checked before it is taken, with 420 for a wrong one' }),
})
export type ServiceSettings = z.output<typeof serviceSettings>

const NAME = 'settings'

export function createServiceSettings(journal: Pick<RequestJournal, 'readValue' | 'keepValue'>) {
  let current = serviceSettings.parse(journal.readValue(NAME) ?? {})
  return {
    now: (): ServiceSettings => current,
    keep(settings: ServiceSettings): ServiceSettings {
      current = settings
      journal.keepValue(NAME, current)
      return current
    },
  }
}
