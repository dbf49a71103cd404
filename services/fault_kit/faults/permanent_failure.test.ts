import { expect, test } from 'bun:test'
import { PASS } from '../fault.ts'
import { permanentFailure } from './permanent_failure.ts'

const submit = { service: 'OFD', operation: 'submit', about: {}, reply: {} } as const
const lookup = { ...submit, operation: 'lookup' } as const
const down = { kind: 'answer', status: 503, body: { error: 'OFD unavailable' } } as const

test('is off at first', () => {
  const fault = permanentFailure.activate()
  expect(fault.current()).toBe(false)
  expect(fault.decide(submit)).toEqual(PASS)
})

test('takes submissions and look-ups down until it is set back', () => {
  const fault = permanentFailure.activate()
  fault.configure(true)
  for (const call of [submit, lookup, submit]) expect(fault.decide(call)).toEqual(down)
  fault.configure(false)
  for (const call of [submit, lookup]) expect(fault.decide(call)).toEqual(PASS)
})

test('reset sets it back', () => {
  const fault = permanentFailure.activate()
  fault.configure(true)
  fault.reset()
  expect(fault.decide(submit)).toEqual(PASS)
})

test('takes a boolean only', () => {
  for (const config of [1, 'true', null, {}]) expect(permanentFailure.config.safeParse(config).success).toBe(false)
})
