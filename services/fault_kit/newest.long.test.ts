import { expect, test } from 'bun:test'
import { createNewest } from './newest.ts'

function named(...names: string[]) {
  const newest = createNewest<number>(3)
  for (const [i, name] of names.entries()) newest.set(name, i)
  return newest
}

test('of what was named the newest is kept, oldest first', () => {
  expect(named().all()).toEqual([])
  expect(named('a', 'b', 'c').all().flat()).toEqual(['a', 0, 'b', 1, 'c', 2])
  expect(named('a', 'b', 'c', 'd', 'e').all().flat()).toEqual(['c', 2, 'd', 3, 'e', 4])
  expect(named('a', 'b', 'c', 'd').get('a')).toBeUndefined()
})

test('what is named again is changed, and is as old as it was', () => {
  const newest = named('a', 'b', 'c', 'a')
  expect(newest.get('a')).toBe(3)
  newest.set('d', 4)
  expect(newest.all().map(([name]) => name)).toEqual(['b', 'c', 'd'])
})

test('a dropped entry may come again', () => {
  expect(named('a', 'b', 'c', 'd', 'a', 'e').all().flat()).toEqual(['d', 3, 'a', 4, 'e', 5])
})

test('it goes on so for long', () => {
  const names = Array.from({ length: 10_000 }, (_, i) => String(i))
  expect(
    named(...names)
      .all()
      .map(([name]) => name),
  ).toEqual(names.slice(-3))
})
