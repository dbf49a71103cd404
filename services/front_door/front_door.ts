import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'

/** An adapter is near: one that has not taken a connection by then is not asked again. */
const CONNECT_MS = 1000

export type Address = { host: string; port: number }

export type FrontDoor = {
  readonly port: number
  /** Lets nobody in any more. Resolves when the last one has left, or after `withinMs`. */
  stop(withinMs: number): Promise<void>
}

/**
 * One address for however many adapters there are. Each connection goes to the next one that takes it, and stays there.
 * @param deps.adapters those that there are now. May reject: then there are none
 * @throws the listener's error, such as one with code EADDRINUSE
 */
export async function openFrontDoor(deps: {
  hostname: string
  port: number
  adapters: () => Promise<Address[]>
  clock: Clock
  logger: Logger
}): Promise<FrontDoor> {
  const { clock, logger } = deps
  const guests = new Set<Socket>()
  let turns = 0

  async function letIn(guest: Socket): Promise<void> {
    guests.add(guest)
    guest.on('close', () => guests.delete(guest))
    guest.on('error', () => guest.destroy())
    const adapter = await nextThatTakesIt()
    if (adapter === null || guest.destroyed) {
      guest.destroy()
      adapter?.destroy()
      return
    }
    adapter.on('error', () => guest.destroy())
    guest.on('close', () => adapter.destroy())
    guest.pipe(adapter)
    adapter.pipe(guest)
  }

  async function nextThatTakesIt(): Promise<Socket | null> {
    const addresses = await deps.adapters().catch((error) => {
      logger.warn('no_adapters', errorFields(error))
      return []
    })
    const first = turns++
    for (const [i] of addresses.entries()) {
      const address = addresses[(first + i) % addresses.length]
      const socket = address && (await reach(address))
      if (socket) return socket
      logger.warn('adapter_not_reached', { ...address })
    }
    return null
  }

  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (guest) => void letIn(guest))
  listener.listen(deps.port, deps.hostname)
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    async stop(withinMs) {
      const closed = new Promise((resolve) => listener.close(resolve))
      await Promise.race([closed, clock.wait(withinMs)])
      for (const guest of guests) guest.destroy()
    },
  }
}

/** Connects, or resolves to null. */
function reach({ host, port }: Address): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, allowHalfOpen: true })
    const fail = () => {
      socket.destroy()
      resolve(null)
    }
    socket.setTimeout(CONNECT_MS, fail)
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeListener('error', fail)
      resolve(socket)
    })
  })
}
