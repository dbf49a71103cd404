import { openDoor } from '#sockets'
import { BodyMemory } from './bodies.ts'
import type { LineDeps } from './line.ts'
import { Lines } from './lines.ts'
import type { Door, Place } from './sockets.ts'

/**
 * Deno stops accepting, without an error, when it has no descriptor left for a connection. Descriptors of ended
 * connections are free only a moment later. So after a rush the listener opens its port again whenever no connection
 * came for a while.
 */
const GOES_DEAF = process.versions['deno'] !== undefined
const IN_DOUBT_MS = 60_000

type ListenerDeps = Omit<LineDeps, 'memory'> & Pick<Place, 'identity'> & { onFull: () => void }

export class Listener {
  readonly lines: Lines
  readonly #deps: LineDeps
  readonly #identity: Place['identity']
  readonly #ended = new AbortController()
  /** Null until a descriptor is free to listen again. */
  #door: Door | null = null
  #isStopping = false

  constructor({ onFull, identity, ...deps }: ListenerDeps) {
    this.#identity = identity
    this.#deps = { ...deps, memory: new BodyMemory(deps.limits.bodiesBytes) }
    this.lines = new Lines(this.#deps, onFull)
  }

  /** @returns the port @throws the system's error, with its code */
  async listen(port: number, hostname: string): Promise<number> {
    const door = await this.#open(port, hostname)
    this.#door = door
    void this.#keepTime(door.port, hostname)
    return door.port
  }

  /** Takes no new connection. Resolves when all connections have ended. */
  async stop(how: 'now' | 'answered'): Promise<void> {
    this.#isStopping = true
    this.#door?.close()
    await this.lines.finish(how)
    this.#ended.abort()
  }

  #open(port: number, hostname: string): Promise<Door> {
    return openDoor({ port, hostname, identity: this.#identity }, (socket) => this.lines.admit(socket))
  }

  async #keepTime(port: number, hostname: string): Promise<void> {
    const { clock, limits } = this.#deps
    while (!this.#ended.signal.aborted) {
      await clock.wait(limits.checkMs, this.#ended.signal)
      this.lines.sweep()
      if (GOES_DEAF && !this.#isStopping && this.#mayBeDeaf()) await this.#reopen(port, hostname)
    }
  }

  async #reopen(port: number, hostname: string): Promise<void> {
    this.#door?.close()
    // The port is free only after a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    this.#door = await this.#open(port, hostname).catch(() => null)
    if (this.#isStopping) this.#door?.close()
  }

  #mayBeDeaf(): boolean {
    if (this.#door === null) return true
    const { latestMs, crowdedMs } = this.lines
    const nowMs = this.#deps.clock.monotonicMs()
    return nowMs - crowdedMs < IN_DOUBT_MS && nowMs - latestMs >= this.#deps.limits.checkMs
  }
}
