import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, platform } from 'node:os'

/**
 * Identifies this process so that another one can tell whether it still lives: `space|pid|instance`. A process id is
 * unique only within one space: one boot of one machine, and there one PID namespace (a container has its own).
 */
export function processIdentity(instance: string): string {
  return `${space()}|${process.pid}|${instance}`
}

/** True when the process is certainly gone; false when it lives or when that cannot be known here. */
export function isCertainlyGone(identity: string, own: string): boolean {
  const [theirSpace, theirPid] = identity.split('|')
  const [ownSpace, ownPid] = own.split('|')
  if (theirSpace !== ownSpace || identity === own) return false
  if (theirPid === ownPid) return true
  try {
    process.kill(Number(theirPid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

function space(): string {
  try {
    if (platform() !== 'linux') return hostname()
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    // When spaces cannot be told apart, each process gets a space of its own.
    return randomUUID()
  }
}
