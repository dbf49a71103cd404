import type { TestCase } from './junit.ts'
import { firstLines, indent } from './output.ts'

/** A message that shows a whole document is read where it was first printed. */
const MESSAGE_LINES = 20

/** How a suite ended: its tests, and the exit code of `bun test`, which also knows what failed outside of any test. */
export type SuiteOutcome = { suite: string; exitCode: number; tests: TestCase[] }

/** A paragraph for each failure: what failed, where, and what it said. */
export function failures(outcomes: SuiteOutcome[]): string[] {
  if (outcomes.every(({ exitCode, tests }) => exitCode === 0 && tests.every(({ outcome }) => outcome === 'skipped'))) {
    return ['No test ran: choose by TEST_ARGS so that one does.']
  }
  return outcomes.flatMap(({ suite, exitCode, tests }) => {
    const failed = tests.filter(({ outcome }) => outcome === 'failed').map(paragraph)
    if (failed.length > 0 || exitCode === 0) return failed
    return [`${suite}: bun test ended with exit code ${exitCode}, but not for a test: its output above says why.`]
  })
}

const paragraph = ({ file, line, name, message }: TestCase) =>
  `${file}:${line} ${name}\n${indent(firstLines(message, MESSAGE_LINES))}`.trimEnd()

export function summaryLine(outcomes: SuiteOutcome[]): string {
  const tests = outcomes.flatMap((outcome) => outcome.tests)
  const count = (wanted: TestCase['outcome']) => tests.filter(({ outcome }) => outcome === wanted).length
  return `${count('passed')} passed, ${failures(outcomes).length} failed, ${count('skipped')} skipped`
}

/** That of the first suite that failed. */
export function exitCodeOf(outcomes: SuiteOutcome[]): number {
  const suiteFailed = outcomes.find(({ exitCode }) => exitCode !== 0)
  return suiteFailed?.exitCode ?? (failures(outcomes).length > 0 ? 1 : 0)
}
