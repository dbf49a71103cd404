import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { newFolder } from '@kkt/platform/testing.ts'
import { type Suite, suiteEnvironment, testCommand } from './stack.ts'
import { chooseSuites, suiteRun } from './suites.ts'

const NONE = { test: undefined, seed: undefined, testArgs: [], verbose: false, long: false, filter: [] }
const RUN = { args: [], seed: 1, isVerbose: false, isLong: false, isSideBySide: false }

let root = ''
beforeEach(() => {
  root = newFolder('suites')
  for (const path of [
    'services/a/ofd.test.ts',
    'services/a/ofd.ts',
    'services/a/node_modules/b/ofd.test.ts',
    'tests/harness/x.test.ts',
    'tests/integration/ofd_sync.test.ts',
    'tests/integration/odoo.test.ts',
  ]) {
    mkdirSync(dirname(`${root}/${path}`), { recursive: true })
    writeFileSync(`${root}/${path}`, '')
  }
})
afterEach(() => rmSync(root, { recursive: true }))

const paths = (filter: string[]) =>
  chooseSuites(root, { filter, long: false }).map((suite) => [suite.name, ...suite.paths])

test('files are chosen by a part of their path, and suites without a chosen file are left out', () => {
  expect(paths(['ofd'])).toEqual([
    ['unit', './services/a/ofd.test.ts'],
    ['integration', './tests/integration/ofd_sync.test.ts'],
  ])
  expect(paths(['odoo', 'sync'])).toEqual([
    ['integration', './tests/integration/odoo.test.ts', './tests/integration/ofd_sync.test.ts'],
  ])
  expect(paths(['tests/harness'])).toEqual([['harness', './tests/harness/x.test.ts']])
})

test('without a filter the suites are whole folders', () => {
  expect(paths([]).flat()).toContain('./tests/integration')
})

test('long files run in the long form, and where a filter chooses them', () => {
  const ignored = (filter: string[], long: boolean) =>
    chooseSuites(root, { filter, long }).flatMap((suite) =>
      testCommand('bun', 'out', suite, RUN).filter((arg) => arg.startsWith('--path-ignore-patterns=')),
    )
  expect(new Set(ignored([], false))).toEqual(new Set(['--path-ignore-patterns=**/*.long.test.ts']))
  expect(ignored([], true)).toEqual([])
  expect(ignored(['ofd'], false)).toEqual([])
})

test('a filter that chooses nothing is refused', () => {
  expect(() => chooseSuites(root, { filter: ['nope'], long: false })).toThrow(
    'FILTER is "nope": no test file has that in its path.',
  )
})

test('every run has a seed, and only a requested one shuffles', () => {
  expect(suiteRun(NONE, (limit) => limit / 2)).toEqual({ ...RUN, seed: 2 ** 31, isSideBySide: true })
  expect(suiteRun({ ...NONE, seed: 7 }, (limit) => limit / 2)).toEqual({
    ...RUN,
    seed: 7,
    args: ['--pass-with-no-tests', '--seed=7'],
    isSideBySide: true,
  })
  expect(suiteRun({ ...NONE, seed: 'random' }, (limit) => limit / 2).args).toContain('--seed=2147483648')
})

test('names and further arguments reach bun test', () => {
  const { args } = suiteRun({ ...NONE, test: /happy path/, testArgs: ['--bail'] }, () => 0)
  expect(args).toEqual(['--pass-with-no-tests', '--test-name-pattern=happy path', '--bail'])
})

test('what drives the stack runs by itself, and the rest runs in parallel and gives way to it', () => {
  const suite = { name: 'unit', paths: ['./services'], drivesStack: false }
  const command = (changed: Partial<Suite & typeof RUN>) =>
    testCommand('bun', 'out', { ...suite, ...changed }, { ...RUN, ...changed }).join(' ')
  const report = '--reporter=junit --reporter-outfile=out/unit.xml'
  const parallel = 'nice -n 10 bun test --only-failures ./services --parallel --no-isolate --timeout=60000'
  expect(command({})).toBe(`${parallel} ${report}`)
  expect(command({ drivesStack: true, isVerbose: true })).toBe(`bun test ./services --timeout=60000 ${report}`)
  const environment = (changed: Partial<Suite & typeof RUN>) =>
    suiteEnvironment({ ...suite, ...changed }, { ...RUN, ...changed }, {})
  expect(environment({ isLong: true })).toMatchObject({ SEED: '1', LONG: '1' })
  expect(environment({ environment: { A: 'b' } })).toMatchObject({ A: 'b', SEED: '1', LONG: '0' })
})

test('suites run side by side only in the whole short form', () => {
  for (const changed of [{ long: true }, { verbose: true }, { filter: ['a'] }]) {
    expect(suiteRun({ ...NONE, ...changed }, () => 0).isSideBySide).toBe(false)
  }
})
