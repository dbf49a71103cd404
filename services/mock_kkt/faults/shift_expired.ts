import { type Conditions, conditionFault } from './conditions.ts'

export const shiftExpired = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'shift_expired',
    summary: 'The shift counts as open for more than 24 hours: receipts end with error 68 until it is closed.',
    condition: { shift_expired: true },
  })
