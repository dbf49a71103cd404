import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { coverageOf, servicesOf } from './coverage.ts'

const record = (path: string, all: number, run: number) =>
  `TN:\nSF:${path}\nFNF:2\nDA:1,3\nLF:${all}\nLH:${run}\nend_of_record\n`
const SOURCES: Record<string, string> = {
  'a/main.ts': '// why\n\nexport const a = 1\nconsole.log(a)\n',
  'a/types.ts': 'export type Shape = {\n  sides: number\n}\n',
}
const read = (path: string) => SOURCES[path] ?? ''

test('tests and testing kits do not count, and a file that no test imports counts as not run', () => {
  const lcov = record('a/b.ts', 6, 5) + record('a/b.test.ts', 10, 10) + record('a/testing/kit.ts', 10, 10)
  const paths = ['a/b.ts', 'a/b.test.ts', 'a/testing.ts', 'a/testing/kit.ts', 'a/types.ts', 'a/main.ts']
  expect(coverageOf(lcov, paths, read)).toEqual({ percent: 62.5, run: 5, all: 8, neverImported: ['a/main.ts'] })
})

test('the sources of each service count, and none of a package', () => {
  const root = resolve(import.meta.dir, '../../..')
  const paths = servicesOf(root)
  expect(paths).toContain('services/kkt_adapter/src/main.ts')
  for (const service of ['kkt_adapter/src/journal', 'mock_ofd', 'mock_odoo', 'fault_kit/faults', 'platform/listener'])
    expect(paths.filter((path) => path.startsWith(`services/${service}/`)).length).toBeGreaterThan(1)
  expect(paths.filter((path) => path.includes('node_modules'))).toEqual([])
  const { neverImported } = coverageOf('', paths, (path) => readFileSync(resolve(root, path), 'utf8'))
  expect(neverImported).toContain('services/kkt_adapter/src/main.ts')
  expect(neverImported.filter((path) => path.includes('testing') || path.endsWith('.test.ts'))).toEqual([])
})

test('only a run of every line is 100 percent', () => {
  expect(coverageOf(record('a/b.ts', 100_000, 99_999), ['a/b.ts'], read).percent).toBe(99.99)
})
