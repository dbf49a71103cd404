import { expect, test } from 'bun:test'
import { PASS } from '../fault.ts'
import { failureCount } from './failure_count.ts'

const submit = { service: 'Odoo', operation: 'submit', about: {}, reply: {} } as const
const lookup = { ...submit, operation: 'lookup' } as const

test('so many submissions fail, then things work again', () => {
  const fault = failureCount.activate()
  fault.configure(2)
  const kinds = [1, 2, 3, 4].map(() => fault.decide(submit).kind)
  expect(kinds).toEqual(['answer', 'answer', 'pass', 'pass'])
})

test('fails as a service that is down', () => {
  const fault = failureCount.activate()
  fault.configure(1)
  expect(fault.decide(submit)).toEqual({ kind: 'answer', status: 503, body: { error: 'Odoo unavailable' } })
})

test('shows what remains', () => {
  const fault = failureCount.activate()
  fault.configure(2)
  expect(fault.current()).toBe(2)
  fault.decide(submit)
  expect(fault.current()).toBe(1)
  fault.decide(submit)
  fault.decide(submit)
  expect(fault.current()).toBe(0)
})

test('look-ups neither fail nor count', () => {
  const fault = failureCount.activate()
  fault.configure(1)
  expect(fault.decide(lookup)).toEqual(PASS)
  expect(fault.current()).toBe(1)
})

test('reset forgets what remains', () => {
  const fault = failureCount.activate()
  fault.configure(3)
  fault.reset()
  expect(fault.current()).toBe(0)
  expect(fault.decide(submit)).toEqual(PASS)
})

test('takes a whole number within its bound', () => {
  for (const config of [0, 1, 1_000_000]) expect(failureCount.config.safeParse(config).success).toBe(true)
  for (const config of [-1, 1.5, 1_000_001, '5', null, true]) {
    expect(failureCount.config.safeParse(config).success).toBe(false)
  }
})
