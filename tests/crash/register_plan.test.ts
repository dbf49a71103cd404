import { expect, test } from 'bun:test'
import { seededRandom } from '@kkt/platform/testing.ts'
import { REGISTER_POINTS } from './points.ts'
import { EVERY_REGISTER_POINT, planRegisterKills } from './register_plan.ts'

const plan = (kills: number, seed = 1) => planRegisterKills(kills, seededRandom(seed))

test('the first kills are at every point, and each deed is done while a receipt is under way in each way', () => {
  const first = plan(EVERY_REGISTER_POINT)
  expect(new Set(first.flatMap(({ at }) => at ?? []))).toEqual(new Set(REGISTER_POINTS))
  const pairs = first.flatMap(({ register }, i) => {
    const before = first[i - 1]?.at
    return register.deed !== null && register.deedAfterMs === null && before ? [`${before}, ${register.deed}`] : []
  })
  for (const under of [
    'attempt.after_commit',
    'receipt_request.in_flight',
    'receipt_request.after_reply',
    'result.after_reply',
  ])
    for (const deed of ['kill', 'lose_queue', 'delete_results', 'swap_fn', 'swap_and_forget'])
      expect(pairs).toContain(`${under}, ${deed}`)
})

test('further kills are at points and at instants, while each fault and each deed comes up', () => {
  const further = plan(2000).slice(EVERY_REGISTER_POINT)
  expect(further).toHaveLength(2000 - EVERY_REGISTER_POINT)
  const faults = new Set(further.flatMap(({ register }) => Object.keys(register.faults)))
  for (const fault of [
    'reset_before_effect',
    'reset_after_effect',
    'blocked',
    'task_error',
    'paper_out',
    'request_unknown',
    'wrong_schema',
  ])
    expect(faults).toContain(fault)
  const deeds = further.filter(({ register }) => register.deedAfterMs !== null).map(({ register }) => register.deed)
  for (const deed of ['kill', 'lose_queue', 'delete_results', 'swap_fn', 'cancel'] as const)
    expect(deeds).toContain(deed)
  expect(further.filter(({ at }) => at === null).length).toBeGreaterThan(100)
})

test('a short run has points and chance by turns', () => {
  const short = plan(40)
  expect(short.some(({ register }) => Object.keys(register.faults).length > 0)).toBe(true)
  expect(short.filter(({ at }) => at !== null).length).toBeGreaterThan(10)
})

test('the same seed gives the same plan, and another seed another plan', () => {
  expect(plan(300, 7)).toEqual(plan(300, 7))
  expect(plan(300, 7)).not.toEqual(plan(300, 8))
})
