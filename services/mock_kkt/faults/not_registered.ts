import { type Conditions, conditionFault } from './conditions.ts'

export const notRegistered = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'not_registered',
    summary: 'The register is not registered: documents end with error 89.',
    condition: { not_registered: true },
  })
