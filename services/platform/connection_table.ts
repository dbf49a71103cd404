import { readFileSync } from 'node:fs'

type Row = {
  /** The other end, as `peerName` writes it. */
  peer: string
  /** Ended by neither side. */
  isOpen: boolean
  /** What a descriptor of this connection is linked to. */
  inode: string
}

/**
 * `TCP_ESTABLISHED` of Linux, and `TCP_SYN_RECV`: so it calls a connection on which the client has yet to send something,
 * where the server is told of it only then.
 */
const OPEN = ['01', '03']

/** The connections to a port of this machine, as the kernel of Linux lists them. Other systems have no such list. */
export const connectionsTo = (localPort: number): Row[] =>
  ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    linesOf(table).flatMap((line) => {
      const [, local, remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/)
      if (!local?.endsWith(`:${localPort.toString(16).toUpperCase().padStart(4, '0')}`)) return []
      const [address = '', port = ''] = remote.split(':')
      const peer = peerName({ address: addressOf(address), port: Number.parseInt(port, 16) })
      return [{ peer, isOpen: OPEN.includes(state), inode }]
    }),
  )

/** The other ends of those that are open now. */
export const openPeers = (localPort: number): string[] =>
  connectionsTo(localPort).flatMap(({ peer, isOpen }) => (isOpen ? [peer] : []))

/** One spelling for an end that runtimes spell in several: an IPv4 address may come as one of IPv6. */
export const peerName = ({ address, port }: { address: string; port: number }): string =>
  `${address.replace(/^::ffff:(?=\d+\.)/i, '')}:${port}`

/** The tables write each four bytes backwards. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse())
  const last = bytes.slice(-4).map((byte) => Number.parseInt(byte, 16))
  const isIpv4 = bytes.length === 4 || bytes.slice(0, 12).join('') === `${'00'.repeat(10)}FFFF`
  if (isIpv4) return last.join('.')
  const groups = bytes.flatMap((byte, i) => (i % 2 === 0 ? [`${byte}${bytes[i + 1]}`] : []))
  // Shortens it as everybody does: `::1`.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1)
  } catch {
    return []
  }
}
