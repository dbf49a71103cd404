import { expect, test } from 'bun:test'
import type { TestCase } from './junit.ts'
import { exitCodeOf, failures, summaryLine } from './report.ts'

const aTest = (outcome: TestCase['outcome'], message = ''): TestCase => ({
  file: 'a.test.ts',
  line: '7',
  name: 'group > name',
  outcome,
  message,
})

test('counts over all suites, and ends as the first that failed', () => {
  const outcomes = [
    { suite: 'unit', exitCode: 0, tests: [aTest('passed'), aTest('skipped')] },
    { suite: 'integration', exitCode: 3, tests: [aTest('passed'), aTest('failed')] },
  ]
  expect(summaryLine(outcomes)).toBe('2 passed, 1 failed, 1 skipped')
  expect(exitCodeOf(outcomes)).toBe(3)
  expect(exitCodeOf(outcomes.slice(0, 1))).toBe(0)
})

test('a failure is shown with its place and message, and no more lines than can be read', () => {
  const long = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')
  const [short = '', cut = ''] = failures([
    { suite: 'unit', exitCode: 1, tests: [aTest('failed', 'Error: no\n  at b.ts:1'), aTest('failed', long)] },
  ])
  expect(short).toBe('a.test.ts:7 group > name\n  Error: no\n    at b.ts:1')
  expect(cut.split('\n')).toHaveLength(22)
  expect(cut).toEndWith('\n  line 19\n  …')
})

test('a suite that failed outside of its tests is a failure too', () => {
  const broken = [{ suite: 'unit', exitCode: 1, tests: [aTest('passed')] }]
  expect(failures(broken)).toEqual([expect.stringContaining('unit: bun test ended with exit code 1')])
  expect(summaryLine(broken)).toBe('1 passed, 1 failed, 0 skipped')
})

test('a run in which no test ran has failed', () => {
  const none = [
    { suite: 'unit', exitCode: 0, tests: [aTest('skipped')] },
    { suite: 'integration', exitCode: 0, tests: [] },
  ]
  expect(failures(none)).toEqual([expect.stringContaining('No test ran')])
  expect(exitCodeOf(none)).toBe(1)
})
