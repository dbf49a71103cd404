import { defineFault } from '../fault.ts'
import { flag, wholeNumber } from '../fields.ts'

const PAGE = '<!doctype html><title>Not found</title><h1>There is no such page</h1>'

export const lookupNotRouted = defineFault({
  name: 'lookup_not_routed',
  summary:
    'A look-up does not get to the service: a proxy answers in its place, with a page of HTML, or a gateway, with JSON of its own.',
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
