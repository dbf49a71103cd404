import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { runCommand } from '../stack/command.ts'
import { say } from '../stack/output.ts'
import { run } from '../stack/run.ts'
import { countLines, parseLcov, percent, sumOf, toLcov } from './lcov.ts'
import { table, writeHtml } from './report.ts'
import { coverageOfSources } from './sources.ts'

/** Of all lines together, in percent. */
const LEAST = 90

const root = resolve(import.meta.dir, '../../..')
const folder = `${root}/coverage`

async function main(): Promise<number> {
  rmSync(folder, { recursive: true, force: true })
  // In one process, for with several Bun loses some of what they ran.
  const test = ['test', './services', '--only-failures', '--coverage', '--coverage-reporter=lcov']
  const { exitCode } = await run([process.execPath, ...test, `--coverage-dir=${folder}`], {
    cwd: root,
    output: 'shown',
  })
  if (exitCode !== 0) return exitCode
  const coverage = coverageOfSources(root, parseLcov(readFileSync(`${folder}/lcov.info`, 'utf8')))
  writeFileSync(`${folder}/lcov.info`, toLcov(coverage))
  writeHtml(root, coverage, folder)
  say(`\n${table(coverage)}\n`)
  say('What runs only in processes that tests start is not measured: it counts as not run.')
  say('For a browser: coverage/index.html; for other tools: coverage/lcov.info')
  const share = percent(sumOf([...coverage.values()].map(countLines)))
  if (share >= LEAST) return 0
  say(`Too little is covered: ${share} % of the lines of services/, and it takes ${LEAST} %.`)
  return 1
}

await runCommand(main)
