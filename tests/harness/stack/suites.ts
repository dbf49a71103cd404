import { globSync } from 'node:fs'
import type { StackRequest } from './args.ts'
import type { Suite, SuiteRun } from './stack.ts'
import { Stop } from './stop.ts'

/**
 * Thousands of short tests. JavaScriptCore's last compiler is off, because little of the code runs often enough to earn its
 * work. mimalloc keeps the memory that a test has freed, because the next one needs as much.
 */
const OF_SHORT_TESTS = { BUN_JSC_useFTLJIT: '0', MIMALLOC_PURGE_DELAY: '-1' }

const SUITES: readonly Suite[] = [
  { name: 'unit', paths: ['./services', './tests/contract'], drivesStack: false, environment: OF_SHORT_TESTS },
  // The harness, the mutants and the bench test themselves.
  {
    name: 'harness',
    paths: ['./tests/harness', './tests/mutants', './tests/bench'],
    drivesStack: false,
    environment: OF_SHORT_TESTS,
  },
  // Each starts services of its own, and so takes longer than a unit test may.
  { name: 'process', paths: ['./tests/process'], drivesStack: false },
  // Few tests, which wait much. Some use a browser, where there is one.
  {
    name: 'scenarios',
    paths: ['./tests/crash', './tests/chaos', './tests/siege', './tests/model', './tests/browser', './tests/observe'],
    drivesStack: false,
  },
  { name: 'integration', paths: ['./tests/integration'], drivesStack: true },
]

/** Long files are left out without LONG=1 or a FILTER that names them. */
const LONG_FILES = '**/*.long.test.ts'

/**
 * The suites with their chosen files.
 * @param filter a file is chosen when its path contains one of these. Without any, all files of the form are chosen.
 * @throws Stop when no file is chosen
 */
export function chooseSuites(root: string, { filter, long }: Pick<StackRequest, 'filter' | 'long'>): readonly Suite[] {
  if (filter.length === 0) return long ? SUITES : SUITES.map((suite) => ({ ...suite, ignores: LONG_FILES }))
  const chosen = SUITES.map((suite) => ({
    ...suite,
    paths: testFiles(root, suite.paths).filter((path) => filter.some((text) => path.includes(text))),
  })).filter(({ paths }) => paths.length > 0)
  if (chosen.length > 0) return chosen
  throw new Stop(`FILTER is ${JSON.stringify(filter.join(' '))}: no test file has that in its path.`)
}

type Chosen = Pick<StackRequest, 'test' | 'seed' | 'testArgs' | 'verbose' | 'long' | 'filter'>

const testFiles = (root: string, folders: readonly string[]) =>
  folders.flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: (path) => path.includes('node_modules') })
      .map((path) => `./${path.replace(/^\.\//, '')}`)
      .sort(),
  )

/**
 * The options for `bun test`. Every run has a seed for its tests' random numbers. The tests themselves are shuffled only where a
 * seed is asked for.
 * @param random returns a whole number from 0 to below its argument
 */
export function suiteRun(
  { test, seed, testArgs, verbose, long, filter }: Chosen,
  random: (limit: number) => number,
): SuiteRun {
  const number = typeof seed === 'number' ? seed : random(2 ** 32)
  const args = [
    ...(seed === undefined ? [] : [`--seed=${number}`]),
    ...(test ? [`--test-name-pattern=${test.source}`] : []),
    ...testArgs,
  ]
  // A choice of tests may leave a suite without any. The report says so where all suites are without any.
  if (args.length > 0) args.unshift('--pass-with-no-tests')
  // The long form needs all processors, and a user who watches each test reads one suite at a time.
  const isSideBySide = !long && !verbose && filter.length === 0
  return { seed: number, args, isVerbose: verbose, isLong: long, isSideBySide }
}
