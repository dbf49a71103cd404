import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const acceptedThenRejected = defineFault({
  name: 'accepted_then_rejected',
  summary:
    'The receipt is accepted, and rejected after `seconds`: from then on the look-up and the ledger say `rejected`.',
  example: { seconds: 1, times: 1 },
  stage: 'before_effect',
  operation: 'submit',
  parameters: { seconds: seconds('the time until the rejection').default(0) },
  begin: (parameters) => () => ({ kind: 'take', how: { rejectedAfterMs: parameters.seconds * 1000 } }),
})
