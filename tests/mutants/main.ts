/** Plants each known bug in a copy of the sources, and shows the test that catches it. ONLY chooses bugs by name. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { runCommand } from '../harness/stack/command.ts'
import { firstLines, indent, say, step } from '../harness/stack/output.ts'
import { run } from '../harness/stack/run.ts'
import { Stop } from '../harness/stack/stop.ts'
import { type Copy, copySources } from './copy.ts'
import { catcherOf, type Mutant } from './mutant.ts'
import { MUTANTS } from './mutants.ts'

const root = resolve(import.meta.dir, '../..')
const SHOWN_LINES = 40
const TEST_MS = 3000

type Verdict = { mutant: Mutant; caughtBy: string | null; seconds: number }

async function bunTest(copy: Copy, files: string[]) {
  // Some bugs make a test wait for ever, so each test has a time limit.
  const command = [process.execPath, 'test', '--bail', `--timeout=${TEST_MS}`, ...files.map((file) => `./${file}`)]
  return await run(command, { cwd: copy.folder, output: 'kept' })
}

async function judge(copy: Copy, mutant: Mutant): Promise<Verdict> {
  const startedMs = performance.now()
  copy.plant(mutant)
  const { exitCode, stderr } = await bunTest(copy, [catcherOf(mutant)])
  copy.restore(mutant)
  const [, failed] = /^\(fail\) (.+?)(?: \[[\d.]+ms\])?$/m.exec(stderr) ?? []
  const seconds = (performance.now() - startedMs) / 1000
  if (exitCode !== 0 && failed === undefined)
    throw new Stop(`"${mutant.name}" leaves nothing to test:\n${indent(stderr)}`)
  return { mutant, caughtBy: failed ?? null, seconds }
}

function show({ mutant, caughtBy, seconds }: Verdict): void {
  say(`${caughtBy === null ? 'MISSED' : 'caught'}  ${mutant.name} (${mutant.breaks}), ${seconds.toFixed(1)} s`)
  say(indent(`${catcherOf(mutant)}${caughtBy === null ? ' stays green' : `: ${caughtBy}`}`))
}

/** Red tests would catch anything, so they must be green without a bug. */
async function requireGreen(copy: Copy, mutants: readonly Mutant[]): Promise<void> {
  const files = [...new Set(mutants.map(catcherOf))]
  const { exitCode, stderr } = await step(`Running ${files.length} test files without a bug`, () =>
    bunTest(copy, files),
  )
  if (exitCode === 0) return
  const red = stderr.split('\n').filter((line) => !line.startsWith('(pass)'))
  throw new Stop(`They are red as it is:\n${indent(firstLines(red.join('\n'), SHOWN_LINES))}`)
}

async function main(): Promise<number> {
  const only = process.env['ONLY'] ?? ''
  const chosen = MUTANTS.filter(({ name }) => name.includes(only))
  if (chosen.length === 0) throw new Stop(`ONLY is ${JSON.stringify(only)}: no known bug has that in its name.`)
  const copies = Array.from({ length: Math.min(chosen.length, availableParallelism()) }, () => copySources(root))
  try {
    const [first] = copies
    if (first) await requireGreen(first, chosen)
    const waiting = [...chosen]
    const verdicts: Verdict[] = []
    const work = async (copy: Copy) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const verdict = await judge(copy, next)
        show(verdict)
        verdicts.push(verdict)
      }
    }
    await Promise.all(copies.map(work))
    const caught = verdicts.filter(({ caughtBy }) => caughtBy !== null).length
    say(`\n${caught} of ${verdicts.length} planted bugs are caught.`)
    return caught === verdicts.length ? 0 : 1
  } finally {
    for (const copy of copies) copy.remove()
  }
}

await runCommand(main)
