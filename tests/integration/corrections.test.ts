/** A wrong receipt is put right: the whole stack holds both corrections, and the OFD finds nothing wrong with them. */
import { expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { item, newKey, newPosId, receipt } from '../harness/receipts.ts'
import { onHealedStack, whenSynced } from '../harness/stack_state.ts'

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
  const ledger = await ofd.ledger({ pos_id })
  expect(ledger.map((entry) => entry.receipt_id)).toEqual(ids)
  const corrects = { fn: doc.fn_number, fd: doc.fiscal_doc_number, fpd: doc.fiscal_sign }
  expect(ledger.map(({ document }) => [document.type, document.total, document.corrects])).toEqual([
    ['sale', 1250, undefined],
    ['refund', 1250, corrects],
    ['sale', 990, corrects],
  ])
})
