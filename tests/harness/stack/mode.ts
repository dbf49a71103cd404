import { lastLines } from './output.ts'
import { run } from './run.ts'
import { Stop } from './stop.ts'

export const MODES = ['compose', 'local'] as const
export type Mode = (typeof MODES)[number]

/** What this machine offers for Compose: the engine's version, or why it cannot be used. */
export type Engine = { version: string } | { lacks: string }

/** An engine that is well answers in milliseconds, one that has just been started in seconds. */
export const DOCKER_ANSWERS_WITHIN_MS = 10_000

/** By the PATH that there is now: Bun goes by that of its start unless it is told. */
export const hasDocker = (): boolean => Bun.which('docker', { PATH: process.env['PATH'] ?? '' }) !== null

/** @param withinMs for each of the questions that Docker is asked */
export async function findEngine(root: string, withinMs = DOCKER_ANSWERS_WITHIN_MS): Promise<Engine> {
  if (!hasDocker()) return { lacks: 'Docker is not installed' }
  const ask = (...args: string[]) => run(['docker', ...args], { cwd: root, output: 'kept', withinMs })
  const late = { lacks: `Docker did not answer within ${withinMs / 1000} s` }
  const engine = await ask('version', '--format', '{{.Server.Version}}')
  if (engine.isLate) return late
  if (engine.exitCode !== 0) return { lacks: whyNone(engine.stderr) }
  const plugin = await ask('compose', 'version')
  if (plugin.isLate) return late
  if (plugin.exitCode !== 0) return { lacks: "Docker's Compose plugin is not installed" }
  return { version: engine.stdout.trim() }
}

/** An engine may be there and refuse: then Docker's own line says what to mend. */
function whyNone(said: string): string {
  const line = lastLines(said, 1).trim()
  const isAbsent = /(if|is) the (docker )?daemon (is )?running/i.test(line) && !/permission denied/i.test(line)
  return isAbsent || line === '' ? 'no Docker engine answers' : `Docker says: ${line}`
}

/**
 * Which way to run, and why, for the first line that is printed.
 * @param localRuns whether there is a local stack to be looked at, which then decides
 * @param engine asked only where it matters, for an engine that hangs keeps one waiting
 * @throws Stop when Compose was asked for and cannot be had
 */
export async function chooseMode(
  asked: Mode | undefined,
  localRuns: boolean,
  engine: () => Promise<Engine>,
): Promise<{ mode: Mode; why: string }> {
  if (asked === 'local') return { mode: 'local', why: 'MODE=local' }
  if (asked === undefined && localRuns) return { mode: 'local', why: 'a local stack is up' }
  const found = await engine()
  if ('version' in found) return { mode: 'compose', why: `Docker ${found.version} answers` }
  if (asked === undefined) return { mode: 'local', why: found.lacks }
  throw new Stop(`MODE=compose cannot be had, for ${found.lacks}: mend that, or take MODE=local.`)
}
