import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parseJunit } from './junit.ts'
import { indent, lastLines, say } from './output.ts'
import { failures, type SuiteOutcome, skips, slowest, table } from './report.ts'
import { ALL_SERVICES } from './services.ts'
import { junitPath, LOG_TAIL_LINES, type Suite, type SuiteRun } from './stack.ts'

/** Runs on two projects at a time write to two folders. */
export const resultsFolder = (project: string, defaultProject: string) =>
  project === defaultProject ? 'test-results' : `test-results/${project}`

/** Removes the files of the last run. The folders belong to other projects. */
export function emptyResults(root: string, folder: string): void {
  mkdirSync(`${root}/${folder}`, { recursive: true })
  for (const entry of readdirSync(`${root}/${folder}`, { withFileTypes: true })) {
    if (!entry.isDirectory()) rmSync(`${root}/${folder}/${entry.name}`, { force: true })
  }
}

export const writeSeed = (root: string, folder: string, { seed }: SuiteRun): void =>
  writeFileSync(`${root}/${folder}/seed.txt`, `${seed}\n`)

export type Ended = { suite: Suite; exitCode: number; seconds: number }

/** @param chosen what the names of the chosen tests match: the others were not to run, and so were not skipped */
export function readOutcome(root: string, folder: string, ended: Ended, chosen: RegExp | undefined): SuiteOutcome {
  const { suite, exitCode, seconds } = ended
  const path = `${root}/${junitPath(folder, suite)}`
  const tests = existsSync(path) ? parseJunit(readFileSync(path, 'utf8')) : []
  return {
    suite: suite.name,
    exitCode,
    seconds,
    tests: tests.filter(({ outcome, name }) => outcome !== 'skipped' || !chosen || chosen.test(bunName(name))),
  }
}

/** The name that `bun test` matches with its pattern. */
const bunName = (name: string) => name.replaceAll(' > ', ' ')

type Shown = {
  /** Whether the services may be the cause of a failure. */
  withLogs: boolean
  /** Matches the names of the chosen tests. */
  chosen: RegExp | undefined
}

export function showOutcomes(
  root: string,
  folder: string,
  outcomes: SuiteOutcome[],
  { withLogs, chosen }: Shown,
): void {
  const failed = failures(outcomes, chosen)
  if (failed.length > 0) {
    say(`\nFailed:\n\n${failed.join('\n\n')}`)
    for (const { name } of withLogs ? ALL_SERVICES : []) showLogTail(root, `${folder}/${name}.log`)
  }
  const skipped = skips(outcomes, (file) => readOr(`${root}/${file}`, ''))
  if (skipped.length > 0) say(`\nSkipped:\n${indent(skipped.join('\n'))}`)
  say(`\nSlowest:\n${indent(slowest(outcomes).join('\n'))}`)
  say(`\n${table(outcomes)}`)
}

function showLogTail(root: string, path: string) {
  const tail = lastLines(readOr(`${root}/${path}`, ''), LOG_TAIL_LINES)
  if (tail !== '') say(`\nThe end of ${path}:\n${indent(tail)}`)
}

const readOr = (path: string, otherwise: string) => (existsSync(path) ? readFileSync(path, 'utf8') : otherwise)
