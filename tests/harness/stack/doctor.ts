import { accessSync, constants, existsSync, readdirSync, statfsSync } from 'node:fs'
import type { StackRequest } from './args.ts'
import { killedRuns } from './claim.ts'
import { stackImages } from './compose.ts'
import { findContainers } from './compose_found.ts'
import {
  checkoutFinding,
  diskFinding,
  type Finding,
  findingLines,
  LEAST_COMPOSE,
  LEAST_ENGINE,
  note,
  ok,
  versionFinding,
  wrong,
} from './findings.ts'
import { findProcesses } from './local_found.ts'
import { DOCKER_ANSWERS_WITHIN_MS, findEngine, type Mode } from './mode.ts'
import { say } from './output.ts'
import { havePackages } from './packages.ts'
import { portProblems } from './ports.ts'
import { answersOk } from './probe.ts'
import { run } from './run.ts'
import { HTTP_SERVICES, MOCK_KKT, servicesOf } from './services.ts'
import { mergeSettings, portSetting, readDefaults, readOwnSettings } from './settings.ts'
import { settingsFindings } from './settings_findings.ts'
import { settingsFound } from './settle.ts'
import { type Found, heldPorts, missingServices } from './stack.ts'
import { Stop } from './stop.ts'

type CommandLine = (command: string, project?: string) => string

/** The project's stacks that are up. */
type Stacks = Record<Mode, Found | undefined>

/**
 * Checks everything that the stack needs, and prints a line for each.
 * @param commandLine the user's way to call a command. It is about this project, unless it names another
 * @returns 1 where something needed is wrong
 */
export async function examine(
  root: string,
  { project, mode }: Pick<StackRequest, 'project' | 'mode'>,
  commandLine: CommandLine,
): Promise<number> {
  const engine = await findEngine(root)
  const hasEngine = 'version' in engine
  const isNeeded = mode === 'compose'
  const compose = await ask(root, 'docker', 'compose', 'version', '--short')
  const found: Stacks = {
    local: await findProcesses(root, project),
    compose: hasEngine ? await findContainers(root, project) : undefined,
  }
  const findings = [
    versionFinding('Docker engine', { ...engine, least: LEAST_ENGINE, isNeeded }),
    versionFinding('Compose', { ...(compose && { version: compose }), least: LEAST_COMPOSE, isNeeded }),
    ...(hasEngine ? [await images(root)] : []),
    ok('Bun', `${Bun.version} (${process.execPath})`),
    checkout(root),
    packages(root),
    redis(),
    ...(await settingsFindings(root, process.env)),
    await stack(root, project, found, commandLine),
    ...(await ports(root, found)),
    ...(await leftovers(root, commandLine)),
    ...(hasEngine && !found.compose ? await staleContainers(root, project, commandLine) : []),
    await disk(root, hasEngine),
  ]
  say(findingLines(findings))
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0
}

/** Docker's output, or undefined where Docker is missing, fails or hangs. */
async function ask(root: string, program: string, ...args: string[]): Promise<string | undefined> {
  if (Bun.which(program) === null) return undefined
  const limits = { output: 'kept', withinMs: DOCKER_ANSWERS_WITHIN_MS } as const
  const { exitCode, stdout } = await run([program, ...args], { cwd: root, ...limits })
  return exitCode === 0 ? stdout.trim() : undefined
}

async function images(root: string): Promise<Finding> {
  const about = 'images'
  const wanted = stackImages(root)
  const have = await Promise.all(wanted.map((image) => ask(root, 'docker', 'image', 'inspect', '--format', '1', image)))
  const missing = wanted.filter((_, i) => have[i] === undefined)
  if (missing.length > 0) {
    return note(about, `to be pulled: docker pull ${missing.join(' && docker pull ')}`)
  }
  const dangling = (await ask(root, 'docker', 'images', '--quiet', '--filter', 'dangling=true'))?.split('\n') ?? []
  const unused = dangling.filter(Boolean).length
  if (unused === 0) return ok(about, wanted.join(', '))
  return note(about, `${wanted.join(', ')}; ${unused} of earlier builds: docker image prune -f`)
}

/** Its folders may belong to another user, as after sudo. */
function checkout(root: string): Finding {
  const folders = ['', '/.stack', '/test-results', '/node_modules'].map((folder) => root + folder)
  return checkoutFinding(
    folders.filter((folder) => existsSync(folder)),
    (folder) => accessSync(folder, constants.W_OK),
  )
}

