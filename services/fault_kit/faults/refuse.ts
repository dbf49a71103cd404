import { randomOf } from '@kkt/platform/random.ts'
import { defineFault } from '../fault.ts'
import { id, share, wholeNumber } from '../fields.ts'

export const refuse = defineFault({
  name: 'refuse',
  summary: 'Chosen receipts always get `status` and are not taken. A receipt must match all given fields.',
  example: { pos_id: 'POS-9', status: 422 },
  stage: 'before_effect',
  operation: 'submit',
  parameters: {
    status: wholeNumber('the answer', { min: 400, max: 599 }),
    pos_id: id('receipts of this till').optional(),
    receipt_id: id('this receipt').optional(),
    share: share('this share of all receipts, each of them always or never').optional(),
  },
  check: ({ pos_id, receipt_id, share, match }) =>
    [pos_id, receipt_id, share, match].every((given) => given === undefined)
      ? 'takes pos_id, receipt_id, share or match'
      : undefined,
  begin:
    ({ status, pos_id, receipt_id, share = 1 }, { seed }) =>
    (call) => {
      const isChosen =
        (pos_id === undefined || call.posId === pos_id) &&
        (receipt_id === undefined || call.receiptId === receipt_id) &&
        randomOf(seed, String(call.receiptId))() < share
      return isChosen ? { kind: 'answer', status, body: { error: 'Receipt refused' } } : undefined
    },
})
