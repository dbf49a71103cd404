import { expect, test } from 'bun:test'
import { PASS } from '../fault.ts'
import { refuse } from './refuse.ts'

const submit = (about: Record<string, unknown>) => ({ service: 'OFD', operation: 'submit', about, reply: {} }) as const
const receipt = { pos_id: 'POS-1', receipt_id: 'r-1' }

function kindsUnder(config: unknown) {
  const fault = refuse.activate()
  fault.configure(config)
  const others = [receipt, { ...receipt, pos_id: 'POS-2' }, { ...receipt, receipt_id: 'r-2' }]
  return others.map((about) => fault.decide(submit(about)).kind)
}

test('is off at first', () => {
  expect(refuse.activate().decide(submit(receipt))).toEqual(PASS)
})

test('refuses by the given status, as often as it is asked', () => {
  const fault = refuse.activate()
  fault.configure({ pos_id: 'POS-1', status: 422 })
  for (const _ of [1, 2]) {
    expect(fault.decide(submit(receipt))).toEqual({ kind: 'answer', status: 422, body: { error: 'Receipt refused' } })
  }
})

test('picks by till, by receipt, or by both at once', () => {
  expect(kindsUnder({ pos_id: 'POS-1', status: 400 })).toEqual(['answer', 'pass', 'answer'])
  expect(kindsUnder({ receipt_id: 'r-1', status: 400 })).toEqual(['answer', 'answer', 'pass'])
  expect(kindsUnder({ pos_id: 'POS-1', receipt_id: 'r-1', status: 400 })).toEqual(['answer', 'pass', 'pass'])
  expect(kindsUnder(null)).toEqual(['pass', 'pass', 'pass'])
})

test('leaves look-ups alone', () => {
  const fault = refuse.activate()
  fault.configure({ receipt_id: 'r-1', status: 400 })
  expect(fault.decide({ ...submit(receipt), operation: 'lookup' })).toEqual(PASS)
})

test('takes a status of the sender’s fault and at least one thing to match', () => {
  const match = { pos_id: 'POS-1' }
  for (const status of [400, 599]) expect(refuse.config.safeParse({ ...match, status }).success).toBe(true)
  for (const status of [399, 600, 422.5, '422', undefined]) {
    expect(refuse.config.safeParse({ ...match, status }).success).toBe(false)
  }
  const others = [{ status: 400 }, { pos_id: '', status: 400 }, { pos_id: 1, status: 400 }, true, 'POS-1']
  for (const config of others) expect(refuse.config.safeParse(config).success).toBe(false)
  expect(refuse.config.safeParse({ ...match, status: 400, kkt_id: 'K' }).success).toBe(false)
})
