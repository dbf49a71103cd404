import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runCommand } from '../stack/command.ts'
import { throwIfInterrupted } from '../stack/interruption.ts'
import { say, step } from '../stack/output.ts'
import { KKT_ADAPTER } from '../stack/services.ts'
import { Stop } from '../stack/stop.ts'
import { until } from '../stack/until.ts'
import { parseCpuProfile, topBySelf } from './cpu_profile.ts'
import { flameGraph } from './flame_graph.ts'
import { sellFor } from './load.ts'

const DEFAULT_SECONDS = 10
/** Half a gigabyte of samples is a profile that no tool opens. */
const MOST_SECONDS = 600
const LISTENS_WITHIN_MS = 10_000
const TOP_COUNT = 15

const root = resolve(import.meta.dir, '../../..')
const results = `${root}/test-results/profile`
const logPath = `${results}/kkt_adapter.log`
const profilePath = `${results}/kkt_adapter.cpuprofile`
const flameGraphPath = `${results}/kkt_adapter.svg`

/** @throws Stop naming the variable, what it got and what it takes */
function durationSeconds(given: string | undefined): number {
  const seconds = Number(given || DEFAULT_SECONDS)
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS) return seconds
  throw new Stop(`DURATION is ${JSON.stringify(given)}: it takes whole seconds from 1 to ${MOST_SECONDS}.`)
}

/** An adapter with an OFD inside and a cash register that prints at once, so that what is seen is the adapter's work. */
function startAdapter(dataFolder: string) {
  const { PATH = '', HOME = '' } = process.env
  const settings = {
    HOST: '127.0.0.1',
    PORT: '0',
    BUFFER_DB_PATH: join(dataFolder, 'buffer.db'),
    BUFFER_MAX_SIZE: '1000000',
    OFD_MODE: 'mock',
    KKT_PRINT_DELAY_MIN: '0',
    KKT_PRINT_DELAY_MAX: '0',
  }
  const profiler = ['--cpu-prof', `--cpu-prof-dir=${results}`, '--cpu-prof-name=kkt_adapter.cpuprofile']
  const log = Bun.file(logPath)
  return Bun.spawn([process.execPath, '--no-env-file', ...profiler, KKT_ADAPTER.entry], {
    cwd: root,
    env: { PATH, HOME, ...KKT_ADAPTER.environment, ...settings },
    stdout: log,
    stderr: log,
    // Ctrl-C reaches this process alone, which then ends the adapter.
    detached: true,
  })
}

/** The port that the system gave it, from its log. */
async function urlOf(adapter: Bun.Subprocess): Promise<string> {
  let port: string | undefined
  const listens = () => {
    port = /"event":"listening","port":(\d+)/.exec(readFileSync(logPath, 'utf8'))?.[1]
    return port !== undefined || adapter.exitCode !== null
  }
  await until(listens, { withinMs: LISTENS_WITHIN_MS })
  if (port === undefined) throw new Stop(`The adapter did not start:\n${readFileSync(logPath, 'utf8')}`)
  return `http://127.0.0.1:${port}`
}

async function profileUnderLoad(seconds: number) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'kkt-profile-'))
  const adapter = startAdapter(dataFolder)
  try {
    const url = await urlOf(adapter)
    const load = await step(`Selling for ${seconds} s`, () => sellFor(url, seconds))
    throwIfInterrupted()
    return load
  } finally {
    // The profile is written at the end of an orderly stop.
    adapter.kill('SIGTERM')
    await adapter.exited
    rmSync(dataFolder, { recursive: true })
  }
}

async function main(): Promise<number> {
  const seconds = durationSeconds(process.argv[2])
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results, { recursive: true })
  writeFileSync(logPath, '')
  const { accepted, perSecond, p50Ms, p99Ms, failed } = await profileUnderLoad(seconds)
  const load = `${accepted} receipts, ${perSecond} a second, answered in ${p50Ms} ms (median), ${p99Ms} ms (99th)`
  say(`${load}; ${failed} failed`)
  const top = parseCpuProfile(readFileSync(profilePath, 'utf8'), root)
  writeFileSync(flameGraphPath, flameGraph(top, `KKT adapter: ${load}`))
  say(`\nThe functions that ran themselves for longest, of ${top.samples} samples:`)
  for (const { label, percent } of topBySelf(top, TOP_COUNT)) say(`${percent.toFixed(1).padStart(5)} %  ${label}`)
  say('\nIn test-results/profile/: kkt_adapter.svg for a browser, kkt_adapter.cpuprofile for its developer tools')
  return accepted > 0 && failed === 0 ? 0 : 1
}

await runCommand(main)
