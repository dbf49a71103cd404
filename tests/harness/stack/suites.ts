import { globSync } from 'node:fs'
import type { StackRequest } from './args.ts'
import type { Suite, SuiteRun } from './stack.ts'
import { Stop } from './stop.ts'

const SUITES: readonly Suite[] = [
  { name: 'unit', paths: ['./services', './tests/harness', './tests/mutants', './tests/bench'], drivesStack: false },
  // Each starts services of its own, and so takes longer than a unit test may.
  { name: 'process', paths: ['./tests/process'], drivesStack: false },
  // A few that wait for much. A browser is among them, where there is one.
  {
    name: 'scenarios',
    paths: ['./tests/crash', './tests/chaos', './tests/model', './tests/browser'],
    drivesStack: false,
  },
  { name: 'integration', paths: ['./tests/integration'], drivesStack: true },
]

/** These files take long. Without LONG=1, or a FILTER that names them, they are left out. */
const LONG_FILES = '**/*.long.test.ts'

/**
 * The suites, each with the files that are chosen of it.
 * @param filter a file is chosen when its path has one of these in it; none chooses what the form has
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

const testFiles = (root: string, folders: readonly string[]) =>
  folders.flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: (path) => path.includes('node_modules') })
      .map((path) => `./${path.replace(/^\.\//, '')}`)
      .sort(),
  )

/**
 * What `bun test` is given. Every run has a seed, for what the tests themselves draw at random; the tests are shuffled
 * only where a seed is asked for.
 * @param random gives a whole number from 0 to below its argument
 */
export function suiteRun(
  {
    test,
    seed,
    testArgs,
    verbose,
    long,
    filter,
  }: Pick<StackRequest, 'test' | 'seed' | 'testArgs' | 'verbose' | 'long' | 'filter'>,
  random: (limit: number) => number,
) {
  const number = typeof seed === 'number' ? seed : random(2 ** 32)
  const args = [
    ...(seed === undefined ? [] : [`--seed=${number}`]),
    ...(test ? [`--test-name-pattern=${test.source}`] : []),
    ...testArgs,
  ]
  // A choice of tests may leave one suite none; that it left them all none is for the report to say.
  if (args.length > 0) args.unshift('--pass-with-no-tests')
  // What takes long needs the processors for itself, and who watches each test reads one suite at a time.
  const isSideBySide = !long && !verbose && filter.length === 0
  return { seed: number, args, isVerbose: verbose, isLong: long, isSideBySide } satisfies SuiteRun
}
