import { afterEach, beforeEach, expect, type Mock, spyOn, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { eventually } from '../eventually.ts'
import { parseRequest, type StackRequest } from './args.ts'
import { contextOf } from './settle.ts'
import { junitPath, type Stack, type Suite, type SuiteEnd } from './stack.ts'
import { suiteRun } from './suites.ts'
import { runTests } from './test_run.ts'

/** Ample on a busy machine. */
const SOON_MS = 10_000

const SUITES: readonly Suite[] = [
  { name: 'process', paths: ['./tests/process'], drivesStack: false },
  { name: 'integration', paths: ['./tests/integration'], drivesStack: true },
]
const CASES = {
  process: '<testcase name="a" file="a.test.ts" line="1"><failure message="no">Error: no</failure></testcase>',
  integration: '<testcase name="b" file="b.test.ts" line="1"><skipped /></testcase>',
}

let root = ''
let said = ''
let write: Mock<typeof process.stdout.write>
beforeEach(() => {
  root = newFolder('test_run')
  said = ''
  write = spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  writeFileSync(`${root}/b.test.ts`, "test.skipIf(noRedis)('b', () => undefined)")
})
afterEach(() => {
  write.mockRestore()
  rmSync(root, { recursive: true })
})

/** A run whose suites end on demand. */
function begin(options: Record<string, string> = {}) {
  const request = parseRequest(['test'], options) as StackRequest
  const context = contextOf(root, request, {})
  const ends = new Map<string, PromiseWithResolvers<SuiteEnd>>()
  const nothing = async () => undefined
  const stack: Stack = {
    prepare: nothing,
    start: nothing,
    join: nothing,
    remove: async () => [],
    runSuite(suite) {
      const end = Promise.withResolvers<SuiteEnd>()
      ends.set(suite.name, end)
      return end.promise
    },
    collectResults: nothing,
    stop: nothing,
    showLogs: nothing,
    followLogs: nothing,
    query: async () => 0,
  }
  const exitCode = runTests({
    request,
    context,
    stack,
    found: undefined,
    claim: { isLeftover: false, own: () => undefined, release: () => undefined },
    suites: SUITES,
    suiteRun: suiteRun(request, () => 7),
    differences: () => [],
    requirePorts: nothing,
    commandLine: (command) => `make ${command}`,
  })
  const end = async (name: keyof typeof CASES, exitCode: number) => {
    await eventually(`${name} to run`, () => ends.has(name), { withinMs: SOON_MS })
    writeFileSync(`${root}/${junitPath(context.results, { name, paths: [], drivesStack: false })}`, CASES[name])
    ends.get(name)?.resolve({ exitCode, said: `the words of ${name}` })
  }
  return { exitCode, end }
}

test('a run prints a line a suite while it goes, then failures, skips with their reason, and the table', async () => {
  const { exitCode, end } = begin()
  await end('integration', 0)
  const line = (name: string) => new RegExp(`^The ${name} suites: bun test ./tests/${name} … [\\d.]+ s$`, 'm')
  await eventually('the line of the suite', () => line('integration').test(said), { withinMs: SOON_MS })
  expect(said).not.toMatch(line('process'))
  await end('process', 1)
  expect(await exitCode).toBe(1)
  const order = [
    line('integration'),
    line('process'),
    /^the words of process$/m,
    /^Failed:\n\na\.test\.ts:1 a\n {2}Error: no$/m,
    /^Skipped:\n {2}b\.test\.ts:1 b: noRedis$/m,
    /^suite +passed +failed +skipped +seconds$/m,
    /^0 passed, 1 failed, 1 skipped$/m,
  ].map((part) => said.search(part))
  expect(order).not.toContain(-1)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(said).not.toContain('the words of integration')
})

test('with VERBOSE=1 bun test shows each test itself, under the name of its suite', async () => {
  const { exitCode, end } = begin({ VERBOSE: '1' })
  await end('process', 0)
  await end('integration', 0)
  await exitCode
  expect(said).toMatch(/^The process suites: bun test \.\/tests\/process$/m)
  expect(said).not.toContain('the words of')
})
