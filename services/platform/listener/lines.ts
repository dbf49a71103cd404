import { FRESH, type Fresh, NEARLY_FULL, NONE_FRESH } from './limits.ts'
import { Line, type LineDeps, type LineMode, type Others } from './line.ts'
import { refusals } from './refusals.ts'
import type { ClientSocket, SocketEvents } from './sockets.ts'

/** The modes in which the listener waits for the client. */
type Waiting = Exclude<LineMode['kind'], 'working'>

/** The connections of a listener, each held to the limits. */
export class Lines implements Others {
  readonly #open = new Set<Line>()
  readonly #turnedAway = new Set<Line>()
  #isFinishing = false
  #onEmpty = () => {}
  /** When the newest connection came. */
  latestMs = Number.NEGATIVE_INFINITY
  /** When a connection last came while the port was nearly full. */
  crowdedMs = Number.NEGATIVE_INFINITY

  constructor(
    readonly deps: LineDeps,
    /** Called for each connection that finds no place. */
    readonly onFull: () => void,
  ) {}

  get count(): number {
    return this.#open.size
  }

  get peers(): string[] {
    return [...this.#open].map(({ socket }) => socket.peer)
  }

  /** Takes a connection. Ends another one to make room only when that loses nobody's answer. */
  admit(socket: ClientSocket): SocketEvents {
    const line = new Line(socket, this.deps, this)
    if (this.#isFinishing) {
      socket.destroy()
      return line
    }
    this.#open.add(line)
    this.latestMs = this.deps.clock.monotonicMs()
    if (!this.#hasRoom(FRESH)) this.#turnAway(line)
    return line
  }

  /** A connection with a request takes the place of one without, however new that is. */
  letIn(line: Line): boolean {
    this.#turnedAway.delete(line)
    if (this.#hasRoom(NONE_FRESH)) return true
    this.#turnedAway.add(line)
    return false
  }

  forget(line: Line): void {
    this.#open.delete(line)
    this.#turnedAway.delete(line)
    if (this.#open.size === 0) this.#onEmpty()
  }

  /** Ends the connections that exceed a time limit. */
  sweep(): void {
    const nowMs = this.deps.clock.monotonicMs()
    for (const line of this.#open) {
      const { mode } = line
      if (mode.kind !== 'working' && nowMs - mode.sinceMs >= this.#limitMs(mode.kind)) endLate(line, mode.kind)
    }
  }

  /** Ends all connections: at once, or each after its current answer. Resolves when none is left. */
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
      case 'securing':
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

  /** @param fresh connections younger than this are not ended */
  #hasRoom(fresh: Fresh): boolean {
    const { connections, checkMs } = this.deps.limits
    const served = this.#open.size - this.#turnedAway.size
    if (served <= connections * NEARLY_FULL) return true
    this.crowdedMs = this.deps.clock.monotonicMs()
    if (this.#endOldest('idle', fresh.idleMs) || this.#endOldest('ending', checkMs)) return true
    if (this.#endOldest('securing', fresh.securingMs)) return true
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

  /** @returns whether a connection had been in this mode for that long */
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
