import { type Conditions, conditionFault } from './conditions.ts'

export const fnFull = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'fn_full',
    summary: 'The FN takes no more documents: they end with error 121.',
    condition: { fn_full: true },
  })
