import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readOrEmpty, statColumns } from './proc.ts'
import { missing, run, signalGroup } from './run.ts'
import { until } from './until.ts'

/** The adapter promises to end within 2 s of SIGTERM. */
const END_GRACE_MS = 4_000
/** Ample for the kernel to clear away a killed process. */
const KILL_GRACE_MS = 2_000

/** Becomes the command that it is given. */
const BOUNDED_LOG = `${import.meta.dir}/bounded_log`

type Launch = {
  command: string[]
  cwd: string
  env: Record<string, string>
  logPath: string
  /** Differs where a new start would run something else. */
  fingerprint: string
}

/** A process as written down, so that a later command can find it again, even after a crash. */
export type ProcessRecord = { name: string; pid: number; identity: string; fingerprint: string }

/** The processes of one local stack. Each has a file in `folder` that bears its name. */
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
    const [program = ''] = command
    if (Bun.which(program, { PATH: env['PATH'] ?? '', cwd }) === null) throw missing(program)
    const child = Bun.spawn([BOUNDED_LOG, logPath, ...command], {
      cwd,
      env,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
      detached: true,
    })
    child.unref()
    return record(name, child.pid, fingerprint)
  }

  /** The processes that still run. */
  async function running(): Promise<ProcessRecord[]> {
    const found: ProcessRecord[] = []
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const one = parseRecord(name, readFileSync(`${folder}/${name}`, 'utf8'))
      if (await isRunning(one)) found.push(one)
    }
    return found
  }

  /** Ends a process, first with SIGTERM, then with SIGKILL. Checks each time that the id still belongs to it. */
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
 * The start time, which tells a process from a later one with the same id.
 * @returns undefined for a process that is gone or a zombie
 */
async function identify(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return startTicks(readOrEmpty(`/proc/${pid}/stat`))
  const ps = ['ps', '-o', 'lstart=', '-p', String(pid)]
  return (await run(ps, { cwd: '/', output: 'kept', evenWhenInterrupted: true })).stdout.trim() || undefined
}

/** The start time of a living process, from its /proc/<pid>/stat. */
export const startTicks = (stat: string): string | undefined => statColumns(stat)[19]

/** A file that a crash cut short names a process that never ran. */
export function parseRecord(name: string, text: string): ProcessRecord {
  const [pid, identity = '', fingerprint = ''] = text.split('\n')
  return { name, pid: Number(pid), identity, fingerprint }
}
