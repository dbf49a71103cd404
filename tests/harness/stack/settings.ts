import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { Stop } from './stop.ts'

export type Settings = Readonly<Record<string, string>>
type Variables = Readonly<Record<string, string | undefined>>

/** The stack's services, and those that watch them. */
export const COMPOSE_FILES = ['services/compose.yml', 'services/observe/compose.yml'] as const

/** Every setting of the stack with its default. The Compose files are the one place where they are written. */
export const readDefaults = (root: string): Settings =>
  parseDefaults(COMPOSE_FILES.map((path) => readFileSync(`${root}/${path}`, 'utf8')).join('\n'))

/** Reads the `${NAME:-default}` of a Compose file. */
export const parseDefaults = (composeFile: string): Settings =>
  Object.fromEntries(
    [...composeFile.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name = '', value = '']) => [name, value]),
  )

/**
 * The user's settings in `.env.test`, which Compose reads too.
 * @throws Stop when the file is missing or in UTF-16, because Compose would stop too
 */
export function readOwnSettings(root: string): Variables {
  const bytes = readOwnFile(root)
  if (isUtf16(bytes)) {
    throw new Stop(
      'The file .env.test is in UTF-16: save it as UTF-8 in an editor, or in PowerShell by Set-Content -Encoding utf8.',
    )
  }
  // TextDecoder leaves out a byte order mark.
  return parseEnv(new TextDecoder().decode(bytes))
}

function readOwnFile(root: string): Buffer {
  try {
    return readFileSync(`${root}/.env.test`)
  } catch {
    throw new Stop('The file .env.test cannot be read: git checkout .env.test brings it back, and it may be empty.')
  }
}

/** Windows' Notepad writes a byte order mark first. Without one, each letter of a setting's name has a zero byte. */
const isUtf16 = (bytes: Buffer) => /^(fffe|feff)/.test(bytes.toString('hex', 0, 2)) || bytes.includes(0)

/** Each setting that the user gives, from the last layer that sets it. An empty value counts as not set, as in the services. */
export const givenSettings = (...layers: Variables[]): Settings =>
  Object.fromEntries(
    layers.flatMap((layer) =>
      Object.entries(layer).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
    ),
  )

/** Each setting that has a default, from the last layer that sets it. */
export function mergeSettings(defaults: Settings, ...layers: Variables[]): Settings {
  const given = givenSettings(...layers)
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, given[name] ?? value]))
}

/** @throws Stop naming the variable, what it got and what it takes */
export function portSetting(settings: Settings, variable: string): number {
  const value = settings[variable] ?? ''
  const port = Number(value)
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port
  throw new Stop(`${variable} is ${JSON.stringify(value)}: it takes a port number from 1 to 65535.`)
}
