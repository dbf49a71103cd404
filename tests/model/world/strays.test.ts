import { describe, expect, test } from 'bun:test'
import type { OfdCall } from './ofd.ts'
import { sampleCall } from './sample_call.ts'
import { Strays } from './strays.ts'

/** How the second request takes a second answer to the first. */
function strayed(first: OfdCall, status: number, isNamed: boolean, second: OfdCall): 'right' | 'wrong' | 'none' {
  const strays = new Strays()
  strays.add(first, { status, text: '' }, isNamed)
  const taken = strays.takenFor(second)
  return taken === null ? 'none' : taken.isRight ? 'right' : 'wrong'
}

describe('a second answer is taken as the answer to the next request:', () => {
  test.each([
    ['an acceptance with its receipt’s id, by another receipt', 'POST', 200, true, 'POST', 'two', 'wrong'],
    ['an acceptance without an id, by another receipt', 'POST', 200, false, 'POST', 'two', 'wrong'],
    ['an acceptance with its id, by a look-up of the same receipt', 'POST', 200, true, 'GET', 'one', 'right'],
    ['an acceptance without an id, by a look-up of the same receipt', 'POST', 200, false, 'GET', 'one', 'wrong'],
    ['a refusal with its receipt’s id, by another receipt', 'POST', 422, true, 'POST', 'two', 'wrong'],
    ['a look-up’s answer, by the submission that follows it', 'GET', 404, true, 'POST', 'one', 'wrong'],
  ] as const)('%s', (_what, first, status, isNamed, second, receiptId, expected) => {
    expect(strayed(sampleCall(first, 'one'), status, isNamed, sampleCall(second, receiptId))).toBe(expected)
  })

  test.each([
    ['a refusal without an id', 'POST', 422, false, 'POST', 'two'],
    ['a refusal of the same receipt', 'POST', 422, true, 'POST', 'one'],
    ['a look-up’s answer, at the next look-up of the same receipt', 'GET', 404, true, 'GET', 'one'],
  ] as const)('but not where no sender could tell: %s', (_what, first, status, isNamed, second, receiptId) => {
    expect(strayed(sampleCall(first, 'one'), status, isNamed, sampleCall(second, receiptId))).toBe('none')
  })

  test('once, and by the same process only', () => {
    const strays = new Strays()
    strays.add(sampleCall('POST', 'one'), { status: 200, text: '' }, true)
    expect(strays.takenFor(sampleCall('POST', 'two', 'B'))).toBeNull()
    expect(strays.takenFor(sampleCall('POST', 'two'))).not.toBeNull()
    expect(strays.takenFor(sampleCall('POST', 'two'))).toBeNull()
  })

  test('and not where the request was given up, because its connection was closed', () => {
    const strays = new Strays()
    const first = { ...sampleCall('POST', 'one'), onCutOff: (then: () => void) => then() }
    strays.add(first, { status: 200, text: '' }, true)
    expect(strays.takenFor(sampleCall('POST', 'two'))).toBeNull()
  })
})
