import { expect, test } from 'bun:test'
import type { TestCase } from './junit.ts'
import { exitCodeOf, failedInBrief, failures, skipReason, skips, slowest, summaryLine, table } from './report.ts'

const aTest = (outcome: TestCase['outcome'], message = '', seconds = 0): TestCase => ({
  seconds,
  file: 'a.test.ts',
  line: '7',
  name: 'group > name',
  outcome,
  message,
})

test('tests are counted over all suites, and the exit code is that of the first failed suite', () => {
  const outcomes = [
    { suite: 'unit', exitCode: 0, seconds: 1.25, tests: [aTest('passed'), aTest('skipped')] },
    { suite: 'integration', exitCode: 3, seconds: 20, tests: [aTest('passed'), aTest('failed')] },
  ]
  expect(summaryLine(outcomes)).toBe('2 passed, 1 failed, 1 skipped')
  expect(exitCodeOf(outcomes)).toBe(3)
  expect(exitCodeOf(outcomes.slice(0, 1))).toBe(0)
})

test('a failure is shown with its place and message, cut to a readable length', () => {
  const long = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')
  const [short = '', cut = ''] = failures([
    {
      suite: 'unit',
      exitCode: 1,
      seconds: 1,
      tests: [aTest('failed', 'Error: no\n  at b.ts:1'), aTest('failed', long)],
    },
  ])
  expect(short).toBe('a.test.ts:7 group > name\n  Error: no\n    at b.ts:1')
  expect(cut.split('\n')).toHaveLength(22)
  expect(cut).toEndWith('\n  line 19\n  …')
})

test('the end of the output tells where the first failures are, and how they begin', () => {
  const tests = Array.from({ length: 7 }, () => aTest('failed', 'Error: no\n  at b.ts:1'))
  const lines = failedInBrief(failures([{ suite: 'unit', exitCode: 1, seconds: 1, tests }]))
  expect(lines.slice(4)).toEqual(['Failed: a.test.ts:7 group > name: Error: no', 'and 2 more'])
})

test('a suite that failed outside its tests is a failure too', () => {
  const broken = [{ suite: 'unit', exitCode: 1, seconds: 1, tests: [aTest('passed')] }]
  expect(failures(broken)).toEqual([expect.stringContaining('unit: bun test ended with exit code 1')])
  expect(summaryLine(broken)).toBe('1 passed, 1 failed, 0 skipped')
})

test('a run in which no test ran has failed', () => {
  const none = [
    { suite: 'unit', exitCode: 0, seconds: 1.25, tests: [aTest('skipped')] },
    { suite: 'integration', exitCode: 0, seconds: 1.25, tests: [] },
  ]
  expect(failures(none)).toEqual([expect.stringContaining('No test ran')])
  expect(exitCodeOf(none)).toBe(1)
  expect(summaryLine(none)).toBe('0 passed, 0 failed, 1 skipped: no test ran')
  expect(table(none)).toMatch(/^all +0 +0 +1 /m)
})

test('a TEST that matches no name is reported, unless the matching tests were skipped', () => {
  const none = [{ suite: 'unit', exitCode: 0, seconds: 1.25, tests: [] }]
  expect(failures(none, /happy pat/)).toEqual([
    'No test ran: TEST is "happy pat", and no test of these files has that in its name.',
  ])
  expect(failures(none)).toEqual([expect.stringContaining('choose by FILTER, TEST or TEST_ARGS')])
  const skipped = [{ suite: 'unit', exitCode: 0, seconds: 1.25, tests: [aTest('skipped')] }]
  expect(failures(skipped, /name/)).toEqual([expect.stringContaining('choose by FILTER')])
})

test('the table has a row for each suite and one for their sum', () => {
  const outcomes = [
    { suite: 'unit', exitCode: 0, seconds: 4.25, tests: [aTest('passed'), aTest('skipped')] },
    { suite: 'integration', exitCode: 1, seconds: 20, tests: [aTest('passed')] },
  ]
  expect(table(outcomes)).toBe(`suite        passed  failed  skipped  seconds
unit              1       0        1      4.3
integration       1       1        0     20.0
all               2       1        1     24.3`)
})

test('the slowest five tests of all suites are listed, the slowest first', () => {
  const tests = [0.1, 12.345, 3, 0.2, 0.3, 0.4].map((seconds) => aTest('passed', '', seconds))
  const lines = slowest([
    { suite: 'unit', exitCode: 0, seconds: 1, tests: tests.slice(0, 2) },
    { suite: 'integration', exitCode: 0, seconds: 1, tests: tests.slice(2) },
  ])
  expect(lines.map((line) => Number.parseFloat(line))).toEqual([12.35, 3, 0.4, 0.3, 0.2])
  expect(lines[0]).toBe(' 12.35 s  a.test.ts:7 group > name')
})

test('a skipped test is named with its reason, and of many the rest is counted', () => {
  const tests = Array.from({ length: 12 }, () => aTest('skipped'))
  const lines = skips([{ suite: 'unit', exitCode: 0, seconds: 1, tests }], () => 'test.skip(')
  expect(lines[0]).toBe('a.test.ts:7 group > name: test.skip')
  expect(lines.slice(9)).toEqual([expect.any(String), 'and 2 more'])
})

test.each([
  ["test.skipIf(noRedis)('a', () => {})", 1, 'noRedis'],
  ["test.skipIf(env['A'] === undefined)('a', () => {})", 1, "env['A'] === undefined"],
  ["describe.skipIf(!redis())('g', () => {\n  test('plain', f)\n})", 2, '!redis()'],
  ["test.concurrent.skipIf(noRedis)('a', f)", 1, 'noRedis'],
  ["test.if(redis)('a', f)", 1, 'not redis'],
  ["test.skip('a', f)", 1, 'test.skip'],
  ["test.todo('a')", 1, 'test.todo'],
  ["test('a', f)\ntest.skip('b', f)", 1, 'no reason is written'],
])('the reason for the skip in %p, line %d', (source, line, reason) => {
  expect(skipReason(source, line)).toBe(reason)
})
