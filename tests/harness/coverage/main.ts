/** Runs the unit tests with Bun's coverage, and requires them to run most lines of the services. */
import { readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { runCommand } from '../stack/command.ts'
import { say } from '../stack/output.ts'
import { run } from '../stack/run.ts'
import { coverageOf, servicesOf } from './coverage.ts'

const LEAST_PERCENT = 90

/** The tests of the OpenAPI documents drive each service's app in this process. */
const SUITES = ['./services', './tests/harness/openapi']

const root = resolve(import.meta.dir, '../../..')
const folder = `${root}/coverage`
const read = (path: string) => readFileSync(resolve(root, path), 'utf8')

async function main(): Promise<number> {
  rmSync(folder, { recursive: true, force: true })
  const reporters = ['text', 'lcov'].map((name) => `--coverage-reporter=${name}`)
  // In one process, because Bun loses some of the coverage of several.
  const command = [
    process.execPath,
    'test',
    ...SUITES,
    '--only-failures',
    '--timeout=60000',
    '--coverage',
    ...reporters,
  ]
  const { exitCode } = await run([...command, `--coverage-dir=${folder}`], { cwd: root, output: 'shown' })
  if (exitCode !== 0) return exitCode
  const coverage = coverageOf(read('coverage/lcov.info'), servicesOf(root), read)
  say(`\nImported by no unit test, and counted as not run:\n  ${coverage.neverImported.join('\n  ')}`)
  say('\nLines that run only in processes that tests start are not measured: they count as not run.')
  say(`${coverage.run} of ${coverage.all} lines of the services are run: ${coverage.percent} %`)
  say('For other tools: coverage/lcov.info')
  if (coverage.percent >= LEAST_PERCENT) return 0
  say(`Too little is covered: it takes ${LEAST_PERCENT} %.`)
  return 1
}

await runCommand(main)
