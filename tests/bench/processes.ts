import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Stop } from '../harness/stack/stop.ts'
import { until } from '../harness/stack/until.ts'
import type { Spent } from './cost.ts'
import { NotMeasured } from './row.ts'

const LISTENS_WITHIN_MS = 60_000
/** Short, for starts are measured. */
const LISTENS_POLL_MS = 2
const ENDS_WITHIN_MS = 5000

export type Started = {
  pid: number
  url: string
  /** The resident memory in bytes. @throws NotMeasured where the system does not tell */
  residentBytes(): number
  /** The most that it ever was. @throws NotMeasured */
  highestResidentBytes(): number
  processorMicros: Spent
  /** Ends it in order, as an operator would. */
  end(): Promise<void>
}

type StartOptions = {
  settings?: Record<string, string>
  /** A program, with its arguments, that runs it. */
  wrapper?: string[] | undefined
}

/** Starts programs, each a process of its own, whose output goes to a file as that of a service does. */
export function createProcesses(logFolder: string) {
  const running = new Set<ChildProcess>()
  let started = 0

  /**
   * @param checkout where it runs, and the entry is
   * @returns once it says on which port it listens
   */
  async function start(
    checkout: string,
    entry: string,
    { settings = {}, wrapper = [] }: StartOptions = {},
  ): Promise<Started> {
    const logPath = join(logFolder, `${++started}.log`)
    const log = openSync(logPath, 'w')
    const [program = '', ...args] = [...wrapper, process.execPath, '--no-env-file', entry]
    const { PATH = '', HOME = '' } = process.env
    // Detached: Ctrl-C reaches the bench alone, which then ends what it has started.
    const env = { PATH, HOME, HOST: '127.0.0.1', PORT: '0', ...settings }
    const child = spawn(program, args, { cwd: checkout, env, stdio: ['ignore', log, log], detached: true })
    closeSync(log)
    running.add(child)
    child.once('exit', () => running.delete(child))
    let port: string | undefined
    const listens = () => {
      port = /"event":"listening".*?"port":(\d+)/.exec(readFileSync(logPath, 'utf8'))?.[1]
      return port !== undefined || child.exitCode !== null
    }
    await until(listens, { withinMs: LISTENS_WITHIN_MS, pauseMs: LISTENS_POLL_MS })
    if (port === undefined) throw new Stop(`${entry} did not start:\n${readFileSync(logPath, 'utf8')}`)
    const { pid = 0 } = child
    return {
      pid,
      url: `http://127.0.0.1:${port}`,
      residentBytes: () => memoryBytes(pid, 'VmRSS'),
      highestResidentBytes: () => memoryBytes(pid, 'VmHWM'),
      processorMicros: () => processorMicros(pid),
      end: () => end(child),
    }
  }

  return {
    start,
    /** Ends whatever still runs. */
    async endAll(): Promise<void> {
      await Promise.all([...running].map(end))
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  if (!(await until(isOver, { withinMs: ENDS_WITHIN_MS, evenWhenInterrupted: true }))) child.kill('SIGKILL')
  await ended
}

/**
 * @param line of what the kernel tells: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 * @throws NotMeasured where the system does not tell
 */
export function memoryBytes(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kilobytes = new RegExp(`^${line}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {}
  throw new NotMeasured('this system does not tell what memory a process has (/proc)')
}

/** The kernel counts in hundredths of a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK_MICROS = 10_000

export function processorMicros(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    // utime and stime, the 14th and 15th, of which two stand before the bracket.
    const [user, system] = fields.slice(11, 13).map(Number)
    return user === undefined || system === undefined ? null : (user + system) * TICK_MICROS
  } catch {
    return null
  }
}
