/** A wrong receipt is put right: the whole stack holds both corrections, and the OFD finds nothing wrong with them. */
import { expect, test } from 'bun:test'
import { adapter } from '../harness/clients.ts'
import { item, newKey, newPosId, receipt } from '../harness/receipts.ts'
import { deliveredOf, onHealedStack, whenSynced } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()

test('the OFD gets the wrong receipt, its reversal and the right one in this order, each once', async () => {
  const pos_id = newPosId('correction')
  const wrong = receipt({ pos_id })
  const right = receipt({ pos_id, items: [item({ price: 990 })] })
  const { receipt_id, fiscal_doc: doc } = await adapter.print(wrong)
  const [wanted, key] = [{ wrong: { receipt_id }, right, type: 'self' }, newKey()]
  const made = await adapter.putRight(wanted, key)
  expect(await adapter.putRight(wanted, key)).toMatchObject({ correction_id: made.correction_id })
  expect(made.status).toBe('printed')
  const ids = [receipt_id, made.reversal?.receipt_id ?? '', made.right?.receipt_id ?? '']
  for (const id of ids) await whenSynced(id)
  const ledger = await deliveredOf(pos_id)
  expect(ledger.map((entry) => entry.receipt_id)).toEqual(ids)
  // A document has a place for the sign alone (1192), which is all that a register tells of it.
  const original = deliversByKkt
    ? doc.fiscal_sign
    : { fn: doc.fn_number, fd: doc.fiscal_doc_number, fpd: doc.fiscal_sign }
  const [sold, reversal, righted] = ledger.map(({ document: { type, total, ...words } }) => ({
    type,
    total,
    original: words.corrects ?? words.attribute,
  }))
  expect(sold).toEqual({ type: 'sale', total: 1250, original: undefined })
  expect(reversal).toEqual({ type: 'refund', total: 1250, original })
  expect(righted).toEqual({ type: 'sale', total: 990, original })
})
