import { expect, test } from 'bun:test'
import { stolenNote, ticksIn } from './stolen.ts'

test('what the host took is the eighth column of all processors’ line', () => {
  const text = 'cpu  100 1 50 800 9 0 20 20 7 7\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n'
  expect(ticksIn(text)).toEqual({ all: 1000, stolen: 20 })
})

test('it is told where it is worth it', () => {
  const before = { all: 1000, stolen: 10 }
  expect(stolenNote(before, { all: 2000, stolen: 250 })).toEqual(['the host took 24 % of the processors meanwhile'])
  expect(stolenNote(before, { all: 2000, stolen: 29 })).toEqual([])
  expect(stolenNote(before, before)).toEqual([])
  expect(stolenNote(null, null)).toEqual([])
})
