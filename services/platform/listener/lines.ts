import { FRESH_MS, NEARLY_FULL } from './limits.ts'
import { Line, type LineDeps, type LineMode, type Others } from './line.ts'
import { refusals } from './refusals.ts'
import type { ClientSocket, SocketEvents } from './sockets.ts'

/** In these modes the next step is the client's. */
type Waiting = Exclude<LineMode['kind'], 'working'>

/** The connections of a listener, each for as long as the limits allow. */
export class Lines implements Others {
  readonly #open = new Set<Line>()
  readonly #turnedAway = new Set<Line>()
  #isFinishing = false
  #onEmpty = () => {}
  /** When the latest connection came. */
  latestMs = Number.NEGATIVE_INFINITY
  /** When one last came to a port that was nearly full. */
  crowdedMs = Number.NEGATIVE_INFINITY

  constructor(
    readonly deps: LineDeps,
    /** Told of each connection that finds no room. */
    readonly onFull: () => void,
  ) {}

  get peers(): string[] {
    return [...this.#open].map(({ socket }) => socket.peer)
  }

  /** Takes a connection in. Room is made where that takes nobody's answer away. */
  admit(socket: ClientSocket): SocketEvents {
    const line = new Line(socket, this.deps, this)
    if (this.#isFinishing) {
      socket.destroy()
      return line
    }
    this.#open.add(line)
    this.latestMs = this.deps.clock.monotonicMs()
    if (!this.#hasRoom(FRESH_MS)) this.#turnAway(line)
    return line
  }

  /** One that asks comes before those that say nothing, however lately they have come. */
  letIn(line: Line): boolean {
    this.#turnedAway.delete(line)
    if (this.#hasRoom(0)) return true
    this.#turnedAway.add(line)
    return false
  }

  forget(line: Line): void {
    this.#open.delete(line)
    this.#turnedAway.delete(line)
    if (this.#open.size === 0) this.#onEmpty()
  }

  /** Ends what has lasted too long. */
  sweep(): void {
    const nowMs = this.deps.clock.monotonicMs()
    for (const line of this.#open) {
      const { mode } = line
      if (mode.kind !== 'working' && nowMs - mode.sinceMs >= this.#limitMs(mode.kind)) endLate(line, mode.kind)
    }
  }

  /** Ends all: at once, or each after the answer that is under way. Resolves when none is left. */
  finish(how: 'now' | 'answered'): Promise<void> {
    this.#isFinishing = true
    const ended = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    for (const line of this.#open) {
      if (how === 'now') line.socket.destroy()
      else line.finish()
    }
    if (this.#open.size === 0) this.#onEmpty()
    return ended
  }

  #limitMs(kind: Waiting): number {
    const { headMs, bodyMs, idleMs, checkMs } = this.deps.limits
    switch (kind) {
      case 'receiving_head':
        return headMs
      case 'receiving_body':
        return bodyMs
      case 'turned_away':
        return checkMs
      case 'ending':
        return this.#isFinishing ? checkMs : bodyMs
      case 'idle':
      case 'sending':
        return idleMs
    }
  }

  /** @param silentMs a connection that has been idle for less makes no room */
  #hasRoom(silentMs: number): boolean {
    const { connections, checkMs } = this.deps.limits
    const served = this.#open.size - this.#turnedAway.size
    if (served <= connections * NEARLY_FULL) return true
    this.crowdedMs = this.deps.clock.monotonicMs()
    if (this.#endOldest('idle', silentMs) || this.#endOldest('ending', checkMs)) return true
    if (served <= connections) return true
    return this.#endOldest('receiving_head', checkMs) || this.#endOldest('receiving_body', checkMs)
  }

  #turnAway(line: Line): void {
    this.onFull()
    line.turnAway()
    this.#turnedAway.add(line)
    const [oldest] = this.#turnedAway
    if (oldest && this.#turnedAway.size > this.deps.limits.turnedAway) this.#cut(oldest)
  }

  /** @returns whether there was one that has been so for so long */
  #endOldest(kind: Waiting, forMs: number): boolean {
    let oldest: Line | undefined
    let earliestMs = this.deps.clock.monotonicMs() - forMs
    for (const line of this.#open) {
      const { mode } = line
      if (mode.kind !== kind || mode.sinceMs > earliestMs || (oldest && mode.sinceMs === earliestMs)) continue
      oldest = line
      earliestMs = mode.sinceMs
    }
    if (oldest) this.#cut(oldest)
    return oldest !== undefined
  }

  #cut(line: Line): void {
    line.socket.destroy()
    this.forget(line)
  }
}

function endLate(line: Line, kind: Waiting): void {
  if (kind === 'receiving_head' || kind === 'receiving_body') line.refuse(refusals.late())
  else if (kind === 'turned_away') line.refuse(refusals.connectionsFull())
  else line.socket.destroy()
}
