import { randomInt } from 'node:crypto'
import { existsSync, globSync, realpathSync, statSync } from 'node:fs'
import { DEFAULT_PROJECT, type StackRequest } from './args.ts'
import type { Mode } from './mode.ts'
import { say } from './output.ts'
import { registerSettings } from './own_register.ts'
import { randomPorts } from './ports.ts'
import { resultsFolder } from './results.ts'
import { ALL_SERVICES, OBSERVERS, servicesOf } from './services.ts'
import { mergeSettings, readDefaults, readOwnSettings, type Settings } from './settings.ts'
import type { Context, Found } from './stack.ts'
import { Stop } from './stop.ts'

type Shell = Readonly<Record<string, string | undefined>>
type Asked = Pick<StackRequest, 'project' | 'randomPorts' | 'observe' | 'hasRegister'>
/** A stack to be started. `found`: as it is up. */
type Start = { mode: Mode; found: Found | undefined }

export const contextOf = (
  root: string,
  { project, observe, hasRegister }: Asked,
  settings: Settings,
  reloads = false,
): Context => ({
  root,
  reloads,
  observes: observe,
  hasRegister,
  project,
  settings,
  results: resultsFolder(project, DEFAULT_PROJECT),
})

/**
 * The settings for starting a stack. A stack that is up keeps its ports unless the shell names others, because it may have
 * got them at random.
 */
export async function settingsToStart(
  root: string,
  asked: Asked,
  { mode, found }: Start,
  shell: Shell = process.env,
): Promise<Settings> {
  const [defaults, own] = [readDefaults(root), readOwnSettings(root)]
  const variables = [...servicesOf(asked), ...(asked.observe ? OBSERVERS : [])].map(portVariableOf)
  const held = found ? portsOf(found) : {}
  const missing = asked.randomPorts ? variables.filter((variable) => !held[variable]) : []
  const ports = { ...held, ...(await randomPorts(missing, randomInt)) }
  const merged = mergeSettings(defaults, own, ports, shell)
  const settings = asked.hasRegister ? registerSettings(merged, { mode, given: [own, shell], found }) : merged
  const moved = found && differing(mergeSettings(defaults, own, shell), portsOf(found)).length > 0
  if (moved || (found && asked.randomPorts)) say('The stack is up and keeps the ports that it has.')
  if (asked.randomPorts) say(variables.map((variable) => `${variable}=${settings[variable]}`).join(' '))
  return settings
}

/** The settings that a stack was started with. At a restart, the shell's variables win. */
export const settingsFound = (root: string, found: Found, shell: Shell = {}) =>
  mergeSettings(readDefaults(root), found.settings, shell)

/** A line for each way in which this stack is not as the user may expect. */
export function differences(root: string, found: Found, shell: Shell): string[] {
  const settings = settingsFound(root, found)
  const other = differing(settings, shell).map(
    (name) => `${name} is ${isSecret(name) ? 'another one' : settings[name]} there`,
  )
  return [
    ...(other.length > 0 ? [`The shell's settings are not those that it was started with: ${other.join(', ')}.`] : []),
    ...(!found.reloads && newestSourceMs(root) > found.startedAtMs
      ? ['Sources were edited since it started: BUILD=1 lets it run them.']
      : []),
  ]
}

/** The line goes to a terminal and to CI's log. */
const isSecret = (name: string): boolean => /PASSWORD|TOKEN/.test(name)

/**
 * Compose knows one stack of a name on the whole machine. If the checkout that started it is gone, nobody uses it.
 * @returns whether the stack belongs to this checkout
 * @throws Stop when it belongs to another
 */
export function isOwn(root: string, { from }: Found): boolean {
  if (!existsSync(from)) return false
  if (realpathSync(from) === realpathSync(root)) return true
  throw new Stop(
    `The stack is up from another checkout, ${from}: make down there, or have a second one with COMPOSE_PROJECT_NAME=second PORTS=random.`,
  )
}

/** The names of the settings to which `others` gives another value. */
export const differing = (settings: Settings, others: Shell): string[] =>
  Object.keys(settings).filter((name) => others[name] && others[name] !== settings[name])

const portVariableOf = ({ portVariable }: { portVariable: string }) => portVariable

const portsOf = ({ settings }: Found): Settings =>
  Object.fromEntries(
    [...ALL_SERVICES, ...OBSERVERS].map(({ portVariable }) => [portVariable, settings[portVariable] ?? '']),
  )

/** The files that the services consist of. */
export const serviceSources = (root: string): string[] =>
  globSync(['services/**/*.{ts,sql,json}', 'services/start_on_deno'], {
    cwd: root,
    exclude: (path) => path.includes('node_modules') || path.endsWith('.test.ts'),
  }).sort()

export const modifiedMs = (root: string, path: string): number => statSync(`${root}/${path}`).mtimeMs

const newestSourceMs = (root: string) => Math.max(...serviceSources(root).map((path) => modifiedMs(root, path)))
