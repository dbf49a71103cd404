import { lastLines } from './output.ts'
import { run } from './run.ts'
import { Stop } from './stop.ts'

export const MODES = ['compose', 'local'] as const
export type Mode = (typeof MODES)[number]

/** The engine's version, or the reason why Compose cannot be used on this machine. */
export type Engine = { version: string } | { lacks: string }

/** A running engine answers in milliseconds, one that has just been started in seconds. */
export const DOCKER_ANSWERS_WITHIN_MS = 10_000

/** Passes the current PATH, because Bun.which uses that of the process's start. */
export const hasDocker = (): boolean => Bun.which('docker', { PATH: process.env['PATH'] ?? '' }) !== null

/** @param withinMs the time limit for each question to Docker */
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

/** An engine may refuse: then Docker's own line says what to mend. */
function whyNone(said: string): string {
  const line = lastLines(said, 1).trim()
  const isAbsent = /(if|is) the (docker )?daemon (is )?running/i.test(line) && !/permission denied/i.test(line)
  return isAbsent || line === '' ? 'no Docker engine answers' : `Docker says: ${line}`
}

/**
 * The mode and the reason for it, for the first line of output.
 * @param localRuns whether a local stack is up, which then decides
 * @param engine called only where it matters, because an engine that hangs makes the user wait
 * @throws Stop when Compose was asked for and cannot be used
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
  throw new Stop(`MODE=compose is not possible, because ${found.lacks}: mend that, or take MODE=local.`)
}
