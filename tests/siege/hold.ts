/** Connections that a client keeps for as long as it is let. */
import { connect, type Socket } from 'node:net'
import { limits } from '../harness/limits.ts'
import type { Siege } from './attack.ts'
import type { Reply } from './tally.ts'

/** A client that sends its bytes one by one. */
const DRIP_MS = 100

type Hold = {
  count: number
  /** Sent at once by each client. It gets the client's ordinal, from 0. */
  first: (i: number) => string | Uint8Array
  /** Sent after it again and again. Empty: nothing is. */
  drip: string
  forMs: number
}

/**
 * Opens connections, keeps them until the time is up, and counts each: answered, ended, or still held. One that is still held is
 * no fault, because each of these attacks is shorter than the adapter's limit, or within it.
 */
export async function holdMany(siege: Siege, { count, first, drip, forMs }: Hold): Promise<void> {
  const held = Array.from({ length: count }, (_, i) => hold(siege.url, first(i)))
  const over = AbortSignal.any([siege.over, AbortSignal.timeout(forMs)])
  while (!over.aborted && held.some(({ isOpen }) => isOpen())) {
    await siege.clock.wait(DRIP_MS, over)
    if (drip !== '') for (const { socket, isOpen } of held) if (isOpen()) socket.write(drip)
  }
  for (const { socket, reply } of held) {
    siege.tally.count(reply())
    socket.destroy()
  }
}

function hold(url: string, first: string | Uint8Array): { socket: Socket; isOpen: () => boolean; reply: () => Reply } {
  const { hostname, port } = new URL(url)
  let received = ''
  let isOpen = true
  const socket = connect({ host: hostname, port: Number(port) })
  socket.setTimeout(limits.testMs, () => socket.destroy())
  if (first.length > 0) socket.write(first)
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
  })
  socket.on('error', () => undefined)
  for (const event of ['end', 'close']) {
    socket.on(event, () => {
      isOpen = false
    })
  }
  return { socket, isOpen: () => isOpen, reply: () => readReply(received) }
}

/** The head of an answer. A connection that is still held counts as cut, because the attack ends it. */
function readReply(received: string): Reply {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1]
  if (status === undefined) return 'cut'
  const retryAfter = /\r\nretry-after: (\d+)\r\n/i.exec(received)?.[1]
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  return { status: Number(status), headers, text: '' }
}
