import { dlopen, ptr } from 'bun:ffi'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

type Ends = { localPort: number; peer: { address: string; port: number } }

/** `SHUT_WR` of Linux. */
const NO_MORE_WRITING = 1

/**
 * Writes to a connection behind the server's back, and ends its sending side: the client gets these bytes and a FIN. The
 * server offers no such thing, so it is done with the system's own calls, on Linux alone.
 * @returns false where that is not possible
 */
export function endConnection(ends: Ends, bytes: Uint8Array): boolean {
  const fd = descriptorOf(ends)
  const libc = fd === null ? null : openLibc()
  if (fd === null || libc === null) return false
  libc.symbols.write(fd, ptr(bytes), bytes.length)
  return libc.symbols.shutdown(fd, NO_MORE_WRITING) === 0
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
  const remote = `${hexOfIpv4(peer.address)}:${hex(peer.port, 4)}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(table)) {
      const [, local, other, , , , , , , inode] = line.trim().split(/\s+/)
      if (!local?.endsWith(`:${hex(localPort, 4)}`) || !other?.endsWith(remote)) continue
      const fd = openDescriptors().find((name) => linkOf(name) === `socket:[${inode}]`)
      if (fd !== undefined) return Number(fd)
    }
  }
  return null
}

/** As the tables write it: the bytes backwards. Of other addresses nothing, so that the port decides. */
function hexOfIpv4(address: string): string {
  const bytes = address.split(':').at(-1)?.split('.') ?? []
  return bytes.length === 4
    ? bytes
        .reverse()
        .map((byte) => hex(Number(byte), 2))
        .join('')
    : ''
}

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')
const readLines = (path: string) => orNothing(() => readFileSync(path, 'utf8').split('\n'))
const openDescriptors = () => orNothing(() => readdirSync('/proc/self/fd'))
const linkOf = (fd: string) => orNothing(() => [readlinkSync(`/proc/self/fd/${fd}`)])[0]

/** Other systems have no such files, and descriptors close while they are looked at. */
function orNothing(read: () => string[]): string[] {
  try {
    return read()
  } catch {
    return []
  }
}
