import { defineFault } from '../fault.ts'

export const deduplicate = defineFault({
  name: 'deduplicate',
  summary:
    'With false, a receipt that comes again is taken again under an id of its own; otherwise it gets the answer with its first id.',
  example: false,
  stage: 'before_effect',
  operation: 'submit',
  takes: 'switch',
  switchedOnBy: false,
  parameters: {},
  begin: () => () => ({ kind: 'take', how: { again: true } }),
})
