import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isRunning, type ProcessRecord, parseRecord, recordOf } from './processes.ts'
import { Stop } from './stop.ts'

/** Whose the stack is that a run uses: started by it, and gone with it, or there before. */
type Owner = 'run' | 'user'

export type Claim = {
  /** A run that was killed has left its stack behind. */
  isLeftover: boolean
  own(owner: Owner): void
  release(): void
}

/**
 * Keeps two runs from sharing one stack: each would heal and count away what the other has set up.
 * @throws Stop when a run of this project is under way
 */
export async function claimRun(root: string, project: string): Promise<Claim> {
  const folder = runsFolder(root)
  const path = `${folder}/${project}`
  const self = await recordOf(project, process.pid)
  const write = (owner: Owner, flag: 'w' | 'wx') =>
    writeFileSync(path, [self.pid, self.identity, owner].join('\n'), { flag })

  mkdirSync(folder, { recursive: true })
  const earlier = readRecord(project, path)
  if (earlier && (await isRunning(earlier))) throw underWay(earlier)
  rmSync(path, { force: true })
  try {
    write(earlier?.fingerprint === 'run' ? 'run' : 'user', 'wx')
  } catch {
    throw underWay(readRecord(project, path))
  }
  return {
    isLeftover: earlier?.fingerprint === 'run',
    own: (owner) => write(owner, 'w'),
    release: () => rmSync(path, { force: true }),
  }
}

/** The projects whose own stacks were left behind by runs that were killed. */
export async function killedRuns(root: string): Promise<string[]> {
  const projects = existsSync(runsFolder(root)) ? readdirSync(runsFolder(root)) : []
  const dead: string[] = []
  for (const project of projects) if (await isKilled(root, project)) dead.push(project)
  return dead
}

/** What the user starts or removes is nothing that a run has left behind. */
export async function forgetKilledRun(root: string, project: string): Promise<void> {
  if (await isKilled(root, project)) rmSync(`${runsFolder(root)}/${project}`, { force: true })
}

async function isKilled(root: string, project: string): Promise<boolean> {
  const one = readRecord(project, `${runsFolder(root)}/${project}`)
  return one?.fingerprint === 'run' && !(await isRunning(one))
}

const runsFolder = (root: string) => `${root}/.stack/.runs`

function readRecord(project: string, path: string): ProcessRecord | undefined {
  try {
    return parseRecord(project, readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

const underWay = (by: ProcessRecord | undefined) =>
  new Stop(
    `A run of the tests on this stack is under way (process ${by?.pid}): wait for it, or have a second stack with COMPOSE_PROJECT_NAME=second PORTS=random.`,
  )
