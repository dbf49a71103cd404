import { Database, SQLiteError } from 'bun:sqlite'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { StackRequest } from './args.ts'
import { isRunning, type ProcessRecord, parseRecord, recordOf } from './processes.ts'
import { Stop } from './stop.ts'
import { until } from './until.ts'

/** Whose the stack is that a command works on: started by a run of the tests, and gone with it, or the user's. */
type Owner = 'run' | 'user'

/** The command that works on a stack, and the stack's project. */
type Claimant = Pick<StackRequest, 'command' | 'project'>

/** What is written down of the claim's holder. It stays when the holder is killed. */
type Holder = {
  process: ProcessRecord
  owner: Owner
  command: string
  /** Local time of day. */
  since: string
}

export type Claim = {
  /** A run that was killed has left its stack behind. */
  isLeftover: boolean
  own(owner: Owner): void
  release(): void
}

/** A holder writes down who it is within milliseconds of getting the claim. */
const HOLDER_KNOWN_WITHIN_MS = 1_000

/**
 * Works on a stack while no other command does.
 * @throws Stop when another one does
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
 * Gives a project's stack to one command at a time. Two that start processes would overwrite each other's records of
 * them, and what ends a stack would end it under a run of the tests.
 * @param knownWithinMs how long a holder is waited for that has not written down yet who it is
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
    // Put in place whole, because another command may read it at any time.
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
      // A command that failed early has done nothing about a killed run's stack: the next one has to know of it.
      if (!isLeftover) rmSync(path, { force: true })
      unlock()
    },
  }
}

/** The projects whose own stacks were left behind by runs that were killed. */
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
 * Waits no longer than it takes to learn who has the lock.
 * @returns what gives the lock back
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
 * Locks a file, which stays: one that is removed could be locked by one command and made again by another. The lock is
 * SQLite's, and so the kernel's, which gives it to one process alone and takes it back when that process is gone.
 * @returns undefined when the lock is taken
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

/** Beside the folders of the stacks, which are removed with them. */
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
