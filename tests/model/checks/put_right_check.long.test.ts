import { describe, expect, test } from 'bun:test'
import { Conductor } from '../commands/carry_out.ts'
import { createRig } from '../world/rig.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'
import { checkLiveness } from './liveness.ts'
import { type PutRight, partKey } from './put_right_check.ts'

const rig = createRig()
const ELSEWHERE = { fn: '9999078900000961', fd: 71, fpd: '1494325660' }

/** A world in which a receipt was sold and put right, and another one was sold. */
async function putRight() {
  const world = createWorld(rig, SIMPLEST, false)
  const { nodes, time, receipts, findings } = world
  for (const node of nodes) node.start()
  await time.rest()
  const conductor = new Conductor(world)
  const sell = { do: 'sell', node: 0, till: 0, count: 1, seed: 0 } as const
  await conductor.carryOut(sell)
  await conductor.carryOut({ do: 'wait', ms: 1000 })
  await conductor.carryOut({ do: 'put_right', node: 0, till: 0, back: 0, by: 'id', right: 0 })
  await conductor.carryOut({ do: 'wait', ms: 2000 })
  await conductor.carryOut(sell)
  await conductor.carryOut({ do: 'wait', ms: 2000 })
  const wrong = receipts.ofKey('receipt-1')
  const other = receipts.ofKey('receipt-2')
  if (!wrong || !other) throw new Error('two receipts were sold')
  const violated = () => findings.violations.map(({ invariant }) => invariant)
  return { world, conductor, wrong, other, violated }
}

const WANTED: PutRight = { wrong: null, right: null, type: 'self', number: null, date: '2026-01-15' }

test('a receipt that was put right and refunded as it should be has no violations', async () => {
  const { world, conductor, violated } = await putRight()
  await conductor.carryOut({ do: 'refund', node: 0, till: 0, back: 0, by: 'id', how: 'two_at_once' })
  await checkLiveness(world)
  expect(violated()).toEqual([])
  expect(world.findings.counts.get('put right\twhole')).toBe(1)
  expect(world.findings.counts.get('answers\t409 refund_exceeds')).toBe(1)
})

describe('the check of what puts right finds', () => {
  test('a pair that is journaled in part', async () => {
    const { world, wrong, violated } = await putRight()
    const { receipts, putRights } = world
    const right = { ...SALE, pos_id: wrong.posId }
    putRights.asks('half', { ...WANTED, wrong: { numbers: ELSEWHERE, receipt: right }, right })
    putRights.accepted(receipts.accept('half', partKey('half', 1), wrong.posId), 9999)
    putRights.committed(9999)
    expect(violated()).toEqual(['invariant 1'])
  })

  test('a document that is undone twice', async () => {
    const { world, wrong, violated } = await putRight()
    const { receipts, putRights } = world
    putRights.asks('again', { ...WANTED, wrong: { id: wrong.id } })
    putRights.accepted(receipts.accept('again', partKey('again', 1), wrong.posId), 9999)
    putRights.committed(9999)
    expect(violated()).toEqual(['put right'])
  })

  test('an answer that denies a receipt, its document or its being wrong, and that is not so', async () => {
    const { world, other, violated } = await putRight()
    const { answers, putRights, putRightAnswers } = world
    for (const [i, code] of ['receipt_not_found', 'no_fiscal_document', 'already_corrected', 'kkt_refused'].entries()) {
      const status = [404, 409, 409, 502][i] ?? 0
      putRights.asks(code, { ...WANTED, wrong: { id: other.id } })
      const answer = { status, headers: new Headers(), text: JSON.stringify({ code }) }
      putRightAnswers.answered(answers.ask(code, 0), answer)
    }
    expect(violated()).toEqual(['answers', 'answers', 'answers', 'answers'])
  })
})

describe('the check of refunds finds', () => {
  test('one beyond what is left, and one of a receipt that was put right', async () => {
    const { world, wrong, other, violated } = await putRight()
    const { receipts, refunds } = world
    for (const [n, { id, posId }] of [other, wrong].entries()) {
      refunds.asks(`refund-${n}`, { originalId: id, kopecks: 1_000_000 })
      refunds.accepted(receipts.accept(`refund-${n}`, `refund-${n}`, posId), 9999)
      refunds.committed(9999)
    }
    expect(violated()).toEqual(['refunds', 'refunds'])
  })

  test('one that is turned away although enough is left, and one without the warning of an unknown original', async () => {
    const { world, other, violated } = await putRight()
    const { answers, receipts, refunds } = world
    refunds.asks('refund', { originalId: other.id, kopecks: 1 })
    const answer = { status: 409, headers: new Headers(), text: '{"code":"refund_exceeds"}' }
    answers.answered(answers.ask('refund', 0), answer)
    refunds.asks('unknown', { originalId: null, kopecks: 1 })
    refunds.accepted(receipts.accept('unknown', 'unknown', other.posId), 9999)
    refunds.told('unknown', [])
    expect(violated()).toEqual(['refunds', 'refunds'])
  })
})

const SALE = {
  type: 'sale' as const,
  items: [{ name: 'Frame', price: 1, quantity: 1, total: 1, vat_rate: 22 }],
  payments: [{ type: 'cash' as const, amount: 1 }],
}
