import { type Conditions, conditionFault } from './conditions.ts'

export const paperOut = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'paper_out',
    summary:
      'The paper is out: the next document is in the FN and not on paper, and the one after it ends with error 44 until there is paper.',
    condition: { paper_out: true },
  })
