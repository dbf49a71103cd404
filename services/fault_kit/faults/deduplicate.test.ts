import { expect, test } from 'bun:test'
import { PASS } from '../fault.ts'
import { deduplicate } from './deduplicate.ts'

const submit = { service: 'OFD', operation: 'submit', about: {}, reply: {} } as const

test('without it submissions are taken again, until it is set back', () => {
  const fault = deduplicate.activate()
  expect(fault.decide(submit)).toEqual(PASS)
  fault.configure(false)
  for (const _ of [1, 2]) expect(fault.decide(submit)).toEqual({ kind: 'take_again' })
  expect(fault.decide({ ...submit, operation: 'lookup' })).toEqual(PASS)
  fault.reset()
  expect(fault.decide(submit)).toEqual(PASS)
})

test('takes a boolean only', () => {
  for (const config of [0, 'false', null]) expect(deduplicate.config.safeParse(config).success).toBe(false)
})
