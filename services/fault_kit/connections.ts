import type { Clock } from '@kkt/platform/clock.ts'
import type { Port } from '@kkt/platform/serve.ts'

/** Answers that are ready leave the process within so many turns of the event loop. */
const TURNS_TO_ANSWER = 3

export type Connections = ReturnType<typeof createConnections>

/** The connections that calls come on, where the mock has a port; inside another process there are none. */
export function createConnections(clock: Clock) {
  let listening: Port | null = null
  let deaf = new Set<string>()
  let backAtMs = 0
  let isAway = false

  async function stayAway({ stop, reopen }: Port): Promise<void> {
    for (let turn = 0; turn < TURNS_TO_ANSWER; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await stop('now')
    for (;;) {
      const leftMs = backAtMs - clock.monotonicMs()
      if (leftMs <= 0) break
      await clock.wait(leftMs)
    }
    isAway = false
    reopen()
  }

  const peerOf = (request: Request) => listening?.peerOf(request) ?? null

  return {
    listenOn(port: Port): void {
      listening = port
    },
    hasPort: () => listening !== null,

    /** Closes the port for so long, and cuts off who is connected. */
    leavePort(ms: number): void {
      if (!listening) return
      backAtMs = Math.max(backAtMs, clock.monotonicMs() + ms)
      if (!isAway) void stayAway(listening)
      isAway = true
    },

    /** What comes next on this request's connection is not heard. */
    goDeaf(request: Request): void {
      const peer = peerOf(request)
      if (peer !== null) deaf.add(peer)
    },
    isAnyDeaf: () => deaf.size > 0,
    isDeafTo(request: Request): boolean {
      return deaf.size > 0 && deaf.has(peerOf(request) ?? '')
    },

    /** @returns false where that cannot be done; nothing is sent then */
    endWith: (request: Request, bytes: Uint8Array) => listening?.endWith(request, bytes) ?? false,

    reset(): void {
      deaf = new Set()
    },
  }
}
