import { defineFault } from '../fault.ts'
import { flag, wholeNumber } from '../fields.ts'

const PAGE = '<!doctype html><title>Not found</title><h1>There is no such page</h1>'

export const lookupNotRouted = defineFault({
  name: 'lookup_not_routed',
  summary:
    'A look-up never reaches the service: a proxy answers it with a page of HTML, or a gateway with its own JSON.',
  example: { status: 405, json: true, times: 2 },
  stage: 'before_effect',
  operation: 'lookup',
  parameters: {
    status: wholeNumber('the answer', { min: 400, max: 599 }).default(404),
    json: flag('whether it is JSON').default(false),
  },
  begin:
    ({ status, json }) =>
    () =>
      json
        ? { kind: 'answer', status, body: { message: 'no route matched with those values' } }
        : { kind: 'answer', status, body: PAGE, headers: { 'content-type': 'text/html' } },
})
