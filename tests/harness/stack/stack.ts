import { drivesOwnRegister } from './own_register.ts'
import { ALL_SERVICES, OBSERVERS, type ServiceName, servicesOf } from './services.ts'
import type { Settings } from './settings.ts'

/** Describes a stack to be made. */
export type Context = {
  /** The repository's root. */
  root: string
  /** Names the Compose project and the folder of a local stack, so that two stacks can run side by side. */
  project: string
  settings: Settings
  /** The folder for results, relative to the root. */
  results: string
  /** Whether the services run from their sources and restart at every edit. */
  reloads: boolean
  /** Whether Prometheus and Grafana are started, too. */
  observes: boolean
  /** Whether a cash register on the network is one of the services. */
  hasRegister: boolean
}

/** A stack that is up, as it was started. */
export type Found = {
  running: ServiceName[]
  settings: Settings
  startedAtMs: number
  reloads: boolean
  /** The folder of the checkout that started it. */
  from: string
}

/** The services of a stack that should run and do not. Local mode may run without Redis. */
export const missingServices = ({ running, settings }: Found): ServiceName[] =>
  servicesOf({ hasRegister: drivesOwnRegister(settings) })
    .map(({ name }) => name)
    .filter((name) => name !== 'redis' && !running.includes(name))

/** The ports of this machine that a stack holds, or may hold for Prometheus and Grafana. */
export const heldPorts = ({ running, settings }: Found): number[] =>
  [...ALL_SERVICES.filter(({ name }) => running.includes(name)), ...OBSERVERS]
    .map(({ portVariable }) => Number(settings[portVariable]))
    .filter((port) => port > 0)

/**
 * Test files that `bun test` runs together.
 * - `ignores`: a pattern of files in these folders to leave out.
 * - `environment`: further variables for the processes that run it.
 */
export type Suite = {
  name: string
  paths: readonly string[]
  drivesStack: boolean
  ignores?: string
  environment?: Readonly<Record<string, string>>
}

/**
 * How `bun test` is to run a suite.
 * - `isVerbose`: each test is shown as it ends; otherwise what is said is kept.
 * - `isLong`: tests that have a short and a long form run in the long one.
 * - `isSideBySide`: suites run beside one another.
 */
export type SuiteRun = { args: string[]; seed: number; isVerbose: boolean; isLong: boolean; isSideBySide: boolean }

/**
 * The variables that tell the tests of their run, and those of the suite. A suite that starts services of its own takes the
 * register that the shell names, not the stack's.
 */
export const suiteEnvironment = (
  { environment, drivesStack }: Suite,
  { seed, isLong }: SuiteRun,
  { KKT_MODE = 'mock', KKT_URL = '' }: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> => ({
  ...(!drivesStack && { KKT_MODE, KKT_URL }),
  ...environment,
  SEED: String(seed),
  LONG: isLong ? '1' : '0',
})

/** The exit code, and the output where that was kept. */
export type SuiteEnd = { exitCode: number; said: string }

/** The two ways to run the services, with one interface for the commands. */
export type Stack = {
  /**
   * Makes what the services run from, where it is stale.
   * @param fromScratch makes it even where it is not stale
   */
  prepare(fromScratch: boolean): Promise<void>
  /** Starts services that do not run, or run from other sources or settings. Resolves when all are healthy. */
  start(fromScratch: boolean): Promise<void>
  /** Readies a stack that is up for a run of the suites. Earlier results are removed. */
  join(): Promise<void>
  /**
   * Ends everything and removes its data.
   * @returns the names of the removed things
   */
  remove(): Promise<string[]>
  runSuite(suite: Suite, run: SuiteRun): Promise<SuiteEnd>
  /** Copies the suites' JUnit files and a log file per service into the folder for results. */
  collectResults(suites: readonly Suite[]): Promise<void>
  /** Ends everything and keeps its data. */
  stop(): Promise<void>
  /** Shows the logs. On a terminal it goes on following them. */
  showLogs(service: ServiceName | undefined): Promise<void>
  /** Shows the services' log lines from their start until they have ended. */
  followLogs(): Promise<void>
  /**
   * Runs `sql.ts` where the buffer is.
   * @returns its exit code
   */
  query(sql: string): Promise<number>
}

/** The file for a suite's results. */
export const junitPath = (folder: string, { name }: Suite) => `${folder}/${name}.xml`
/** The file for a suite's output. */
export const saidPath = (folder: string, { name }: Suite) => `${folder}/${name}.txt`

/**
 * Files of suites that do not drive the stack run in parallel. Loading all modules for each file would cost half as much time as
 * the tests, so they share the modules and their state.
 */
const IN_PARALLEL = ['--parallel', '--no-isolate']
/** A busy machine takes its time, more so over suites with a low priority. Only a test that hangs spends it. */
const PATIENTLY = '--timeout=60000'

/**
 * The same for both modes, which run it in different places. Suites that run beside the one that drives the stack leave it the
 * processors.
 */
export const testCommand = (bun: string, folder: string, suite: Suite, { args, isVerbose }: SuiteRun) => [
  ...(suite.drivesStack ? [] : ['nice', '-n', '10']),
  ...[bun, 'test'],
  ...(isVerbose ? [] : ['--only-failures']),
  ...suite.paths,
  ...(suite.ignores === undefined ? [] : [`--path-ignore-patterns=${suite.ignores}`]),
  // Files that drive the one stack run one after the other.
  ...(suite.drivesStack ? [] : IN_PARALLEL),
  PATIENTLY,
  '--reporter=junit',
  `--reporter-outfile=${junitPath(folder, suite)}`,
  ...args,
]

/** Enough lines to see what happened just before a failure. */
export const LOG_TAIL_LINES = 25

export const NOT_UP = 'The stack is not up: make up starts it.'
