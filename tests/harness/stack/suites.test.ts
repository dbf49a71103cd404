import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { bunTestArgs, suiteEnvironment, testCommand } from './stack.ts'
import { chooseSuites, suiteRun } from './suites.ts'

const NONE = { test: undefined, seed: undefined, testArgs: [], verbose: false, long: false, filter: [] }
const RUN = { args: [], seed: 1, isVerbose: false, isLong: false, isSideBySide: false }

let root = ''
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/suites-`)
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
  expect(paths(['tests/harness'])).toEqual([['unit', './tests/harness/x.test.ts']])
})

test('without a filter the suites are whole folders', () => {
  expect(paths([]).flat()).toContain('./tests/integration')
})

test('long files run in the long form, and where a filter chooses them', () => {
  const ignored = (filter: string[], long: boolean) =>
    chooseSuites(root, { filter, long }).flatMap((suite) =>
      bunTestArgs('test-results', suite, { ...RUN, isLong: long }).filter((arg) =>
        arg.startsWith('--path-ignore-patterns='),
      ),
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

test('only failures are printed, unless each test is asked for', () => {
  const suite = { name: 'unit', paths: ['./services'], drivesStack: false }
  const argsOf = (isVerbose: boolean) => bunTestArgs('test-results', suite, { ...RUN, isVerbose })
  expect(argsOf(false)).toContain('--only-failures')
  expect(argsOf(true)).not.toContain('--only-failures')
})

test('the tests are told whether to run their long form', () => {
  expect(suiteEnvironment({ ...RUN, isLong: true })).toEqual({ SEED: '1', LONG: '1' })
  expect(suiteEnvironment(RUN)).toEqual({ SEED: '1', LONG: '0' })
})

test('suites that do not drive the stack run at a lower priority', () => {
  const commandOf = (drivesStack: boolean) =>
    testCommand('bun', 'test-results', { name: 'a', paths: [], drivesStack }, RUN)
  expect(commandOf(false).slice(0, 4)).toEqual(['nice', '-n', '10', 'bun'])
  expect(commandOf(true)[0]).toBe('bun')
})

test('suites run side by side only in the whole short form, and only then a test may take longer', () => {
  const argsOf = (changed: object) => {
    const run = suiteRun({ ...NONE, ...changed }, () => 0)
    const suite = { name: 'unit', paths: [], drivesStack: false }
    return [run.isSideBySide, bunTestArgs('test-results', suite, run).includes('--timeout=20000')]
  }
  expect(argsOf({})).toEqual([true, true])
  for (const changed of [{ long: true }, { verbose: true }, { filter: ['a'] }]) {
    expect(argsOf(changed)).toEqual([false, false])
  }
})
