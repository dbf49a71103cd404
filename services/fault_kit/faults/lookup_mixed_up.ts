import { defineFault } from '../fault.ts'
import { flag } from '../fields.ts'

/** No receipt's: its time is 1970. */
const OF_NONE = '00000000-0000-7000-8000-000000000000'

export const lookupMixedUp = defineFault({
  name: 'lookup_mixed_up',
  summary:
    'A look-up gets the answer of another, as from a cache in between: 200 with another receipt of the ledger; or, with `found` false, 404 with the id of no receipt, for one that is there.',
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
      // To say it of a receipt that is not there either would do no harm.
      if (reply.status !== 200) return undefined
      return { kind: 'answer', status: 404, body: { status: 'not_found', receipt_id: OF_NONE } }
    },
})
