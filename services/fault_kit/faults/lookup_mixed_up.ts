import { defineFault } from '../fault.ts'
import { flag } from '../fields.ts'

/** An id that no receipt has: a UUIDv7 made in 1970. */
const OF_NONE = '00000000-0000-7000-8000-000000000000'

export const lookupMixedUp = defineFault({
  name: 'lookup_mixed_up',
  summary:
    'A look-up gets an answer about another receipt, as from a cache: 200 with one from the ledger. If `found` is false, look-ups of known receipts get 404 with the id of no receipt.',
  example: 2,
  stage: 'after_effect',
  operation: 'lookup',
  parameters: { found: flag('whether the other receipt is there').default(true) },
  begin:
    ({ found }) =>
    ({ reply, another }) => {
      if (found) {
        const body = another()
        return body && { kind: 'answer', status: 200, body }
      }
      // A receipt that is unknown gets a 404 anyway.
      if (reply.status !== 200) return undefined
      return { kind: 'answer', status: 404, body: { status: 'not_found', receipt_id: OF_NONE } }
    },
})
