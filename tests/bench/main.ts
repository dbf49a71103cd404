/**
 * Measures what the adapter does against what could be done, and shows it as a table and a chart. ONLY chooses rows by name,
 * ROUNDS says how often each is measured, BASE is another checkout to measure in the same rounds, BASELINE=1 keeps the
 * figures as those to compare with.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { runCommand } from '../harness/stack/command.ts'
import { throwIfInterrupted } from '../harness/stack/interruption.ts'
import { say } from '../harness/stack/output.ts'
import { Stop } from '../harness/stack/stop.ts'
import { readBaseline, renewed, writeBaseline } from './baseline.ts'
import { type Bench, createBench } from './bench.ts'
import { chart } from './chart.ts'
import { requireCheckout } from './checkout.ts'
import { comparison } from './comparison.ts'
import { GROWTH_SIZES, type Grown, measureGrowth } from './growth.ts'
import { measure } from './measure.ts'
import { falls, figure, growthTable, notes, resultTable } from './report.ts'
import type { Result } from './result.ts'
import type { Line, Row } from './row.ts'
import { ROWS } from './rows/index.ts'

/** On a machine whose bursts differ by a half, the median of five is off by a tenth at times. */
const DEFAULT_ROUNDS = 9
const MOST_ROUNDS = 100
const GROWTH = 'growth'
const BUSY_LOAD = 0.5

const root = resolve(import.meta.dir, '../..')
const results = join(root, 'test-results')
const baselinePath = join(root, 'tests/bench/baseline.json')

function readSettings({ ONLY = '', ROUNDS = '', BASE = '', BASELINE = '' }: NodeJS.ProcessEnv) {
  const rounds = Number(ROUNDS || DEFAULT_ROUNDS)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS) {
    throw new Stop(`ROUNDS is ${JSON.stringify(ROUNDS)}: it takes a whole number from 1 to ${MOST_ROUNDS}.`)
  }
  const rows = ROWS.filter((row) => linesOf(row).some(({ name }) => name.includes(ONLY)))
  const sizes = GROWTH.includes(ONLY) ? GROWTH_SIZES : []
  if (rows.length + sizes.length === 0) {
    const names = [...ROWS.flatMap(linesOf).map(({ name }) => name), GROWTH].join('\n  ')
    throw new Stop(`ONLY is ${JSON.stringify(ONLY)}: no row has that in its name. There are\n  ${names}`)
  }
  return {
    rows,
    sizes,
    rounds,
    base: BASE === '' ? null : requireCheckout(resolve(root, BASE)),
    keepsBaseline: BASELINE === '1',
  }
}

const linesOf = ({ besides = [], ...first }: Row): Line[] => [first, ...besides]

async function measureAll(bench: Bench, { rows, sizes, rounds }: ReturnType<typeof readSettings>) {
  const measured: Result[] = []
  const tell = (text: string) => void process.stdout.write(text)
  for (const row of rows) measured.push(...(await measure(row, bench, { rounds, tell })))
  const growth: Grown[] = []
  for (const size of sizes) {
    const startedMs = performance.now()
    growth.push(await measureGrowth(bench, size))
    await bench.clear()
    say(`${GROWTH}, ${figure(size)} receipts (${((performance.now() - startedMs) / 1000).toFixed(0)} s)`)
  }
  return { results: measured, growth }
}

/** Other work on the machine shows in the figures, less in their ratios. */
function tellIfBusy(): void {
  const [load = 0] = loadavg()
  if (load > BUSY_LOAD) say(`The machine is busy with something else (load ${load.toFixed(1)}): expect noise.`)
}

async function main(): Promise<number> {
  const settings = readSettings(process.env)
  tellIfBusy()
  mkdirSync(results, { recursive: true })
  // Beside the results, and not where temporary files are: that is memory on many machines, which is too fast a disk.
  const folder = mkdtempSync(join(results, 'bench-'))
  const bench = createBench({ root, folder, base: settings.base })
  try {
    const all = await measureAll(bench, settings)
    throwIfInterrupted()
    const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, Bun ${process.versions.bun}`
    writeFileSync(join(results, 'bench.json'), JSON.stringify({ machine, ...all }, null, 2))
    writeFileSync(join(results, 'bench.svg'), chart(all, machine))
    const baseline = readBaseline(baselinePath)
    say(`\n${resultTable(all.results, baseline)}\n\n${notes(all.results).join('\n')}`)
    if (settings.base !== null) say(`\n${comparison(all.results)}`)
    if (all.growth.length > 0) say(`\n${growthTable(all.growth)}`)
    say(['', ...falls(all.results, baseline), 'In test-results/: bench.svg for a browser, bench.json'].join('\n'))
    if (settings.keepsBaseline) {
      const kept = all.results.filter((result) => result.kind === 'measured')
      writeBaseline(baselinePath, renewed(baseline, kept))
    }
    return all.results.some((result) => result.kind === 'not_measured' && result.isFailure) ? 1 : 0
  } finally {
    await bench.clear()
    rmSync(folder, { recursive: true, force: true })
  }
}

await runCommand(main)
