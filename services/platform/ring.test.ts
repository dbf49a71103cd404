import { expect, test } from 'bun:test'
import { createRing } from './ring.ts'

function filled(count: number) {
  const ring = createRing<number>(3)
  for (let i = 1; i <= count; i += 1) ring.add(i)
  return ring
}

test.each([
  [0, []],
  [2, [1, 2]],
  [3, [1, 2, 3]],
  [4, [2, 3, 4]],
  [8, [6, 7, 8]],
])('of %d the newest are kept, oldest first, and all are counted', (count, kept) => {
  const ring = filled(count)
  expect([ring.all(), ring.total()]).toEqual([kept, count])
})

test('one is found by its ordinal for as long as it is kept', () => {
  const ring = filled(8)
  expect([0, 5, 6, 7, 8, 9].map(ring.at)).toEqual([undefined, undefined, 6, 7, 8, undefined])
  ring.fill([1, 2], 100)
  ring.add(3)
  expect([98, 99, 100, 101].map(ring.at)).toEqual([undefined, 1, 2, 3])
})

test('filled with what was kept elsewhere, it goes on from there', () => {
  const ring = filled(8)
  ring.fill([1, 2, 3], 100)
  ring.add(4)
  expect([ring.all(), ring.total()]).toEqual([[2, 3, 4], 101])
})
