import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { Stop } from './stop.ts'

export type Settings = Readonly<Record<string, string>>

/**
 * What `make test` sets instead of `.env.test`. The suites wait many times over for each of these to pass: at the speed
 * that suits a person who watches, they would take minutes. The tests read the values, so that none depends on them.
 */
export const SUITE_SETTINGS: Settings = {
  ODOO_HEARTBEAT_INTERVAL: '0.3',
  CIRCUIT_BREAKER_TIMEOUT: '1',
  SYNC_INTERVAL: '1',
  KKT_PRINT_DELAY_MIN: '0.005',
  KKT_PRINT_DELAY_MAX: '0.02',
  OFD_TIMEOUT: '1',
}

/** The defaults of both modes. Compose reads the same file. */
export function readDefaults(root: string): Settings {
  const defaults: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseEnv(readFileSync(`${root}/.env.test`, 'utf8')))) {
    if (value !== undefined) defaults[name] = value
  }
  return defaults
}

/**
 * Every setting of the stack: the shell's value wins over the suites', which wins over the default. A variable that the
 * shell sets to nothing counts as not set, as it does in the services.
 */
export function mergeSettings(from: {
  defaults: Settings
  suite: Settings
  shell: Record<string, string | undefined>
}): Settings {
  return Object.fromEntries(
    Object.entries({ ...from.defaults, ...from.suite }).map(([name, value]) => [name, from.shell[name] || value]),
  )
}

/** @throws Stop naming the variable, what it got and what it takes */
export function portSetting(settings: Settings, variable: string): number {
  const value = settings[variable] ?? ''
  const port = Number(value)
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port
  throw new Stop(`${variable} is ${JSON.stringify(value)}: it takes a port number from 1 to 65535.`)
}
