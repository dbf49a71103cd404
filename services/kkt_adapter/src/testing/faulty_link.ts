/** A TCP link to a server, which a test can make fail. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'

type Connection = { client: Socket; server: Socket; isLost: boolean }

export type FaultyLink = {
  readonly port: number
  /** Breaks every connection, and each new one at once. */
  cut(): void
  /** Stops all traffic on every connection, silently. */
  hold(): void
  /** Stops all traffic on the current connections for good, as when a cable is pulled. New ones work. */
  lose(): void
  /** Delays each piece of data by this time. */
  slowDown(byMs: number): void
  /** Ends the faults, and sends the held data. */
  restore(): void
  close(): void
}

/** @param server the address that the link leads to */
export async function openFaultyLink(server: NetConnectOpts, clock: Clock = systemClock): Promise<FaultyLink> {
  const connections = new Set<Connection>()
  let held: (() => void)[] | null = null
  let isCut = false
  let delayMs = 0

  async function pass(connection: Connection, act: () => void): Promise<void> {
    if (delayMs > 0) await clock.wait(delayMs)
    if (connection.isLost) return
    if (held) held.push(act)
    else act()
  }

  function relay(connection: Connection, from: Socket, to: Socket): void {
    from.on('data', (chunk) => void pass(connection, () => to.write(chunk)))
    from.on('error', () => undefined)
    from.on('close', () => {
      connections.delete(connection)
      void pass(connection, () => to.destroy())
    })
  }

  const listener = createServer((client) => {
    if (isCut) return void client.destroy()
    const connection = { client, server: connect(server), isLost: false }
    connections.add(connection)
    relay(connection, client, connection.server)
    relay(connection, connection.server, client)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')

  const breakAll = () => {
    for (const connection of connections) {
      connection.client.destroy()
      connection.server.destroy()
    }
  }
  return {
    port: (listener.address() as AddressInfo).port,
    cut() {
      isCut = true
      breakAll()
    },
    hold() {
      held ??= []
    },
    lose() {
      for (const connection of connections) connection.isLost = true
    },
    slowDown(byMs) {
      delayMs = byMs
    },
    restore() {
      isCut = false
      delayMs = 0
      const acts = held ?? []
      held = null
      for (const act of acts) act()
    },
    close() {
      listener.close()
      breakAll()
    },
  }
}