const packages = (root: string): Finding =>
  havePackages(root)
    ? ok('packages', 'installed')
    : note('packages', 'not installed yet: make check, or local mode, installs them')

function redis(): Finding {
  const about = 'Redis'
  const path = Bun.which('redis-server')
  if (path !== null) return ok(about, `${path}, for local mode`)
  const said = 'no redis-server: local mode runs without, and what takes Redis is not covered'
  return note(about, `${said} (Debian: apt install redis-server)`)
}

async function stack(root: string, project: string, found: Stacks, commandLine: CommandLine): Promise<Finding> {
  const about = 'stack'
  const one = found.local ?? found.compose
  if (one === undefined) return ok(about, `${project} is not up`)
  const is = `${project} is up ${found.local ? 'in local mode' : 'in Compose'}`
  const missing = missingServices(one)
  if (missing.length > 0) {
    const [logs, up] = [commandLine('logs'), commandLine('up')]
    return wrong(about, `${is}, but without ${missing.join(', ')}: ${logs} shows why, ${up} starts it`)
  }
  const asked = HTTP_SERVICES.filter(({ name }) => one.running.includes(name))
  const isWell = await Promise.all(asked.map((service) => answersOk(service, settingsFound(root, one))))
  const ill = asked.filter((_, i) => !isWell[i]).map(({ name }) => name)
  if (ill.length === 0) return ok(about, `${is} and healthy`)
  const [logs, restart] = [commandLine(`logs SERVICE=${ill[0]}`), commandLine('up BUILD=1')]
  return wrong(about, `${is}, but ${ill.join(', ')} is not healthy: ${logs} shows why, ${restart} restarts all`)
}

async function ports(root: string, found: Stacks): Promise<Finding[]> {
  const about = 'ports'
  const one = found.local ?? found.compose
  try {
    const settings = one
      ? settingsFound(root, one)
      : mergeSettings(readDefaults(root), readOwnSettings(root), process.env)
    const wanted = servicesOf({ hasRegister: one?.running.includes(MOCK_KKT.name) ?? false }).map(
      ({ portVariable: variable }) => ({ variable, port: portSetting(settings, variable) }),
    )
    const held = one ? heldPorts(one) : []
    const problems = await portProblems(root, wanted, held)
    if (problems.length > 0) return problems.map((said) => wrong(about, said))
    const numbers = wanted.map(({ port }) => port).join(', ')
    return [ok(about, `${numbers} are ${held.length > 0 ? "free or this stack's" : 'free'}`)]
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return [wrong(about, error.message)]
  }
}

async function leftovers(root: string, commandLine: CommandLine): Promise<Finding[]> {
  const runs = (await killedRuns(root)).map(
    (project) => `a run of the tests on ${project} was killed: ${commandLine('down', project)}`,
  )
  const data: string[] = []
  for (const project of existsSync(`${root}/.stack`) ? readdirSync(`${root}/.stack`) : []) {
    if (project.startsWith('.') || (await findProcesses(root, project))) continue
    data.push(`data of the local stack ${project}, which does not run: ${commandLine('down', project)} MODE=local`)
  }
  const left = [...runs, ...data]
  if (left.length === 0) return [ok('leftovers', 'none of local runs')]
  return left.map((said) => note('leftovers', said))
}

async function staleContainers(root: string, project: string, commandLine: CommandLine): Promise<Finding[]> {
  const about = 'volumes'
  const label = `label=com.docker.compose.project=${project}`
  const volumes = await ask(root, 'docker', 'volume', 'ls', '--quiet', '--filter', label)
  const containers = await ask(root, 'docker', 'ps', '--all', '--format', '{{.Names}}', '--filter', label)
  const things = [volumes, containers].flatMap((names) => names?.split('\n') ?? []).filter(Boolean)
  if (things.length === 0) return [ok(about, 'none that is stale')]
  return [note(about, `${things.join(', ')} of a stack that does not run: ${commandLine('down')}`)]
}

async function disk(root: string, hasEngine: boolean): Promise<Finding> {
  const engineFolder = hasEngine ? await ask(root, 'docker', 'info', '--format', '{{.DockerRootDir}}') : undefined
  const folders = [root, engineFolder].filter((folder) => folder !== undefined && existsSync(folder))
  const rooms = folders.map((where = root) => ({ where, free: statfsSync(where).bavail * statfsSync(where).bsize }))
  const { where, free } = rooms.reduce((least, one) => (one.free < least.free ? one : least))
  return diskFinding(free, where)
}
