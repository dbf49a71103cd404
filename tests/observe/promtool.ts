/** Prometheus and its tool, which Debian has in one package. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The reason why nothing here can use them, or null. Printed once a file, because its tests are skipped then. */
export function withoutPrometheus(program: 'promtool' | 'prometheus'): boolean {
  if (!spawnSync(program, ['--version']).error) return false
  process.stderr.write(`Skipped: there is no ${program} here (Debian: apt install prometheus).\n`)
  return true
}

/** @returns its exit code, and all that it said */
export function promtool(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: root, input, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}
