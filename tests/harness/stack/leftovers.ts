import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { run, signalGroup } from './run.ts'
import { until } from './until.ts'

/** What was told to end has ended by then. */
const END_MS = 1_000

/** What is in the working tree and is neither committed nor ignored. Nothing where there is no repository. */
export async function untrackedFiles(root: string): Promise<string[]> {
  if (!existsSync(`${root}/.git`) || Bun.which('git') === null) return []
  const list = ['git', 'ls-files', '--others', '--exclude-standard']
  const { stdout } = await run(list, { cwd: root, output: 'kept', evenWhenInterrupted: true })
  return stdout.split('\n').filter(Boolean)
}

/**
 * Ends what a program has started, itself or through others, and left running: the rest of the group that `run` gave it.
 * @param withinMs time for it to end by itself
 * @returns a line each; nothing where there is no /proc
 */
export async function endLeaked(groupId: number, withinMs = END_MS): Promise<string[]> {
  await until(() => membersOf(groupId).length === 0, { withinMs, evenWhenInterrupted: true })
  const leaked = membersOf(groupId).map(
    (pid) => `${readOrEmpty(`/proc/${pid}/cmdline`).split('\0').join(' ').trim()} (process ${pid})`,
  )
  if (leaked.length > 0) signalGroup(groupId, 'SIGKILL')
  return leaked
}

function membersOf(groupId: number): string[] {
  const pids = existsSync('/proc/self/stat') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []
  return pids.filter((pid) => groupOf(readOrEmpty(`/proc/${pid}/stat`)) === groupId)
}

/** The group in /proc/<pid>/stat, if it lives. The second column, the program's name, may hold spaces and brackets. */
export function groupOf(stat: string): number | undefined {
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' || group === undefined ? undefined : Number(group)
}

/** Processes end while they are looked at. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
