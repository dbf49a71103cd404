import { defineFault } from '@kkt/fault-kit/fault.ts'
import { wholeNumber } from '@kkt/fault-kit/fields.ts'
import type { Conditions } from './conditions.ts'

/** The FN signs nothing from 30 days on. */
const MAX_DAYS = 60

export const unsent = (conditions: Conditions) =>
  defineFault({
    name: 'unsent',
    summary:
      'Documents that the OFD has not confirmed count as older by `days`: from 30 on, documents end with error 140. While documents are handed to the OFD, have that fail, too, so that some stay unsent.',
    example: { days: 31 },
    stage: 'arrival',
    operation: 'any',
    takes: 'parameters',
    bareNumber: 'days',
    parameters: { days: wholeNumber('how much older', { min: 1, max: MAX_DAYS }) },
    begin: ({ days }, { whenOver, struck }) => {
      whenOver(conditions.hold({ unsent_for_days: days }))
      struck()
      return () => undefined
    },
  })
