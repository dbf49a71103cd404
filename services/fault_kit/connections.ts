import type { Clock } from '@kkt/platform/clock.ts'
import type { Port } from '@kkt/platform/serve.ts'

/** Answers that are ready leave the process within this many turns of the event loop. */
const TURNS_TO_ANSWER = 3

export type Connections = ReturnType<typeof createConnections>

/** Clients may leave without another call, so only this many answers are kept, the newest. */
const MAX_STRAY_ANSWERS = 10_000

/** The connections that calls arrive on. A mock inside another process has none. */
export function createConnections(clock: Clock) {
  let listening: Port | null = null
  let deaf = new Set<string>()
  let strays = new Map<string, Uint8Array>()
  let backAtMs = 0
  let isAway = false

  async function stayAway({ stop, reopen }: Port): Promise<void> {
    for (let turn = 0; turn < TURNS_TO_ANSWER; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    const leftMs = () => backAtMs - clock.monotonicMs()
    // A port that is told to close while it opens closes once it is open.
    do {
      await stop('now')
      while (leftMs() > 0) await clock.wait(leftMs())
      await reopen()
    } while (leftMs() > 0)
    isAway = false
  }

  const peerOf = (request: Request) => listening?.peerOf(request) ?? null

  return {
    listenOn(port: Port): void {
      listening = port
    },
    hasPort: () => listening !== null,
    peerOf,
    openPeers: () => listening?.openPeers() ?? [],

    /** Closes the port for this long and cuts off the connected clients. */
    leavePort(ms: number): void {
      if (!listening) return
      backAtMs = Math.max(backAtMs, clock.monotonicMs() + ms)
      if (!isAway) void stayAway(listening)
      isAway = true
    },

    /** Ignores every later request on this request's connection. */
    goDeaf(request: Request): void {
      const peer = peerOf(request)
      if (peer !== null) deaf.add(peer)
    },
    isDeafTo(request: Request): boolean {
      return deaf.size > 0 && deaf.has(peerOf(request) ?? '')
    },

    /** Sends these bytes, an answer, ahead of the answer to the next call on this request's connection. */
    answerAgain(request: Request, bytes: Uint8Array): void {
      const peer = peerOf(request)
      if (peer === null) return
      strays.set(peer, bytes)
      const [oldest] = strays.keys()
      if (strays.size > MAX_STRAY_ANSWERS && oldest !== undefined) strays.delete(oldest)
    },
    /** @returns whether the request got the answer of an earlier one */
    sendStray(request: Request): boolean {
      const peer = strays.size > 0 ? peerOf(request) : null
      const bytes = peer === null ? undefined : strays.get(peer)
      if (peer === null || bytes === undefined) return false
      strays.delete(peer)
      return listening?.sendOn(request, bytes) ?? false
    },

    /** True when a call has to check its connection. */
    isAnyFaulty: () => deaf.size + strays.size > 0,

    /** @returns false when that is impossible; nothing is sent then */
    endWith: (request: Request, bytes: Uint8Array) => listening?.endWith(request, bytes) ?? false,

    reset(): void {
      deaf = new Set()
      strays = new Map()
    },
  }
}
