import { type Conditions, conditionFault } from './conditions.ts'

export const coverOpen = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'cover_open',
    summary: 'The cover is open: no document is made, and tasks end with error 45.',
    condition: { cover_open: true },
  })
