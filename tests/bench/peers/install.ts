import { run } from '../../harness/stack/run.ts'
import { NotMeasured } from '../row.ts'

/** Of packages of some megabytes. */
const INSTALLS_WITHIN_MS = 60_000

/** Bun's words when it does not reach the registry, or when something in between answers instead. */
const UNREACHED =
  /\b(ConnectionRefused|ConnectionClosed|ConnectionReset|ConnectionTimeout|Timeout|DNSResolveFailed|FailedToOpenSocket|NetworkUnreachable|HostUnreachable|CERT_\w+|\w+_CERT\w*)\b|\bGET \S+ - \d{3}\b/

/**
 * Installs the queues that the journal is compared with, in the versions of their own lockfile. Packages that are there
 * already need no registry.
 * @throws NotMeasured where no registry is reached
 */
export async function installPeers(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const command = [process.execPath, 'install', '--frozen-lockfile', '--no-progress']
  const { exitCode, stderr, isLate } = await run(command, {
    cwd: folder,
    env,
    output: 'kept',
    withinMs: INSTALLS_WITHIN_MS,
  })
  if (exitCode === 0) return
  throw isLate ? new NotMeasured('the npm registry took too long') : failedInstall(stderr)
}

/** @param stderr of Bun, which failed */
export function failedInstall(stderr: string): Error {
  const code = UNREACHED.exec(stderr)?.[0]
  if (code !== undefined) return new NotMeasured(`it takes an npm registry, and none is reached (${code})`)
  return new Error(`The packages to compare with were not installed: ${stderr.trim()}`)
}
