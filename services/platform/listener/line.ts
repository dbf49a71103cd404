import type { Clock } from '../clock.ts'
import type { Problem } from '../problem.ts'
import { bodyOf, isStreamed, lastAnswer, streamedAnswer, type Terms, wholeAnswer } from './answering.ts'
import type { BodyMemory } from './bodies.ts'
import type { Head } from './head.ts'
import { IncomingRequest } from './incoming.ts'
import { AHEAD_BYTES, type Limits } from './limits.ts'
import { RequestReader } from './reader.ts'
import { refusals } from './refusals.ts'
import type { ClientSocket, SocketEvents } from './sockets.ts'

const GO_ON = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

export type Handle = (request: Request) => Response | Promise<Response>

export type LineMode =
  /** The TLS handshake is under way. */
  | { kind: 'securing'; sinceMs: number }
  /** No request has come yet, or all are answered. */
  | { kind: 'idle'; sinceMs: number }
  | { kind: 'receiving_head'; sinceMs: number }
  | { kind: 'receiving_body'; sinceMs: number }
  /** The handler is at work. The connection stays for as long as that takes. */
  | { kind: 'working'; request: IncomingRequest }
  /** The client has yet to read the answer. */
  | { kind: 'sending'; sinceMs: number; request: IncomingRequest }
  /** A surplus connection. When it sends a request, it gets a place or a refusal. */
  | { kind: 'turned_away'; sinceMs: number }
  /** The last answer is written. Discard further bytes: closing with unread ones would lose the answer. */
  | { kind: 'ending'; sinceMs: number }

export type LineDeps = { handle: Handle; limits: Limits; clock: Clock; memory: BodyMemory }

/** The other connections of the port. */
export type Others = {
  /** Called when a turned-away connection sends a request. @returns whether there is a place for it now */
  letIn(line: Line): boolean
  forget(line: Line): void
}

/** A client's connection: its requests, one after another, and their answers. */
export class Line implements SocketEvents {
  mode: LineMode
  /** True when the next or the current request is the last. */
  #isLast = false
  /** True while an answer is sent bit by bit. */
  #isStreaming = false
  #isFinishing = false
  readonly #reader: RequestReader
  #hasClientEnded = false
  #isClosed = false
  #isPaused = false
  #onDrained: (() => void) | null = null

  constructor(
    readonly socket: ClientSocket,
    readonly deps: LineDeps,
    readonly others: Others,
  ) {
    this.mode = { kind: socket.isSecured ? 'idle' : 'securing', sinceMs: deps.clock.monotonicMs() }
    this.#reader = new RequestReader(deps.limits, deps.memory)
  }

