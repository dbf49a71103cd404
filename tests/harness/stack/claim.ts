import { Database, SQLiteError } from 'bun:sqlite'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { StackRequest } from './args.ts'
import { isRunning, type ProcessRecord, parseRecord, recordOf } from './processes.ts'
import { Stop } from './stop.ts'
import { until } from './until.ts'

/** The owner of a stack: a run of the tests, which removes it at its end, or the user. */
type Owner = 'run' | 'user'

/** A command, and the project on whose stack it works. */
type Claimant = Pick<StackRequest, 'command' | 'project'>

/** The holder of a claim, as written down in its file. The file stays when the holder is killed. */
type Holder = {
  process: ProcessRecord
  owner: Owner
  command: string
  /** The local time of day. */
  since: string
}

export type Claim = {
  /** Whether a killed run has left its stack behind. */
  isLeftover: boolean
  own(owner: Owner): void
  release(): void
}

/** A holder is written down within milliseconds of getting the claim. */
const HOLDER_KNOWN_WITHIN_MS = 1_000

/**
 * Works on a stack while no other command does.
 * @throws Stop when another command does
 */
export async function whileClaimed<T>(root: string, by: Claimant, work: (claim: Claim) => Promise<T>): Promise<T> {
  const claim = await claimStack(root, by)
  try {
    return await work(claim)
  } finally {
    claim.release()
  }
}

/**
 * Gives a project's stack to one command at a time. Two commands that start processes would overwrite each other's records of
 * them, and one that ends the stack would end it under a run of the tests.
 * @param knownWithinMs how long to wait for a holder that is not written down yet
 * @throws Stop when another command has it
 */
export async function claimStack(
  root: string,
  { project, command }: Claimant,
  knownWithinMs = HOLDER_KNOWN_WITHIN_MS,
): Promise<Claim> {
  mkdirSync(claimsFolder(root), { recursive: true })
  const path = holderPath(root, project)
  const self = await recordOf(project, process.pid)
  const since = new Date().toTimeString().slice(0, 8)
  const unlock = await lockOrStop(root, project, knownWithinMs)
  const earlier = readHolder(root, project)
  let isLeftover = earlier?.owner === 'run'
  const own = (owner: Owner) => {
    // Moved into place in one step, because another command may read it at any time.
    writeFileSync(`${path}.new`, [self.pid, self.identity, owner, command, since].join('\n'))
    renameSync(`${path}.new`, path)
  }
  own(isLeftover ? 'run' : 'user')
  return {
    isLeftover,
    own(owner) {
      isLeftover = false
      own(owner)
    },
    release() {
      // A command that failed early has not dealt with a killed run's stack, so the next command has to know of it.
      if (!isLeftover) rmSync(path, { force: true })
      unlock()
    },
  }
}

/** The projects whose stacks were left behind by killed runs. */
export async function killedRuns(root: string): Promise<string[]> {
  const names = existsSync(claimsFolder(root)) ? readdirSync(claimsFolder(root)) : []
  const dead: string[] = []
  for (const project of names.filter((name) => !name.includes('.'))) {
    const holder = readHolder(root, project)
    if (holder?.owner === 'run' && !(await isRunning(holder.process))) dead.push(project)
  }
  return dead
}

/**
 * Waits only until the lock's holder is known.
 * @returns a function that releases the lock
 */
async function lockOrStop(root: string, project: string, knownWithinMs: number): Promise<() => void> {
  const met: { unlock?: (() => void) | undefined; holder?: Holder | undefined } = {}
  const isDecided = async () => {
    met.unlock = lock(`${holderPath(root, project)}.lock`)
    if (met.unlock) return true
    const written = readHolder(root, project)
    if (written && (await isRunning(written.process))) met.holder = written
    return met.holder !== undefined
  }
  await until(isDecided, { withinMs: knownWithinMs })
  if (met.unlock) return met.unlock
  throw atWork(met.holder)
}

/**
 * Locks a file. The file stays: once removed, it could be locked by one command and created again by another. The lock is
 * SQLite's, and so the kernel's, which gives it to one process and takes it back when that process ends.
 * @returns undefined when another process has the lock
 */
function lock(path: string): (() => void) | undefined {
  const file = new Database(path)
  try {
    file.run('BEGIN IMMEDIATE')
  } catch (error) {
    file.close()
    if (error instanceof SQLiteError && error.code === 'SQLITE_BUSY') return undefined
    throw error
  }
  return () => {
    file.run('ROLLBACK')
    file.close()
  }
}

/** Apart from the stacks' folders, which are removed with them. */
const claimsFolder = (root: string) => `${root}/.stack/.claims`

const holderPath = (root: string, project: string) => `${claimsFolder(root)}/${project}`

function readHolder(root: string, project: string): Holder | undefined {
  const path = holderPath(root, project)
  try {
    const text = readFileSync(path, 'utf8')
    const [, , owner, command = '', since = ''] = text.split('\n')
    return { process: parseRecord(project, text), owner: owner === 'run' ? 'run' : 'user', command, since }
  } catch {
    return undefined
  }
}

const atWork = (holder: Holder | undefined) => {
  const who = holder ? `make ${holder.command} (pid ${holder.process.pid}, since ${holder.since})` : 'Another command'
  return new Stop(`${who} is at work on this stack: wait for it, or end it with Ctrl-C there.`)
}
