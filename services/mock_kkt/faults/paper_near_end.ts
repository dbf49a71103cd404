import { type Conditions, conditionFault } from './conditions.ts'

export const paperNearEnd = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'paper_near_end',
    summary: 'The paper is near its end, and documents are still printed.',
    condition: { paper_near_end: true },
  })
