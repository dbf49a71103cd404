import { describe, expect, test } from 'bun:test'
import { fieldAt, fieldsOf, initialTexts, isAboutWhen, valuesOf } from './fields.ts'
import { itemsOf, off, on, planInWords, plansOf } from './plan.ts'
import type { Fault } from './wire.ts'

const delay: Fault = {
  name: 'delay',
  summary: 'Late.',
  operation: 'submit',
  bare_number: 'seconds',
  parameters: {
    properties: {
      seconds: { type: 'number' },
      effect: { type: 'boolean' },
      times: { type: 'integer' },
      match: { type: 'object', properties: { pos_id: { type: 'string' }, attempt: { type: 'integer' } } },
    },
    required: ['seconds'],
  },
  example: { delay: { seconds: 0.5 } },
  off: 0,
}
const count: Fault = {
  ...delay,
  name: 'failure_count',
  bare_number: 'times',
  parameters: { properties: { times: {} } },
  example: { failure_count: 5 },
}
const switched = (example: boolean | string, off: boolean | string = !example): Fault => ({
  ...delay,
  name: 'deduplicate',
  bare_number: null,
  parameters: {},
  example: { deduplicate: example },
  off,
})

describe('a fault', () => {
  test.each([undefined, null, false, 0])('is off by %p', (value) => expect(plansOf(delay, value)).toEqual([]))

  test('is on by a plan, by several, and by a number', () => {
    expect(plansOf(delay, 2)).toEqual([2])
    expect(plansOf(delay, { seconds: 2 })).toEqual([{ seconds: 2 }])
    expect(plansOf(delay, [1, { seconds: 2 }])).toEqual([1, { seconds: 2 }])
  })

  test.each([true, false])('that is a switch is on by %p alone', (example) => {
    const fault = switched(example)
    expect([plansOf(fault, example), plansOf(fault, !example)]).toEqual([[example], []])
    expect([on(fault, {}), off(fault)]).toEqual([example, !example])
  })

  test('that is a switch may have words for its two sides', () => {
    const fault = switched('strict', 'report')
    expect([plansOf(fault, 'strict'), plansOf(fault, 'report')]).toEqual([['strict'], []])
    expect([on(fault, {}), off(fault)]).toEqual(['strict', 'report'])
  })

  test('is put on by what its form says', () => {
    expect(on(delay, { seconds: 1, times: 2 })).toEqual({ seconds: 1, times: 2 })
    expect([on(delay, {}), on(count, { times: 3 }), on(count, {})]).toEqual([true, 3, true])
  })
})

describe('a form', () => {
  const fields = fieldsOf(delay.parameters)

  test('has a field for each parameter, those of nested objects too', () => {
    expect(fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['seconds', true],
      ['effect', false],
      ['times', false],
      ['match.pos_id', false],
      ['match.attempt', false],
    ])
    expect(fields.filter(isAboutWhen).map(({ name }) => name)).toEqual(['match.pos_id', 'match.attempt'])
  })

  test('begins with the example', () => {
    expect([initialTexts(delay), initialTexts(count), initialTexts(switched(true))]).toEqual([
      { seconds: '0.5' },
      { times: '5' },
      {},
    ])
  })

  test('gives values of their types, and leaves out what is empty', () => {
    const texts = { seconds: '1.5', effect: 'false', times: '', 'match.pos_id': '007', 'match.attempt': '2' }
    expect(valuesOf(fields, texts)).toEqual({ seconds: 1.5, effect: false, match: { pos_id: '007', attempt: 2 } })
  })

  test('finds the field of an error', () => {
    expect([fieldAt('/delay/match/pos_id'), fieldAt('/delay')]).toEqual(['match.pos_id', ''])
  })
})

describe('in force', () => {
  test('a plan is told in words, with numbers rounded', () => {
    expect(planInWords(delay, 2)).toBe('seconds 2')
    expect(planInWords(delay, { seconds: 1 / 3, match: { pos_id: 'A' } })).toBe('seconds 0.333 · match.pos_id A')
    expect(planInWords(switched(true), true)).toBe('')
  })

  test('each plan is ended by itself, or with all of its name', () => {
    const whole = [{ seconds: 1 }, { seconds: 2 }]
    const items = itemsOf({ delay: whole, failure_count: 0 }, [delay, count])
    expect(items.map(({ without, off, whole }) => ({ without, off, whole }))).toEqual([
      { without: [{ seconds: 2 }], off: 0, whole },
      { without: [{ seconds: 1 }], off: 0, whole },
    ])
    expect(itemsOf({ delay: 3 }, [delay])[0]).toMatchObject({ without: 0, off: 0, whole: 3 })
  })

  test('the sequence and the seed are told, too', () => {
    const items = itemsOf({ sequence: [{ hang: 1 }, { hang: 2 }], seed: 7 }, [])
    expect(items.map(({ name, words, off }) => [name, words(0), off])).toEqual([
      ['sequence', '{"hang":1}, then 1 more', null],
      ['seed', '7', 0],
    ])
  })

  test('a time to live is counted down, and never below 0', () => {
    const [item] = itemsOf({ delay: { ttl: 1.5 } }, [delay])
    expect([0, 1, 9].map((elapsed) => item?.words(elapsed))).toEqual(['ttl 2', 'ttl 1', 'ttl 0'])
  })
})
