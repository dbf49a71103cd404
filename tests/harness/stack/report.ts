import type { TestCase } from './junit.ts'
import { columns, firstLines, indent } from './output.ts'

/** Longer messages can be read in full further up in the output. */
const MESSAGE_LINES = 20
const SLOWEST = 5
/** The JUnit files have the rest. */
const SKIPS_SHOWN = 10
/** The rest is under `Failed`. */
const FAILURES_IN_BRIEF = 5

/** How a suite ended: its tests, and the exit code of `bun test`, which also knows what failed outside of any test. */
export type SuiteOutcome = { suite: string; exitCode: number; seconds: number; tests: TestCase[] }

/**
 * A paragraph for each failure: what failed, where, and what it said. A run in which no test ran has failed too.
 * @param chosen what the names of the chosen tests match
 */
export function failures(outcomes: SuiteOutcome[], chosen?: RegExp): string[] {
  if (!noneRan(outcomes)) return outcomes.flatMap(suiteFailures)
  if (chosen && outcomes.every(({ tests }) => tests.length === 0))
    return [`No test ran: TEST is ${JSON.stringify(chosen.source)}, and no test of these files has that in its name.`]
  return ['No test ran: choose by FILTER, TEST or TEST_ARGS so that one does.']
}

const noneRan = (outcomes: SuiteOutcome[]) =>
  outcomes.every(({ exitCode, tests }) => exitCode === 0 && tests.every(({ outcome }) => outcome === 'skipped'))

function suiteFailures({ suite, exitCode, tests }: SuiteOutcome): string[] {
  const failed = tests.filter(({ outcome }) => outcome === 'failed').map(paragraph)
  if (failed.length > 0 || exitCode === 0) return failed
  return [`${suite}: bun test ended with exit code ${exitCode}, but not for a test: its output above says why.`]
}

const paragraph = (test: TestCase) => `${place(test)}\n${indent(firstLines(test.message, MESSAGE_LINES))}`.trimEnd()

/** The last lines of a run that failed, because a log is often read from its end: where it failed, and the first line of why. */
export function failedInBrief(failed: readonly string[]): string[] {
  const lines = failed.slice(0, FAILURES_IN_BRIEF).map(
    (text) =>
      `Failed: ${text
        .split('\n')
        .slice(0, 2)
        .map((line) => line.trim())
        .join(': ')}`,
  )
  const more = failed.length - FAILURES_IN_BRIEF
  return more > 0 ? [...lines, `and ${more} more`] : lines
}

const place = ({ file, line, name }: TestCase) => `${file}:${line} ${name}`

/** A row for each suite, and one for their sum. */
export function table(outcomes: SuiteOutcome[]): string {
  const rows = outcomes.map((one) => [one.suite, ...counts([one])])
  return columns([['suite', 'passed', 'failed', 'skipped', 'seconds'], ...rows, ['all', ...counts(outcomes)]])
}

function counts(outcomes: SuiteOutcome[]): string[] {
  const seconds = outcomes.reduce((sum, one) => sum + one.seconds, 0)
  return [count(outcomes, 'passed'), countFailed(outcomes), count(outcomes, 'skipped'), seconds.toFixed(1)].map(String)
}

const count = (outcomes: SuiteOutcome[], wanted: TestCase['outcome']) =>
  outcomes.flatMap(({ tests }) => tests).filter(({ outcome }) => outcome === wanted).length

/** The same number in the table and in the last line. */
const countFailed = (outcomes: SuiteOutcome[]) => outcomes.flatMap(suiteFailures).length

/** The tests that took longest, a line each, the longest first. */
export const slowest = (outcomes: SuiteOutcome[]): string[] =>
  outcomes
    .flatMap(({ tests }) => tests)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
    .map((test) => `${test.seconds.toFixed(2).padStart(6)} s  ${place(test)}`)

/**
 * A line for each test that was skipped, with the reason.
 * @param read returns a test file's text
 */
export function skips(outcomes: SuiteOutcome[], read: (file: string) => string): string[] {
  const lines = outcomes
    .flatMap(({ tests }) => tests.filter(({ outcome }) => outcome === 'skipped'))
    .map((test) => `${place(test)}: ${skipReason(read(test.file), Number(test.line))}`)
  const more = lines.length - SKIPS_SHOWN
  return more > 0 ? [...lines.slice(0, SKIPS_SHOWN), `and ${more} more`] : lines
}

/** `bun test` does not say why it skips: the condition is read where it is written, at the test or at its group. */
export function skipReason(source: string, line: number): string {
  const above = source.split('\n').slice(0, line).reverse()
  for (const text of above) {
    const [, how, condition] =
      /\b(?:test|it|describe)(?:\.concurrent)?\.(skipIf|todoIf|if|skip|todo)\((.*?)(?:\)\(|$)/.exec(text) ?? []
    if (how === undefined) continue
    return how === 'skip' || how === 'todo' ? `test.${how}` : `${how === 'if' ? 'not ' : ''}${condition}`
  }
  return 'no reason is written'
}

export function summaryLine(outcomes: SuiteOutcome[]): string {
  const numbers = `${count(outcomes, 'passed')} passed, ${countFailed(outcomes)} failed, ${count(outcomes, 'skipped')} skipped`
  return noneRan(outcomes) ? `${numbers}: no test ran` : numbers
}

/** The exit code of the first suite that failed. */
export function exitCodeOf(outcomes: SuiteOutcome[]): number {
  const suiteFailed = outcomes.find(({ exitCode }) => exitCode !== 0)
  return suiteFailed?.exitCode ?? (failures(outcomes).length > 0 ? 1 : 0)
}
