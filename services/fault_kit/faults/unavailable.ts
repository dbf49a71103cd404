import { defineFault } from '../fault.ts'
import { unavailable as down, retryAfter, withRetryAfter } from '../replies.ts'

export const unavailable = defineFault({
  name: 'unavailable',
  summary: '503 with `Retry-After`, and nothing is taken.',
  example: { retry_after: 2, down: 10, up: 30 },
  stage: 'arrival',
  operation: 'any',
  parameters: { retry_after: retryAfter },
  begin:
    ({ retry_after }) =>
    (call) =>
      withRetryAfter(down(call), retry_after),
})
