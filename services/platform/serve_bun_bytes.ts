import { dlopen, ptr } from 'bun:ffi'
import { readdirSync, readlinkSync } from 'node:fs'
import { connectionsTo } from './connection_table.ts'

/** A connection, by the port here and by its other end as `peerName` writes it. */
type Ends = { localPort: number; peer: string }

/** `SHUT_WR` of Linux. */
const NO_MORE_WRITING = 1

/**
 * Writes to a connection behind the server's back. The server offers no such thing, so it is done with the system's own
 * calls, on Linux alone.
 * @returns false where that is not possible, or where not all of it fitted what is buffered for the connection
 */
export function sendBytes(ends: Ends, bytes: Uint8Array): boolean {
  const open = reach(ends)
  return open !== null && open.write(open.fd, ptr(bytes), bytes.length) === BigInt(bytes.length)
}

/** The same, and ends the sending side: the client gets these bytes and a FIN. */
export function endConnection(ends: Ends, bytes: Uint8Array): boolean {
  const open = reach(ends)
  if (open === null) return false
  open.write(open.fd, ptr(bytes), bytes.length)
  return open.shutdown(open.fd, NO_MORE_WRITING) === 0
}

function reach(ends: Ends) {
  const fd = descriptorOf(ends)
  const libc = fd === null ? null : openLibc()
  return fd === null || libc === null ? null : { fd, ...libc.symbols }
}

function openLibc() {
  try {
    return dlopen('libc.so.6', {
      write: { args: ['i32', 'ptr', 'usize'], returns: 'i64' },
      shutdown: { args: ['i32', 'i32'], returns: 'i32' },
    })
  } catch {
    return null
  }
}

/** The kernel lists connections by their ends and inodes, and this process's descriptors by inode. */
function descriptorOf({ localPort, peer }: Ends): number | null {
  for (const row of connectionsTo(localPort)) {
    if (row.peer !== peer) continue
    const fd = openDescriptors().find((name) => linkOf(name) === `socket:[${row.inode}]`)
    if (fd !== undefined) return Number(fd)
  }
  return null
}

const openDescriptors = () => orNothing(() => readdirSync('/proc/self/fd'))
const linkOf = (fd: string) => orNothing(() => [readlinkSync(`/proc/self/fd/${fd}`)])[0]

/** Descriptors close while they are looked at. */
function orNothing(read: () => string[]): string[] {
  try {
    return read()
  } catch {
    return []
  }
}
