import { describe, expect, test } from 'bun:test'
import type { Body } from '../../harness/wire_content.ts'
import { Conductor } from '../commands/carry_out.ts'
import { smallSale } from '../commands/tills.ts'
import { createRig } from '../world/rig.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'
import { ContentCheck } from './content_check.ts'
import type { Tracked } from './tracked.ts'

const rig = createRig()

/** A world in which a receipt was delivered, its document, and a check that has not seen the document yet. */
async function sold() {
  const world = createWorld(rig, SIMPLEST, false)
  const { nodes, time, receipts, findings, tills, delivery } = world
  for (const node of nodes) node.start()
  await time.rest()
  const conductor = new Conductor(world)
  await conductor.carryOut({ do: 'sell', node: 0, till: 0, count: 1, seed: 0 })
  await conductor.carryOut({ do: 'wait', ms: 1000 })
  const [receipt] = receipts.all.values()
  const [taken] = delivery.ledger
  if (!receipt || !taken) throw new Error('a receipt was delivered')
  const check = new ContentCheck({ findings, receipts, versions: tills.versions })
  check.sends(receipt.key, smallSale(receipt.posId, receipt.key, 1))
  const violated = () => findings.violations.map(({ invariant }) => invariant)
  return { world, conductor, check, receipt, sent: JSON.parse(taken.document), violated }
}

describe('the check of contents', () => {
  test('finds nothing in the document that the adapter sends, and in what it shows', async () => {
    const { check, receipt, sent, violated } = await sold()
    check.taken(receipt, JSON.stringify(sent))
    check.shown(receipt, JSON.stringify(sent))
    expect(violated()).toEqual([])
  })

  test.each<[what: string, change: (sent: ReturnType<typeof JSON.parse>) => unknown, violations: string[]]>([
    ['another name', (sent) => (sent.items[0].name = 'Other'), ['content']],
    ['no cashier', (sent) => delete sent.cashier, ['content']],
    ['the settings of another version', (sent) => (sent.cashier.name = 'Иванова А. А., 1'), ['content']],
    ['a sign above 32 bits', (sent) => (sent.fiscal_doc.fiscal_sign = '4294967296'), ['judge', 'judge']],
    ['a wrong sum of VAT', (sent) => (sent.fiscal_doc.vat_sums[0].sum = 0.5), ['judge']],
    ['the change left on the cash', (sent) => (sent.fiscal_doc.payments[0].amount = 2), ['judge']],
  ])('finds %s at the OFD', async (_what, change, violations) => {
    const { check, receipt, sent, violated } = await sold()
    change(sent)
    check.taken(receipt, JSON.stringify(sent))
    expect(violated()).toEqual(violations)
  })

  test('finds a receipt that is shown otherwise than the OFD has it', async () => {
    const { conductor, check, receipt, sent, violated } = await sold()
    check.taken(receipt, JSON.stringify(sent))
    await conductor.carryOut({ do: 'settings' })
    check.shown(receipt, JSON.stringify({ ...sent, cashier: { name: 'Иванова А. А., 1' } }))
    expect(violated()).toEqual(['content', 'content'])
  })

  test('keeps what a refund took from its original, though the key of either is sold again', async () => {
    const { check, receipt } = await sold()
    const own = smallSale(receipt.posId, 'Очки', 1)
    const marked: Body = {
      ...own,
      items: own.items.map((item) => ({ ...item, payment_object: 'commodity_with_marking' })),
    }
    const [original, refund] = [
      { ...receipt, id: 'original', key: 'original' },
      { ...receipt, id: 'refund', key: 'refund' },
    ]
    check.sends('original', marked)
    check.sends('refund', own)
    check.takesFrom('refund', original)
    const subjects = (one: Tracked) => check.possible(one).map(({ items }) => items[0]?.payment_object)
    expect(subjects(refund)).toContain('commodity_without_marking')
    expect(subjects({ ...refund, id: 'another' })).not.toContain('commodity_without_marking')
  })

  test('finds a wrong receipt in the journal', async () => {
    const { check, violated } = await sold()
    check.journaled('wrong-1')
    expect(violated()).toEqual(['invariant 10'])
  })
})

test('a sign above 32 bits is found in a document of any kind', async () => {
  const { world, violated } = await sold()
  const insert = (doc: string) =>
    `INSERT INTO documents (fd_number, kind, at_ms, shift_number, doc)
     SELECT max(fd_number) + 1, 'registration', 0, 1, '${doc}' FROM documents`
  rig.kktDisk.db.exec(insert('{"fiscalSign":"4294967295"}'))
  world.kkt.committed()
  expect(violated()).toEqual([])
  rig.kktDisk.db.exec(insert('{"fiscalSign":"4294967296"}'))
  world.kkt.committed()
  expect(violated()).toEqual(['FN'])
})
