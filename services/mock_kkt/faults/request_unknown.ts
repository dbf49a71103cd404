import { defineFault } from '@kkt/fault-kit/fault.ts'
import { notFound } from '../wire/errors.ts'

export const requestUnknown = defineFault({
  name: 'request_unknown',
  summary: 'A look-up of a request that is there gets 404, and the request is done all the same.',
  example: 2,
  stage: 'before_effect',
  operation: 'lookup',
  parameters: {},
  begin:
    () =>
    ({ receiptId, isKnown }) =>
      receiptId !== null && isKnown() ? { kind: 'answer', status: 404, body: notFound(receiptId).toBody() } : undefined,
})
