/** The OFD takes a receipt, and its answer is lost. A blind second submission would be taken twice. */
import { expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { expectGrowing } from '../harness/fiscal_doc.ts'
import { limits } from '../harness/limits.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { deliveredFds, onHealedStack, whenSynced } from '../harness/stack_state.ts'
import { FAULTY_OFD_PACE } from '../harness/suite_pace.ts'

onHealedStack(FAULTY_OFD_PACE)

/** More than the tills, so that at least one loses two in a row. Also enough to open the stack's breaker. */
const LOST = 4
const RECEIPTS_OF_EACH = 3

const lostAnswers = ['effect_then_silence', 'effect_then_cut', 'effect_then_error'] as const

test.each(lostAnswers)(
  'invariant 4: %s at an OFD that does not deduplicate leaves each receipt there once',
  async (fault) => {
    await ofd.configure({ deduplicate: false, [fault]: LOST })
    const posIds = [newPosId('lost'), newPosId('lost'), newPosId('lost')]
    const posts = posIds.flatMap((pos_id) =>
      Array.from({ length: RECEIPTS_OF_EACH }, () => adapter.print(receipt({ pos_id }))),
    )
    const ids = (await Promise.all(posts)).map(({ receipt_id }) => receipt_id)
    // Each lost answer costs a whole time limit of the OFD, and the breaker may open for each.
    for (const id of ids) await whenSynced(id, LOST * (limits.probedMs + limits.deliveredMs))

    expect(await ofd.configure({})).not.toHaveProperty(fault)
    expect((await ofd.calls({ fault })).map(({ effect }) => effect)).toEqual(Array(LOST).fill(true))
    expect((await ofd.ledger()).map(({ receipt_id }) => receipt_id).toSorted()).toEqual(ids.toSorted())
    for (const posId of posIds) expectGrowing(await deliveredFds(posId))
    expect(await ofd.health()).toMatchObject({ call_count: ids.length, duplicates: 0, out_of_order: 0 })
  },
)
