import { existsSync } from 'node:fs'
import { commandOf, processIds, readOrEmpty, statColumns } from './proc.ts'
import { run, signalGroup } from './run.ts'
import { until } from './until.ts'

/** Processes that were told to end have ended by then. */
const END_MS = 1_000

/** Files of the working tree that are neither committed nor ignored. None where there is no repository. */
export async function untrackedFiles(root: string): Promise<string[]> {
  if (!existsSync(`${root}/.git`) || Bun.which('git') === null) return []
  const list = ['git', 'ls-files', '--others', '--exclude-standard']
  const { stdout } = await run(list, { cwd: root, output: 'kept', evenWhenInterrupted: true })
  return stdout.split('\n').filter(Boolean)
}

/**
 * Ends the processes that a program has left running, those of its children too: the rest of the group that `run` gave it.
 * @param withinMs time for them to end by themselves
 * @returns a line for each, and none where there is no /proc
 */
export async function endLeaked(groupId: number, withinMs = END_MS): Promise<string[]> {
  await until(() => membersOf(groupId).length === 0, { withinMs, evenWhenInterrupted: true })
  const leaked = membersOf(groupId).map((pid) => `${commandOf(pid)} (process ${pid})`)
  if (leaked.length > 0) signalGroup(groupId, 'SIGKILL')
  return leaked
}

const membersOf = (groupId: number): string[] =>
  processIds().filter((pid) => groupOf(readOrEmpty(`/proc/${pid}/stat`)) === groupId)

/** The process group of a living process, from its /proc/<pid>/stat. */
export function groupOf(stat: string): number | undefined {
  const [, , group] = statColumns(stat)
  return group === undefined ? undefined : Number(group)
}