  turnAway(): void {
    this.mode = { kind: 'turned_away', sinceMs: this.#nowMs() }
  }

  /** Answers with the problem and reads nothing more. A client without a secured connection gets no answer. */
  refuse(problem: Problem): void {
    if (!this.socket.isSecured) {
      this.socket.destroy()
      return
    }
    this.mode = { kind: 'ending', sinceMs: this.#nowMs() }
    this.#reader.drop()
    void lastAnswer(problem, this.deps.clock.wallMs()).then((bytes) => {
      this.socket.write(bytes)
      this.socket.end()
    })
  }

  /**
   * Ends an idle connection at once, and a busy one after its answer. A client that does not read its stream is not
   * waited for: the stream has no other end.
   */
  finish(): void {
    this.#isLast = true
    this.#isFinishing = true
    const { kind } = this.mode
    const isStuck = kind === 'sending' && this.#isStreaming
    if (kind === 'securing' || kind === 'idle' || kind === 'turned_away' || isStuck) this.socket.destroy()
  }

  #nowMs(): number {
    return this.deps.clock.monotonicMs()
  }

  secured(): void {
    if (this.mode.kind === 'securing') this.mode = { kind: 'idle', sinceMs: this.#nowMs() }
  }

  heard(bytes: Buffer): void {
    const { kind } = this.mode
    if (kind === 'ending') return
    if (kind === 'turned_away' && !this.others.letIn(this)) {
      this.refuse(refusals.connectionsFull())
      return
    }
    this.#reader.add(bytes)
    if (kind !== 'working' && kind !== 'sending') this.#read()
    else if (this.#reader.aheadBytes > AHEAD_BYTES) this.#pause()
  }

  drained(): void {
    this.#onDrained?.()
  }

  ended(): void {
    this.#hasClientEnded = true
    const { mode } = this
    if (mode.kind === 'working' || mode.kind === 'sending') mode.request.leave()
    else if (mode.kind === 'turned_away') this.refuse(refusals.connectionsFull())
    else if (mode.kind !== 'ending') this.#read()
  }

  closed(): void {
    this.#isClosed = true
    if (this.mode.kind === 'working' || this.mode.kind === 'sending') this.mode.request.leave()
    this.#reader.drop()
    this.#onDrained?.()
    this.others.forget(this)
  }

  #read(): void {
    const reading = this.#reader.read()
    if (reading.kind === 'request') void this.#answer(reading.head, reading.body)
    else if (reading.kind === 'refused') this.refuse(reading.problem)
    else if (reading.kind === 'head_due') this.#await(reading.isBegun ? 'receiving_head' : 'idle')
    else {
      if (reading.kind === 'go_on') this.socket.write(GO_ON)
      this.#await('receiving_body')
    }
  }

  #await(kind: 'idle' | 'receiving_head' | 'receiving_body'): void {
    if (this.#hasClientEnded) {
      if (kind === 'idle') this.#end()
      else this.refuse(refusals.malformed('it breaks off'))
    } else if (this.mode.kind !== kind) {
      this.mode = { kind, sinceMs: this.#nowMs() }
    }
  }

  async #answer(head: Head, body: Uint8Array): Promise<void> {
    const request: object = new IncomingRequest(head, body, this)
    if (!(request instanceof IncomingRequest && request instanceof Request)) return
    this.mode = { kind: 'working', request }
    if (this.#hasClientEnded) request.leave()
    try {
      const answer = await this.deps.handle(request)
      const streams = isStreamed(answer)
      this.#isLast ||= head.isLast || (streams && head.isHttp10)
      const { method, isHttp10 } = head
      const terms: Terms = { method, isHttp10, isLast: this.#isLast, wallMs: this.deps.clock.wallMs() }
      if (streams) await this.#stream(answer, terms, request)
      else if (!this.#write(wholeAnswer(answer, await bodyOf(answer), terms))) await this.#drain(request)
    } catch {
      // The outcome of the handler is unknown, and a half answer would mislead the client.
      this.socket.destroy('reset')
      return
    }
    if (this.#isClosed) return
    if (this.#isLast) {
      this.#end()
      return
    }
    // Lets other connections run between two pipelined requests.
    if (this.#reader.aheadBytes > 0) await new Promise((resolve) => setImmediate(resolve))
    this.mode = { kind: 'idle', sinceMs: this.#nowMs() }
    this.#resume()
    if (this.#reader.aheadBytes > 0 || this.#hasClientEnded) this.#read()
  }

  async #stream(answer: Response, terms: Terms, request: IncomingRequest & Request): Promise<void> {
    this.#isStreaming = true
    for await (const bytes of streamedAnswer(answer, terms, request.signal)) {
      if (!this.#write(bytes)) {
        if (this.#isFinishing) this.socket.destroy()
        else await this.#drain(request)
      }
      if (!this.socket.isWritable) return
    }
    this.#isStreaming = false
    // A client that reads nothing more would not end its side either.
    if (this.#isFinishing) this.socket.destroy()
  }

  /** @returns whether more may be written at once */
  #write(bytes: Uint8Array): boolean {
    return !this.socket.isWritable || this.socket.write(bytes)
  }

  /** Resolves when the client has read the written bytes, or is gone. */
  async #drain(request: IncomingRequest): Promise<void> {
    this.mode = { kind: 'sending', sinceMs: this.#nowMs(), request }
    await new Promise<void>((resolve) => {
      this.#onDrained = resolve
    })
    this.#onDrained = null
    this.mode = { kind: 'working', request }
  }

  #pause(): void {
    this.#isPaused = true
    this.socket.pause()
  }

  #resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.socket.resume()
  }

  #end(): void {
    this.mode = { kind: 'ending', sinceMs: this.#nowMs() }
    this.#reader.drop()
    this.socket.end()
    this.#resume()
  }
}
