import { defineFault } from '../fault.ts'
import { tooManyRequests as refusal, retryAfter, withRetryAfter } from '../replies.ts'

export const tooManyRequests = defineFault({
  name: 'too_many_requests',
  summary: '429 with `Retry-After`, and nothing is taken.',
  example: { retry_after: 2, times: 3 },
  stage: 'arrival',
  operation: 'any',
  parameters: { retry_after: retryAfter },
  begin:
    ({ retry_after }) =>
    () =>
      withRetryAfter(refusal, retry_after),
})
