import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { countLines, parseLcov, percent, sumOf, toLcov } from './lcov.ts'
import { missingLines, table } from './report.ts'
import { coverageOfSources, neverRun, shippedSources } from './sources.ts'

const root = resolve(import.meta.dir, '../../..')

const LCOV = 'TN:\nSF:a.ts\nFNF:2\nDA:1,3\nDA:2,0\nLF:2\nLH:1\nend_of_record\nTN:\nSF:b.ts\nDA:7,1\nend_of_record\n'

test('lines are read from lcov and written to it as they were', () => {
  const coverage = parseLcov(LCOV)
  expect([...coverage.keys()]).toEqual(['a.ts', 'b.ts'])
  expect([...(coverage.get('a.ts') ?? [])]).toEqual([
    [1, 3],
    [2, 0],
  ])
  expect(toLcov(coverage)).toContain('SF:a.ts\nDA:1,3\nDA:2,0\nLF:2\nLH:1\nend_of_record\n')
  expect(parseLcov(toLcov(coverage))).toEqual(coverage)
})

test('only a file whose every line was run is at 100 percent', () => {
  expect(percent({ covered: 99_999, total: 100_000 })).toBe(99.99)
  expect(percent({ covered: 0, total: 0 })).toBe(100)
  expect(percent(sumOf([...parseLcov(LCOV).values()].map(countLines)))).toBe(66.66)
})

test('tests, testing kits and declarations do not count; a file that no test imports does, at nothing', () => {
  const sources = shippedSources(root)
  expect(sources).toContain('services/kkt_adapter/src/main.ts')
  expect(sources.filter((path) => /\.test\.|testing|\.d\.ts/.test(path))).toEqual([])
  const coverage = coverageOfSources(root, new Map([['services/fault_kit/testing.ts', new Map([[1, 1]])]]))
  expect(coverage.has('services/fault_kit/testing.ts')).toBe(false)
  expect(countLines(coverage.get('services/kkt_adapter/src/main.ts') ?? new Map())).toMatchObject({ covered: 0 })
  expect(percent(sumOf([...coverage.values()].map(countLines)))).toBe(0)
})

test('what is not code is no line that could have been run', () => {
  const source = '// why\n\n/**\n * what\n */\nexport const a = [\n  1, // one\n]\n'
  expect([...neverRun(source).keys()]).toEqual([6, 7])
  expect(neverRun('export type Shape = {\n  sides: number\n}\n').size).toBe(0)
})

test('lines not run are told as ranges over the lines that there are', () => {
  const hits = new Map([
    [1, 0],
    [2, 0],
    [5, 0],
    [6, 1],
    [9, 0],
  ])
  expect(missingLines(hits)).toBe('1-5,9')
  expect(table(new Map([['a.ts', hits]]))).toContain('All files   20.00  1 of 5 lines')
})
