import { type Conditions, conditionFault } from './conditions.ts'

export const fnExpired = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'fn_expired',
    summary: 'The keys of the FN have ended: documents end with error 120.',
    condition: { fn_expired: true },
  })
