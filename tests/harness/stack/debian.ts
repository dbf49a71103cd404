import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { step } from './output.ts'
import { run } from './run.ts'

/** Debian's packages ask this script before they start a daemon. The stack wants only the program. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d'

/**
 * A program of this machine. Where it is missing, root on Debian installs its package.
 * @returns undefined when it cannot be had
 */
export async function findProgram(root: string, name: string, packageName = name): Promise<string | undefined> {
  const found = Bun.which(name)
  if (found !== null) return found
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0 || Bun.which('apt-get') === null) return undefined
  await step(`Installing Debian's ${packageName}`, () => installQuietly(root, packageName)).catch(() => undefined)
  return Bun.which(name) ?? undefined
}

async function installQuietly(root: string, name: string): Promise<void> {
  const forbid = !existsSync(SERVICE_POLICY)
  if (forbid) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => run(['apt-get', '-qq', ...args], { cwd: root, env, output: 'kept' })
    const install = ['install', '--yes', '--no-install-recommends', name]
    if ((await apt(...install)).exitCode === 0) return
    // The package lists of this machine may be missing or old.
    await apt('update')
    await apt(...install)
  } finally {
    if (forbid) rmSync(SERVICE_POLICY)
  }
}
