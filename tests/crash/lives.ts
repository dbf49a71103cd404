/** The processes of a run: one OFD that stays, and adapters that follow one another on one buffer. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { spawnService } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { bundleOf } from '../harness/bundles.ts'
import type { Kill } from './plan.ts'

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const ADAPTER = pathOf('crashing_adapter.ts')
const DENO = pathOf('../harness/deno')

/** @param service its folder in services */
export const mainOf = (service: string): string => pathOf(`../../services/${service}/main.ts`)

/** Short intervals, so that a life of half a second holds whole deliveries, time-outs and probes. */
export const SETTINGS = {
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'info',
  TEST_CONTROL: 'true',
  BUFFER_MAX_SIZE: '100000',
  KKT_PRINT_DELAY_MIN: '0',
  KKT_PRINT_DELAY_MAX: '0.01',
  KKT_PRINT_TIMEOUT: '1',
  OFD_TIMEOUT: '0.3',
  CIRCUIT_BREAKER_THRESHOLD: '3',
  CIRCUIT_BREAKER_TIMEOUT: '0.3',
  SYNC_INTERVAL: '0.3',
}

export type Service = {
  child: ChildProcess
  /** Stays pending where the process ends before it listens. */
  url: Promise<string>
  /** The signal that ended the process, or else its exit code. */
  ended: Promise<NodeJS.Signals | number>
}

/** `moved` resolves when the sender takes up its first receipt. */
export type Life = Service & { moved: Promise<void> }

export type Log = (line: string) => void

export const logTo =
  (folder: string, name: string): Log =>
  (line) =>
    appendFileSync(join(folder, name), `${line}\n`)

const running = new Set<ChildProcess>()

/** Kills every process of the run that is still running. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

export const bufferIn = (folder: string): string => join(folder, 'buffer.db')

/** The command that starts an adapter. */
export function adapterCommand(): string[] {
  const program = bundleOf(ADAPTER)
  // It kills itself and looks whether the process before it has ended: that takes all permissions.
  return process.env['RUNTIME'] === 'deno'
    ? [DENO, 'run', '--no-prompt', '--allow-all', program]
    : [process.execPath, program]
}

export const startOfd = (log: Log): Service => startService(mainOf('mock_ofd'), {}, log)

/** Starts a service from what ships of its `main.ts`, and follows its log. */
export function startService(
  main: string,
  settings: Record<string, string>,
  log: Log,
  onEntry: (entry: LogEntry) => void = () => undefined,
): Service {
  const listen = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info' }
  return follow(spawnService(bundleOf(main), { ...listen, ...settings }), log, onEntry)
}

export type Ground = {
  folder: string
  ofdUrl: string
  seed: number
  /** The value of ACCEPT_LOSS that an operator sets after a refused start. */
  acceptedLoss: string
  tillsFile: string
  log: Log
  /** More of its variables: of a cash register of its own. */
  variables?: Readonly<Record<string, string>>
}

export function startAdapter(
  [program = '', ...args]: string[],
  { folder, ofdUrl, seed, acceptedLoss, tillsFile, log, variables = {} }: Ground,
  { at, count }: Pick<Kill, 'at' | 'count'>,
): Life {
  const { PATH = '', HOME = '' } = process.env
  const life = {
    BUFFER_DB_PATH: bufferIn(folder),
    OFD_API_URL: ofdUrl,
    SEED: String(seed),
    ACCEPT_LOSS: acceptedLoss,
    TILLS_FILE: tillsFile,
  }
  const crash = at === null ? {} : { CRASH_AT: at, CRASH_COUNT: String(count) }
  const moved = Promise.withResolvers<void>()
  const child = spawn(program, args, {
    env: { PATH, HOME, ...SETTINGS, ...life, ...crash, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const service = follow(child, log, (entry) => {
    if (MOVES.includes(entry.event) || entry['at'] === 'ofd') moved.resolve()
  })
  return { ...service, moved: moved.promise }
}

const MOVES = ['receipt_synced', 'receipts_synced', 'receipt_not_delivered', 'receipt_dead_lettered']

const logEntry = z.looseObject({ event: z.string() })
export type LogEntry = z.infer<typeof logEntry>
const listening = z.object({ event: z.literal('listening'), port: z.int().positive() })

/** Follows a process's log. `killAll` ends the process if nothing else does. */
export function follow(
  child: ChildProcess & { stdout: Readable; stderr: Readable },
  log: Log,
  onEntry: (entry: LogEntry) => void,
): Service {
  const url = Promise.withResolvers<string>()
  createInterface(child.stdout).on('line', (line) => {
    log(line)
    const read = readEntry(line)
    if (read === undefined) return
    const listens = listening.safeParse(read)
    if (listens.success) url.resolve(`http://127.0.0.1:${listens.data.port}`)
    onEntry(read)
  })
  createInterface(child.stderr).on('line', log)
  running.add(child)
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    return signal ?? code
  })
  return { child, url: url.promise, ended }
}

/** The last line of a killed process may be cut off. */
function readEntry(line: string): LogEntry | undefined {
  try {
    return logEntry.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
