import { expect, test } from 'bun:test'
import { type Happening, type Live, NOTHING_KNOWN, reduce, SHOWN_CALLS } from './state.ts'
import { call } from './testing.ts'
import type { Call } from './wire.ts'

const came = (number: number, change: Partial<Call> = {}): Happening => ({ kind: 'call', call: call(number, change) })
const after = (...happenings: Happening[]): Live => happenings.reduce(reduce, NOTHING_KNOWN)
const numbers = ({ calls }: Live) => calls?.map(({ number }) => number)

test('calls are unknown until they are read, and then the newest come first', () => {
  expect(after({ kind: 'opened' }, { kind: 'reading' }, came(3)).calls).toBeNull()
  const live = after({ kind: 'opened' }, { kind: 'reading' }, { kind: 'calls', calls: [call(1), call(2)] }, came(3))
  expect([numbers(live), live.listedTo]).toEqual([[3, 2, 1], 2])
})

test('a call that ends keeps its place, and a list that was read before its end does not undo that', () => {
  const underWay = call(1, { under_way: true, status: null })
  const live = after({ kind: 'reading' }, came(1), { kind: 'calls', calls: [underWay, call(2)] })
  expect(live.calls).toEqual([call(2), call(1)])
})

test('calls that came while the list was being read are shown, and once', () => {
  const live = after({ kind: 'reading' }, came(2), came(3), { kind: 'calls', calls: [call(1), call(2)] })
  expect(numbers(live)).toEqual([3, 2, 1])
})

test('a reset forgets the calls, and a list of the time before brings none back', () => {
  const list: Happening = { kind: 'calls', calls: [call(1)] }
  expect(numbers(after({ kind: 'reading' }, list, { kind: 'reset' }))).toEqual([])
  expect(numbers(after({ kind: 'reading' }, { kind: 'reset' }, list))).toEqual([])
  expect(numbers(after({ kind: 'reset' }, { kind: 'reading' }, list))).toEqual([1])
})

test('no more calls are kept than are shown', () => {
  const many = Array.from({ length: 3 * SHOWN_CALLS }, (_, i) => came(i + 1))
  const reading = after({ kind: 'reading' }, ...many)
  expect(reading.cameMeanwhile).toHaveLength(SHOWN_CALLS)
  const listed = reduce(reading, { kind: 'calls', calls: [] })
  expect([listed.calls?.length, listed.calls?.[0]?.number]).toEqual([SHOWN_CALLS, 3 * SHOWN_CALLS])
  expect(reduce(listed, came(5000)).calls).toHaveLength(SHOWN_CALLS)
})

test('whatever may change the counters is news, and an action’s outcome is not', () => {
  const config: Happening = { kind: 'config', configuration: {}, nowMs: 1 }
  for (const event of [{ kind: 'opened' }, config, came(1), { kind: 'reset' }] satisfies Happening[])
    expect(after(event).news).toBe(1)
  const said = after({ kind: 'said', text: 'hang is on', isWrong: false }, { kind: 'lost' })
  expect([said.news, said.said.text, said.connection]).toEqual([0, 'hang is on', 'lost'])
})
