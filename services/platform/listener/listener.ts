import { type AddressInfo, createServer, type Server } from 'node:net'
import { BodyMemory } from './bodies.ts'
import type { LineDeps } from './line.ts'
import { Lines } from './lines.ts'

/**
 * Deno stops hearing, and tells nobody, when it has no descriptor left for a connection: those of ended ones are free only a
 * moment later. For so long after a crowd it listens again whenever nobody has come for a while.
 */
const GOES_DEAF = process.versions['deno'] !== undefined
const IN_DOUBT_MS = 60_000

/** Hears connections on a port. */
export class Listener {
  readonly lines: Lines
  readonly #server: Server
  readonly #deps: LineDeps
  readonly #ended = new AbortController()
  #isStopping = false

  constructor({ onFull, ...deps }: Omit<LineDeps, 'memory'> & { onFull: () => void }) {
    this.#deps = { ...deps, memory: new BodyMemory(deps.limits.bodiesBytes) }
    this.lines = new Lines(this.#deps, onFull)
    // Whoever has asked and has nothing more to say may end its side, and still gets the answer.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.lines.admit(socket))
  }

  /** @returns the port @throws the system's error, with its code */
  listen(port: number, hostname: string): Promise<number> {
    const server = this.#server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, hostname, () => {
        server.off('error', reject)
        // Such as that no descriptor is left: whoever waits is taken in when there is one.
        server.on('error', () => undefined)
        const { port: taken } = server.address() as AddressInfo
        void this.#keepTime(taken, hostname)
        resolve(taken)
      })
    })
  }

  /** Takes no new connection, and resolves when all are ended. */
  stop(how: 'now' | 'answered'): Promise<void> {
    this.#isStopping = true
    return new Promise((resolve) => {
      this.#server.close(() => {
        this.#ended.abort()
        resolve()
      })
      this.lines.finish(how)
    })
  }

  async #keepTime(port: number, hostname: string): Promise<void> {
    const { clock, limits } = this.#deps
    while (!this.#ended.signal.aborted) {
      await clock.wait(limits.checkMs, this.#ended.signal)
      this.lines.sweep()
      if (!GOES_DEAF || this.#isStopping || !this.#mayBeDeaf()) continue
      this.#server.close()
      // The port is free when the event loop turns.
      await new Promise((resolve) => setImmediate(resolve))
      this.#server.listen(port, hostname)
    }
  }

  #mayBeDeaf(): boolean {
    if (!this.#server.listening) return true
    const { latestMs, crowdedMs } = this.lines
    const nowMs = this.#deps.clock.monotonicMs()
    return nowMs - crowdedMs < IN_DOUBT_MS && nowMs - latestMs >= this.#deps.limits.checkMs
  }
}
