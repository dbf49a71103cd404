import { run } from './run.ts'
import { Stop } from './stop.ts'

export const MODES = ['compose', 'local'] as const
export type Mode = (typeof MODES)[number]

/** What this machine offers for Compose: the engine's version, or why it cannot be used. */
export type Engine = { version: string } | { lacks: string }

export async function findEngine(root: string): Promise<Engine> {
  if (Bun.which('docker') === null) return { lacks: 'Docker is not installed' }
  const engine = await run(['docker', 'version', '--format', '{{.Server.Version}}'], { cwd: root, output: 'kept' })
  if (engine.exitCode !== 0) return { lacks: 'no Docker engine answers' }
  const plugin = await run(['docker', 'compose', 'version'], { cwd: root, output: 'kept' })
  if (plugin.exitCode !== 0) return { lacks: "Docker's Compose plugin is not installed" }
  return { version: engine.stdout.trim() }
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
