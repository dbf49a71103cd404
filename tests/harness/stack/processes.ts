import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { orMissing, run, signalGroup } from './run.ts'
import { until } from './until.ts'

/** The adapter promises to be done within 2 s of SIGTERM. */
const END_GRACE_MS = 4_000
/** The kernel needs no longer to clear away what it was told to kill. */
const KILL_GRACE_MS = 2_000

type Launch = {
  command: string[]
  cwd: string
  env: Record<string, string>
  logPath: string
  /** Differs when what would run now is not what runs. */
  fingerprint: string
}

/** What is written down of a process, so that another command, or one after a crash, can find it again. */
export type ProcessRecord = { name: string; pid: number; identity: string; fingerprint: string }

/** The processes of one local stack, each by a file in `folder` that is named for it. */
export function processTable(folder: string) {
  /** Writes down a process that was started detached. */
  async function record(name: string, pid: number, fingerprint = ''): Promise<ProcessRecord> {
    const one = { ...(await recordOf(name, pid)), fingerprint }
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/${name}`, [pid, one.identity, fingerprint].join('\n'))
    return one
  }

  /** Starts a process that outlives this one. */
  async function launch(name: string, { command, cwd, env, logPath, fingerprint }: Launch): Promise<ProcessRecord> {
    const log = openSync(logPath, 'a')
    try {
      const child = orMissing(command, () =>
        Bun.spawn(command, { cwd, env, stdin: 'ignore', stdout: log, stderr: log, detached: true }),
      )
      child.unref()
      return await record(name, child.pid, fingerprint)
    } finally {
      closeSync(log)
    }
  }

  /** Those that still run. */
  async function running(): Promise<ProcessRecord[]> {
    const found: ProcessRecord[] = []
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const one = parseRecord(name, readFileSync(`${folder}/${name}`, 'utf8'))
      if (await isRunning(one)) found.push(one)
    }
    return found
  }

  /** Ends a process by its id, gently and then not, each time only when the id is certain to be its own still. */
  async function end(one: ProcessRecord): Promise<void> {
    const gone = async () => !(await isRunning(one))
    for (const [signal, withinMs] of [
      ['SIGTERM', END_GRACE_MS],
      ['SIGKILL', KILL_GRACE_MS],
    ] as const) {
      if (await gone()) break
      signalGroup(one.pid, signal)
      await until(gone, { withinMs, evenWhenInterrupted: true })
    }
    rmSync(`${folder}/${one.name}`, { force: true })
  }

  return { record, launch, running, end }
}

export const recordOf = async (name: string, pid: number): Promise<ProcessRecord> => ({
  name,
  pid,
  identity: (await identify(pid)) ?? '',
  fingerprint: '',
})

export const isRunning = async (one: ProcessRecord): Promise<boolean> => (await identify(one.pid)) === one.identity

/**
 * What tells a process from a later one that was given the same id: when it started.
 * @returns undefined when there is none, or one that is dead and only not yet cleared away
 */
async function identify(pid: number): Promise<string | undefined> {
  const proc = `/proc/${pid}/stat`
  if (process.platform === 'linux') return existsSync(proc) ? startTicks(readFileSync(proc, 'utf8')) : undefined
  const ps = ['ps', '-o', 'lstart=', '-p', String(pid)]
  return (await run(ps, { cwd: '/', output: 'kept', evenWhenInterrupted: true })).stdout.trim() || undefined
}

/** The start time in /proc/<pid>/stat. The second column, the program's name, may itself hold spaces and brackets. */
export function startTicks(stat: string): string | undefined {
  const [state, ...columns] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? undefined : columns[18]
}

/** A file that a crash cut short names no process that ever ran. */
export function parseRecord(name: string, text: string): ProcessRecord {
  const [pid, identity = '', fingerprint = ''] = text.split('\n')
  return { name, pid: Number(pid), identity, fingerprint }
}
