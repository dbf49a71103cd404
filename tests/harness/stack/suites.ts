import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { parseJunit } from './junit.ts'
import { indent, lastLines, say, step } from './output.ts'
import { exitCodeOf, failures, type SuiteOutcome, summaryLine } from './report.ts'
import { SERVICES } from './services.ts'
import { junitPath, LOG_TAIL_LINES, type Stack, type Suite } from './stack.ts'

const SUITES: readonly Suite[] = [
  { name: 'unit', paths: ['./services', './tests/harness'] },
  { name: 'integration', paths: ['./tests/integration'] },
]

/**
 * Runs all suites on a stack that starts clean and is gone afterwards, whatever happens.
 * @param requirePorts called when nothing of this stack runs any more
 * @returns the exit code
 */
export async function runSuites(root: string, stack: Stack, requirePorts: () => Promise<void>, testArgs: string[]) {
  rmSync(`${root}/test-results`, { recursive: true, force: true })
  mkdirSync(`${root}/test-results`)
  await stack.prepare()
  const before = await stack.remove()
  if (before.length > 0) say(`Something was up, and is removed for a clean start: ${before.join(', ')}`)
  await requirePorts()
  const exitCodes = new Map<Suite, number>()
  try {
    await stack.start()
    for (const suite of SUITES) {
      say(`\nThe ${suite.name} suites: bun test ${suite.paths.join(' ')}`)
      exitCodes.set(suite, await stack.runSuite(suite, testArgs))
    }
  } finally {
    await step('Collecting results and removing the stack', async () => {
      await stack.collectResults().finally(stack.remove)
    })
  }
  return report(
    root,
    [...exitCodes].map(([suite, exitCode]) => readOutcome(root, suite, exitCode)),
  )
}

function readOutcome(root: string, suite: Suite, exitCode: number): SuiteOutcome {
  const path = `${root}/${junitPath(suite)}`
  return { suite: suite.name, exitCode, tests: existsSync(path) ? parseJunit(readFileSync(path, 'utf8')) : [] }
}

function report(root: string, outcomes: SuiteOutcome[]): number {
  const failed = failures(outcomes)
  if (failed.length > 0) {
    say(`\nFailed:\n\n${failed.join('\n\n')}`)
    for (const { name } of SERVICES) showLogTail(`test-results/${name}.log`, root)
  }
  say('\nResults and logs are in test-results/')
  say(summaryLine(outcomes))
  return exitCodeOf(outcomes)
}

function showLogTail(path: string, root: string) {
  if (!existsSync(`${root}/${path}`)) return
  const tail = lastLines(readFileSync(`${root}/${path}`, 'utf8'), LOG_TAIL_LINES)
  say(`\nThe end of ${path}:\n${indent(tail)}`)
}
