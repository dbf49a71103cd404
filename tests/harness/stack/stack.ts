import { SERVICES, type ServiceName } from './services.ts'
import type { Settings } from './settings.ts'

/** What a stack is made from. */
export type Context = {
  /** The repository's. */
  root: string
  /** Names the Compose project and the folder of a local stack, so that two stand side by side. */
  project: string
  settings: Settings
  /** The folder for the results of runs, seen from the root. */
  results: string
  /** Whether the services run from their sources and start anew at every edit of one. */
  reloads: boolean
}

/** A stack that is up, as it was started. */
export type Found = {
  running: ServiceName[]
  settings: Settings
  startedAtMs: number
  reloads: boolean
  /** The folder of the checkout that it was started from. */
  from: string
}

/** Those services of a stack that do not run, though they should. Local mode goes without Redis where there is none. */
export const missingServices = ({ running }: Found): ServiceName[] =>
  SERVICES.map(({ name }) => name).filter((name) => name !== 'redis' && !running.includes(name))

/** The ports of this machine that a stack has. */
export const heldPorts = ({ running, settings }: Found): number[] =>
  SERVICES.filter(({ name }) => running.includes(name)).map(({ portVariable }) => Number(settings[portVariable]))

/**
 * Files of tests that `bun test` runs in one go.
 * - `ignores`: a pattern of files in these folders that are left out.
 */
export type Suite = { name: string; paths: readonly string[]; drivesStack: boolean; ignores?: string }

/**
 * How `bun test` is to run a suite.
 * - `isVerbose`: each test is shown as it ends; otherwise what is said is kept.
 * - `isLong`: what has a short and a long form runs in its long one.
 * - `isSideBySide`: suites run beside one another.
 */
export type SuiteRun = { args: string[]; seed: number; isVerbose: boolean; isLong: boolean; isSideBySide: boolean }

/** What the tests are told of their run. */
export const suiteEnvironment = ({ seed, isLong }: SuiteRun) => ({ SEED: String(seed), LONG: isLong ? '1' : '0' })

/** How it ended, and what it said where that was kept. */
export type SuiteEnd = { exitCode: number; said: string }

/** The two ways to run the services, alike for the commands. */
export type Stack = {
  /**
   * Makes what the services run from, where it is stale.
   * @param anew even where it is not
   */
  prepare(anew: boolean): Promise<void>
  /** Starts what does not run, or runs from other sources or settings. Returns when all is healthy. */
  start(anew: boolean): Promise<void>
  /** Readies a stack that is up for a run of the suites, whose results are then that run's alone. */
  join(): Promise<void>
  /**
   * Ends everything and removes its data.
   * @returns what there was, in words
   */
  remove(): Promise<string[]>
  runSuite(suite: Suite, run: SuiteRun): Promise<SuiteEnd>
  /** Brings the suites' JUnit files and a log file per service into the folder for results. */
  collectResults(suites: readonly Suite[]): Promise<void>
  /** Ends everything and keeps its data. */
  stop(): Promise<void>
  /** Shows the logs, and goes on doing so where somebody watches. */
  showLogs(service: ServiceName | undefined): Promise<void>
  /** Shows what the services log from their start on, until they have ended. */
  followLogs(): Promise<void>
  /**
   * Runs `sql.ts` beside the buffer.
   * @returns its exit code
   */
  query(sql: string): Promise<number>
}

/** Where the results of a suite are written in a folder for results. */
export const junitPath = (folder: string, { name }: Suite) => `${folder}/${name}.xml`
/** And what it said. */
export const saidPath = (folder: string, { name }: Suite) => `${folder}/${name}.txt`

/**
 * Files of suites that do not drive the stack run in parallel. To load all modules again for each would take half as long
 * again as the tests, so they share the modules and what these hold.
 */
const IN_PARALLEL = ['--parallel', '--no-isolate']
/** A test of a suite that gives way to others may take longer than one that has the processors for itself. */
const GIVING_WAY = ['--timeout=20000']

/** The same for both modes: what differs is where it is run. */
export const bunTestArgs = (folder: string, suite: Suite, { args, isVerbose, isSideBySide }: SuiteRun) => [
  'test',
  ...(isVerbose ? [] : ['--only-failures']),
  ...suite.paths,
  ...(suite.ignores === undefined ? [] : [`--path-ignore-patterns=${suite.ignores}`]),
  // What drives the one stack goes one after the other.
  ...(suite.drivesStack ? [] : IN_PARALLEL),
  ...(suite.drivesStack || !isSideBySide ? [] : GIVING_WAY),
  '--reporter=junit',
  `--reporter-outfile=${junitPath(folder, suite)}`,
  ...args,
]

/** Suites that run beside the one that drives the stack leave it the processors that it asks for. */
export const testCommand = (bun: string, folder: string, suite: Suite, run: SuiteRun) => [
  ...(suite.drivesStack ? [] : ['nice', '-n', '10']),
  bun,
  ...bunTestArgs(folder, suite, run),
]

/** Enough of a log to see what happened just before a failure. */
export const LOG_TAIL_LINES = 25

export const NOT_UP = 'The stack is not up: make up starts it.'
