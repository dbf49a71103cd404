import { describe, expect, test } from 'bun:test'
import { Conductor } from '../commands/carry_out.ts'
import { smallSale } from '../commands/tills.ts'
import { createRig } from '../world/rig.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'
import { ContentCheck } from './content_check.ts'

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

  test('finds a wrong receipt in the journal', async () => {
    const { check, violated } = await sold()
    check.journaled('wrong-1')
    expect(violated()).toEqual(['invariant 10'])
  })
})

test('a wrong receipt that is answered as if it were right is found', async () => {
  const { world, violated } = await sold()
  const told = { status: 200, headers: new Headers(), text: '{}' }
  world.answers.answeredWrong('wrong-1', 'invalid_body', told)
  world.answers.answeredWrong('wrong-1', 'invalid_body', { ...told, status: 503, text: '{"code":"kkt_unfit"}' })
  expect(violated()).toEqual(['invariant 10', 'invariant 10'])
  world.answers.answeredWrong('wrong-1', 'vat_rate_refused', { ...told, status: 503, text: '{"code":"kkt_unfit"}' })
  world.answers.answeredWrong('wrong-1', 'invalid_body', { ...told, status: 422, text: '{"code":"invalid_body"}' })
  expect(violated()).toHaveLength(2)
})

test('another warning at a replay is found', async () => {
  const { world, receipt, violated } = await sold()
  const { answers } = world
  const told = (code: string) => ({
    status: 200,
    headers: new Headers({ 'idempotency-replayed': 'true' }),
    text: JSON.stringify({
      status: 'buffered',
      receipt_id: receipt.id,
      fiscal_doc: null,
      paper: 'none',
      message: '',
      warnings: [{ code, message: 'Mend it.' }],
    }),
  })
  answers.told.delete(receipt.key)
  for (const code of ['no_cashier', 'no_cashier']) answers.answered(answers.ask(receipt.key, 0), told(code))
  expect(violated()).toEqual([])
  answers.answered(answers.ask(receipt.key, 0), told('vat_rate_ended'))
  expect(violated()).toEqual(['invariant 2'])
})

test('a sign above 32 bits is found in a document of any kind', async () => {
  const { world, violated } = await sold()
  const insert = (doc: string) =>
    `INSERT INTO documents (fd_number, kind, at_ms, shift_number, doc)
     SELECT max(fd_number) + 1, 'shift_closing', 0, 1, '${doc}' FROM documents`
  rig.kktDisk.db.exec(insert('{"fiscalSign":"4294967295"}'))
  world.kkt.committed()
  expect(violated()).toEqual([])
  rig.kktDisk.db.exec(insert('{"fiscalSign":"4294967296"}'))
  world.kkt.committed()
  expect(violated()).toEqual(['FN'])
})
