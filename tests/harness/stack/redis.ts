import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { step } from './output.ts'
import { run } from './run.ts'

/** Asked by Debian's packages before they start what they bring; the stack wants the program, not a daemon of its own. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d'

/**
 * The machine's redis-server. As root on Debian it is installed when it is missing.
 * @returns undefined when it cannot be had
 */
export async function findRedisServer(root: string): Promise<string | undefined> {
  const found = Bun.which('redis-server')
  if (found !== null) return found
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0 || Bun.which('apt-get') === null) return undefined
  await step("Installing Debian's redis-server", () => installQuietly(root)).catch(() => undefined)
  return Bun.which('redis-server') ?? undefined
}

async function installQuietly(root: string): Promise<void> {
  const forbid = !existsSync(SERVICE_POLICY)
  if (forbid) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => run(['apt-get', '-qq', ...args], { cwd: root, env, output: 'kept' })
    const install = ['install', '--yes', '--no-install-recommends', 'redis-server']
    if ((await apt(...install)).exitCode === 0) return
    // A machine that has never fetched the lists of packages, or whose lists are old.
    await apt('update')
    await apt(...install)
  } finally {
    if (forbid) rmSync(SERVICE_POLICY)
  }
}

/** Whether a Redis answers on this machine's port. */
export function redisAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const answer = (healthy: boolean) => {
      socket.destroy()
      resolve(healthy)
    }
    socket.setTimeout(1_000, () => answer(false))
    socket.once('error', () => answer(false))
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')))
  })
}
