import { describe, expect, test } from 'bun:test'
import { type Fault, PASS, type Verdict } from '../fault.ts'
import { effectThenCut } from './effect_then_cut.ts'
import { effectThenError } from './effect_then_error.ts'
import { effectThenSilence } from './effect_then_silence.ts'

const reply = { status: 'accepted', ofd_id: 'OFD-000001' }
const submit = { service: 'OFD', operation: 'submit', about: {}, reply } as const

describe.each<[Fault, Verdict]>([
  [effectThenSilence, { kind: 'silence' }],
  [effectThenCut, { kind: 'cut', body: reply }],
  [effectThenError, { kind: 'answer', status: 500, body: { error: 'OFD failed after taking it' } }],
])('$name', (definition, verdict) => {
  test('meets so many submissions, and no look-up', () => {
    const fault = definition.activate()
    expect(fault.decide(submit)).toEqual(PASS)
    fault.configure(2)
    const outcomes = [submit, { ...submit, operation: 'lookup' } as const, submit, submit].map(fault.decide)
    expect(outcomes).toEqual([verdict, PASS, verdict, PASS])
    expect(fault.current()).toBe(0)
  })

  test('strikes when the effect has taken place, and keeps out of health', () => {
    expect(definition).toMatchObject({ stage: 'after_effect', inHealth: false })
  })
})
