import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { processTable } from './processes.ts'
import { SERVICES } from './services.ts'
import type { Settings } from './settings.ts'
import type { Found } from './stack.ts'

/** Where a local stack keeps what it needs. */
export function localFolders(root: string, project: string) {
  const folder = `${root}/.stack/${project}`
  return { folder, logs: `${folder}/logs`, data: `${folder}/data`, processes: `${folder}/processes` }
}

const settingsPath = (root: string, project: string) => `${localFolders(root, project).folder}/settings.json`

/** Writes down what the stack is started with, for the commands that come to it later. */
export function remember(root: string, project: string, settings: Settings): void {
  mkdirSync(localFolders(root, project).folder, { recursive: true })
  writeFileSync(settingsPath(root, project), JSON.stringify(settings, null, 2))
}

/** @returns undefined when none of the stack's processes runs */
export async function findProcesses(root: string, project: string): Promise<Found | undefined> {
  const names = (await processTable(localFolders(root, project).processes).running()).map(({ name }) => name)
  const running = SERVICES.map(({ name }) => name).filter((name) => names.includes(name))
  const path = settingsPath(root, project)
  if (running.length === 0 || !existsSync(path)) return undefined
  return { running, settings: parseSettings(readFileSync(path, 'utf8')), startedAtMs: statSync(path).mtimeMs }
}

function parseSettings(json: string): Settings {
  const parsed: unknown = JSON.parse(json)
  if (typeof parsed !== 'object' || parsed === null) return {}
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]))
}
