import { defineFault } from '../fault.ts'

export const deduplicate = defineFault({
  name: 'deduplicate',
  summary:
    'If false, a receipt that is sent again is taken again under a new `ofd_id`; otherwise it gets its first answer.',
  example: false,
  stage: 'before_effect',
  operation: 'submit',
  takes: 'switch',
  switchedOnBy: false,
  switchedOffBy: true,
  parameters: {},
  begin: () => () => ({ kind: 'take', how: { again: true } }),
})
