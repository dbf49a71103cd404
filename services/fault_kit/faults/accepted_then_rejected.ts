import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const acceptedThenRejected = defineFault({
  name: 'accepted_then_rejected',
  summary: 'It is accepted, and rejected after `seconds`: the look-up and the ledger say `rejected` from then on.',
  example: { seconds: 1, times: 1 },
  stage: 'before_effect',
  operation: 'submit',
  parameters: { seconds: seconds('how long after').default(0) },
  begin: (parameters) => () => ({ kind: 'take', how: { rejectedAfterMs: parameters.seconds * 1000 } }),
})
