import type { ServiceName } from './services.ts'
import type { Settings } from './settings.ts'

/** What a stack is made from. */
export type Context = {
  /** The repository's. */
  root: string
  /** Names the Compose project and the folder of a local stack, so that two stand side by side. */
  project: string
  settings: Settings
}

/** A folder of tests that `bun test` runs in one go. */
export type Suite = { name: string; paths: readonly string[] }

/** The two ways to run the services, alike for the commands. */
export type Stack = {
  /** Makes what the services run from, where it is stale. */
  prepare(): Promise<void>
  /** The host's ports that this stack holds already. */
  portsHeld(): Promise<number[]>
  /** Starts what does not run, or runs from other sources or settings. Returns when all is healthy. */
  start(): Promise<void>
  /**
   * Ends everything and removes its data.
   * @returns what there was, in words
   */
  remove(): Promise<string[]>
  /** @returns the exit code of `bun test` */
  runSuite(suite: Suite, testArgs: string[]): Promise<number>
  /** Brings JUnit files and a log file per service into `test-results/`. */
  collectResults(): Promise<void>
  /** Shows the logs, and goes on doing so where somebody watches. */
  showLogs(service: ServiceName | undefined): Promise<void>
  /**
   * Runs `sql.ts` beside the buffer.
   * @returns its exit code
   */
  query(sql: string): Promise<number>
}

/** Where the results of a suite are written, seen from the root of either machine. */
export const junitPath = (suite: Suite) => `test-results/${suite.name}.xml`

/** The same for both modes: what differs is where it is run. */
export const bunTestArgs = (suite: Suite, testArgs: string[]) => [
  'test',
  ...suite.paths,
  '--reporter=junit',
  `--reporter-outfile=${junitPath(suite)}`,
  // A choice of tests may leave one suite none; that it left them all none is for the report to say.
  ...(testArgs.length > 0 ? ['--pass-with-no-tests', ...testArgs] : []),
]

/** Enough of a log to see what happened just before a failure. */
export const LOG_TAIL_LINES = 25

export const NOT_UP = 'The stack is not up: make up starts it.'
