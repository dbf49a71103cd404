import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { planted } from './copy.ts'
import { catcherOf } from './mutant.ts'
import { MUTANTS } from './mutants.ts'

const root = resolve(import.meta.dir, '../..')

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('"%s" can be planted', (_name, mutant) => {
  expect(planted(root, mutant)).toContain(mutant.replace)
  expect(existsSync(join(root, catcherOf(mutant)))).toBe(true)
})

test('every invariant has a bug that breaks it, and the names of the bugs are different', () => {
  const broken = MUTANTS.flatMap(({ breaks }) => breaks.match(/\d+/g) ?? []).map(Number)
  expect([...new Set(broken)].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14])
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
})

test('a place that does not occur exactly once is an error', () => {
  const [mutant] = MUTANTS
  if (!mutant) throw new Error('There are no mutants')
  for (const find of ['there is no such thing', '\n']) {
    expect(() => planted(root, { ...mutant, find })).toThrow(/and it takes one/)
  }
})
