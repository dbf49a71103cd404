import { expect, test } from 'bun:test'
import { PASS } from '../fault.ts'
import { effectDelay } from './effect_delay.ts'

const submit = { service: 'OFD', operation: 'submit', about: {}, reply: {} } as const

test('delays submissions by so many seconds until it is set back', () => {
  const fault = effectDelay.activate()
  expect(fault.decide(submit)).toEqual(PASS)
  fault.configure(0.25)
  for (const _ of [1, 2]) expect(fault.decide(submit)).toEqual({ kind: 'delay', ms: 250 })
  fault.reset()
  expect(fault.decide(submit)).toEqual(PASS)
})

test('leaves look-ups alone', () => {
  const fault = effectDelay.activate()
  fault.configure(1)
  expect(fault.decide({ ...submit, operation: 'lookup' })).toEqual(PASS)
})

test('takes seconds within its bound', () => {
  for (const config of [0, 0.5, 60]) expect(effectDelay.config.safeParse(config).success).toBe(true)
  for (const config of [-0.1, 60.1, '1', null, true]) expect(effectDelay.config.safeParse(config).success).toBe(false)
})
