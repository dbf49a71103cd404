import { expect, test } from 'bun:test'
import { Conductor } from '../commands/carry_out.ts'
import { createRig } from '../world/rig.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'

const rig = createRig()

/** A world in which a till was told of its receipt's document. */
async function sold() {
  const world = createWorld(rig, SIMPLEST, false)
  const { nodes, time, receipts, findings } = world
  for (const node of nodes) node.start()
  await time.rest()
  const conductor = new Conductor(world)
  await conductor.carryOut({ do: 'sell', node: 0, till: 0, count: 1, seed: 0 })
  await conductor.carryOut({ do: 'wait', ms: 1000 })
  const [receipt] = receipts.all.values()
  if (!receipt) throw new Error('a receipt was sold')
  const violated = () => findings.violations.map(({ invariant }) => invariant)
  const buffered = (...codes: string[]) => ({
    status: 200,
    headers: new Headers({ 'idempotency-replayed': 'true' }),
    text: JSON.stringify({
      status: 'buffered',
      receipt_id: receipt.id,
      fiscal_doc: null,
      paper: 'none',
      message: '',
      warnings: codes.map((code) => ({ code, message: 'Mend it.' })),
    }),
  })
  return { world, conductor, key: receipt.key, violated, buffered }
}

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

test('paper that is said to be missing of a receipt without a document is found', async () => {
  const { world, key, violated, buffered } = await sold()
  const { answers } = world
  answers.told.delete(key)
  const answer = buffered()
  answers.answered(answers.ask(key, 0), { ...answer, text: answer.text.replace('"none"', '"missing"') })
  expect(violated()).toEqual(['answers'])
})

test('a receipt that is answered as printed while its FN says that it is not on paper is found', async () => {
  const { world, conductor, violated } = await sold()
  world.kkt.isOnPaper = () => false
  await conductor.carryOut({ do: 'repeat', node: 0, back: 0 })
  expect(violated()).toEqual(['answers'])
})

test('another warning at a replay is found', async () => {
  const { world, key, violated, buffered } = await sold()
  const { answers } = world
  answers.told.delete(key)
  for (const code of ['no_cashier', 'no_cashier']) answers.answered(answers.ask(key, 0), buffered(code))
  expect(violated()).toEqual([])
  answers.answered(answers.ask(key, 0), buffered('vat_rate_ended'))
  expect(violated()).toEqual(['invariant 2'])
})

test('a printed receipt that is answered without its document is found, and an answer that was late on its way is none', async () => {
  const { world, conductor, key, violated, buffered } = await sold()
  const { answers } = world
  answers.told.delete(key)
  const earlier = answers.ask(key, 0)
  await conductor.carryOut({ do: 'repeat', node: 0, back: 0 })
  expect(answers.told.get(key)?.outcome).toEqual({ what: 'document 3', turn: expect.any(Number) })
  answers.answered(earlier, buffered())
  expect(violated()).toEqual([])
  answers.answered(answers.ask(key, 0), buffered())
  expect(violated()).toEqual(['invariant 2'])
})

test('a shift that was opened for the receipt is told with its document, and not before', async () => {
  const { world, conductor, key, violated, buffered } = await sold()
  const { answers } = world
  answers.told.delete(key)
  answers.answered(answers.ask(key, 0), buffered())
  await conductor.carryOut({ do: 'repeat', node: 0, back: 0 })
  expect(answers.told.get(key)?.isOpening).toBe(true)
  expect(violated()).toEqual([])
})

test('a warning of an opening that was another task, and one that goes away, are found', async () => {
  const { world, conductor, key, violated } = await sold()
  const { answers, kkt } = world
  const { openedFor } = kkt
  const [id = ''] = openedFor
  openedFor.clear()
  await conductor.carryOut({ do: 'repeat', node: 0, back: 0 })
  expect(violated()).toEqual(['answers'])
  openedFor.add(id)
  const told = answers.told.get(key)
  if (told) told.isOpening = false
  await conductor.carryOut({ do: 'repeat', node: 0, back: 0 })
  expect(violated()).toEqual(['answers', 'invariant 2'])
})
