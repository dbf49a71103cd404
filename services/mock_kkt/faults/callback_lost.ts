import { defineFault } from '@kkt/fault-kit/fault.ts'

export const callbackLost = defineFault({
  name: 'callback_lost',
  summary: 'The results of a request are not posted to its `resultUrl`. A look-up tells them.',
  example: 1,
  stage: 'callback',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'silence' }),
})
