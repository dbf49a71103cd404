import { type Conditions, conditionFault } from './conditions.ts'

export const fnBroken = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'fn_broken',
    summary: 'The FN is out of order: documents end with error 118.',
    condition: { fn_broken: true },
  })
