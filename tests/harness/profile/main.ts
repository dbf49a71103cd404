import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { askedNumber } from '../asked.ts'
import { runCommand } from '../stack/command.ts'
import { throwIfInterrupted } from '../stack/interruption.ts'
import { firstLines, say, step } from '../stack/output.ts'
import { KKT_ADAPTER } from '../stack/services.ts'
import { Stop } from '../stack/stop.ts'
import { until } from '../stack/until.ts'

const DEFAULT_SECONDS = 10
/** Half a gigabyte of samples is a profile that no tool opens. */
const MOST_SECONDS = 600
const LISTENS_WITHIN_MS = 10_000
/** The functions shown, with the four lines of their heading. */
const TOP_LINES = 15 + 4

const root = resolve(import.meta.dir, '../../..')
const results = `${root}/test-results/profile`
const logPath = `${results}/kkt_adapter.log`
const NAME = 'kkt_adapter'

/** An adapter with an OFD inside and a cash register that prints at once, so that the profile shows only the adapter's work. */
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
  const profiler = ['--cpu-prof', '--cpu-prof-md', `--cpu-prof-dir=${results}`, `--cpu-prof-name=${NAME}`]
  const log = Bun.file(logPath)
  return Bun.spawn([process.execPath, '--no-env-file', ...profiler, KKT_ADAPTER.entry], {
    cwd: root,
    env: { PATH, HOME, ...KKT_ADAPTER.environment, ...settings },
    stdout: log,
    stderr: log,
    // Ctrl-C must reach only this process, which then ends the adapter.
    detached: true,
  })
}

/** The adapter's address, from its log. */
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
  // Loaded after the settings were read, so that a wrong one is refused at once.
  const { sellFor } = await import('./load.ts')
  const dataFolder = mkdtempSync(join(tmpdir(), 'kkt-profile-'))
  const adapter = startAdapter(dataFolder)
  try {
    const url = await urlOf(adapter)
    const load = await step(`Selling for ${seconds} s`, () => sellFor(url, seconds))
    throwIfInterrupted()
    return load
  } finally {
    // Bun writes the profile at an orderly end.
    adapter.kill('SIGTERM')
    await adapter.exited
    rmSync(dataFolder, { recursive: true })
  }
}

async function main(): Promise<number> {
  const seconds = askedNumber('DURATION', { min: 1, max: MOST_SECONDS, otherwise: DEFAULT_SECONDS })
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results, { recursive: true })
  writeFileSync(logPath, '')
  const { accepted, perSecond, p50Ms, p99Ms, failed } = await profileUnderLoad(seconds)
  const times = `answered in ${p50Ms} ms (median), ${p99Ms} ms (99th)`
  say(`${accepted} receipts, ${perSecond} a second, ${times}; ${failed} failed`)
  const [, hot = ''] = readFileSync(`${results}/${NAME}.md`, 'utf8').split('\n## ')
  if (hot === '') throw new Stop(`test-results/profile/${NAME}.md has no part about the top functions.`)
  say(`\n${firstLines(hot.replaceAll(`${root}/`, ''), TOP_LINES)}`)
  say(
    `\nIn test-results/profile/: ${NAME}.md with callers and callees, ${NAME}.cpuprofile for a browser's developer tools`,
  )
  return accepted > 0 && failed === 0 ? 0 : 1
}

await runCommand(main)
