import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { jsonOrUndefined } from '../../../services/platform/json_text.ts'
import { processTable } from './processes.ts'
import { ALL_SERVICES } from './services.ts'
import type { Settings } from './settings.ts'
import type { Context, Found } from './stack.ts'

/** The folders of a local stack. */
export function localFolders(root: string, project: string) {
  const folder = `${root}/.stack/${project}`
  return { folder, logs: `${folder}/logs`, data: `${folder}/data`, processes: `${folder}/processes` }
}

type Remembered = Pick<Context, 'root' | 'project' | 'settings' | 'reloads'>

const settingsPath = (root: string, project: string) => `${localFolders(root, project).folder}/settings.json`

/** Writes down how the stack is started, for later commands. */
export function remember({ root, project, settings, reloads }: Remembered): void {
  mkdirSync(localFolders(root, project).folder, { recursive: true })
  const path = settingsPath(root, project)
  // The mode counts only for a new file.
  rmSync(path, { force: true })
  writeFileSync(path, JSON.stringify({ reloads, settings }, null, 2), { mode: 0o600 })
}

/** @returns undefined when none of the stack's processes runs */
export async function findProcesses(root: string, project: string): Promise<Found | undefined> {
  const names = (await processTable(localFolders(root, project).processes).running()).map(({ name }) => name)
  const running = ALL_SERVICES.map(({ name }) => name).filter((name) => names.includes(name))
  const path = settingsPath(root, project)
  if (running.length === 0 || !existsSync(path)) return undefined
  return { running, from: root, startedAtMs: statSync(path).mtimeMs, ...parseRemembered(readFileSync(path, 'utf8')) }
}

/** A file that a crash cut short has no settings. */
export function parseRemembered(json: string): { settings: Settings; reloads: boolean } {
  const parsed = jsonOrUndefined(json)
  if (!isObject(parsed) || !isObject(parsed['settings'])) return { settings: {}, reloads: false }
  const settings = Object.entries(parsed['settings']).map(([name, value]) => [name, String(value)])
  return { settings: Object.fromEntries(settings), reloads: parsed['reloads'] === true }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
