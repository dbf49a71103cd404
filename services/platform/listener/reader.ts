import { Problem } from '../problem.ts'
import { type BodyMemory, GrowingBody } from './bodies.ts'
import { type Head, isFieldLine, readHead } from './head.ts'
import type { Limits } from './limits.ts'
import { refusals } from './refusals.ts'

/** The state of the bytes so far: a request, the reason why there is none yet, or a refusal. */
export type Reading =
  /** More bytes must come. `isBegun`: part of a request is here. */
  | { kind: 'head_due'; isBegun: boolean }
  | { kind: 'body_due' }
  /** The client waits for `100 Continue`. */
  | { kind: 'go_on' }
  | { kind: 'request'; head: Head; body: Uint8Array }
  /** Nothing is read after this. */
  | { kind: 'refused'; problem: Problem }

type BetweenChunks = { at: 'chunk_size' | 'chunk_end' | 'trailer'; head: Head; body: GrowingBody }
type State =
  | { at: 'head' }
  | { at: 'sized_body'; head: Head; missing: number; body: GrowingBody }
  | BetweenChunks
  | { at: 'chunk'; head: Head; missing: number; body: GrowingBody }

const HEAD_DUE: Reading = { kind: 'head_due', isBegun: false }
const HEAD_BEGUN: Reading = { kind: 'head_due', isBegun: true }
const BODY_DUE: Reading = { kind: 'body_due' }
const GO_ON: Reading = { kind: 'go_on' }
const NOTHING = Buffer.alloc(0)
const END_OF_HEAD = Buffer.from('\r\n\r\n')
const END_OF_LINE = Buffer.from('\r\n')
/** Room for a hexadecimal size and for more extensions than any client sends. */
const MAX_CHUNK_LINE_BYTES = 256
/** Extensions are discarded. A control character in them is where another reader might end the line. */
const CHUNK_SIZE = /^([\da-f]{1,8})[ \t]*(?:;[\t -~\x80-\xff]*)?$/i

/** Finds the requests in a connection's bytes (RFC 9112), one after another. */
export class RequestReader {
  #state: State = { at: 'head' }
  /** Not read yet. */
  #bytes: Buffer = NOTHING

  constructor(
    readonly limits: Pick<Limits, 'headBytes' | 'bodyBytes'>,
    readonly memory: BodyMemory,
  ) {}

  /** The bytes that arrived behind the requests read so far. */
  get aheadBytes(): number {
    return this.#bytes.length
  }

  add(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
  }

  /** Reads on, to the end of one request at most. */
  read(): Reading {
    for (;;) {
      const reading = this.#step()
      if (reading !== null) return reading
    }
  }

  /** Frees all bytes. Nothing can be read after it. */
  drop(): void {
    if (this.#state.at !== 'head') this.#state.body.drop()
    this.#bytes = NOTHING
  }

  /** @returns null when there may be more to read */
  #step(): Reading | null {
    const state = this.#state
    switch (state.at) {
      case 'head':
        return this.#readHead()
      case 'sized_body':
      case 'chunk':
        return this.#readBytes(state)
      case 'chunk_size':
        return this.#readChunkSize(state)
      case 'chunk_end':
        return this.#readChunkEnd(state)
      case 'trailer':
        return this.#readTrailer(state)
    }
  }

  #readHead(): Reading | null {
    this.#skipEmptyLines()
    if (this.#bytes.length === 0) return HEAD_DUE
    const end = this.#bytes.indexOf(END_OF_HEAD)
    const { headBytes } = this.limits
    if ((end < 0 ? this.#bytes.length : end) > headBytes) return refused(refusals.headTooLarge(headBytes))
    if (end < 0) {
      const isOver = this.#bytes.includes('\n\n') || this.#bytes.includes('\n\r\n')
      return isOver ? refused(refusals.malformed('its lines do not end with CR and LF')) : HEAD_BEGUN
    }
    const head = readHead(this.#bytes.toString('latin1', 0, end))
    if (head instanceof Problem) return refused(head)
    this.#bytes = this.#bytes.subarray(end + END_OF_HEAD.length)
    return this.#beginBody(head)
  }

  #beginBody(head: Head): Reading | null {
    const { framing, waitsToGoOn } = head
    const { bodyBytes } = this.limits
    if (framing.kind === 'none') return { kind: 'request', head, body: NOTHING }
    if (framing.kind === 'sized' && framing.bytes > bodyBytes) return refused(refusals.bodyTooLarge(bodyBytes))
    // Most bodies come whole and need no joining.
    if (framing.kind === 'sized' && this.#bytes.length >= framing.bytes) {
      return { kind: 'request', head, body: this.#take(framing.bytes) }
    }
    const body = new GrowingBody(this.memory, framing.kind === 'sized' ? framing.bytes : bodyBytes)
    if (framing.kind === 'sized') this.#state = { at: 'sized_body', head, missing: framing.bytes, body }
    else this.#state = { at: 'chunk_size', head, body }
    return waitsToGoOn && this.#bytes.length === 0 ? GO_ON : null
  }

  /** Some clients send a meaningless CRLF after a body (RFC 9112, 2.2). */
  #skipEmptyLines(): void {
    let skipped = 0
    while (this.#bytes[skipped] === 13 && this.#bytes[skipped + 1] === 10) skipped += 2
    if (skipped > 0) this.#bytes = this.#bytes.subarray(skipped)
  }

  #readBytes(state: Extract<State, { missing: number }>): Reading | null {
    if (this.#bytes.length === 0) return BODY_DUE
    const part = this.#take(Math.min(state.missing, this.#bytes.length))
    if (!state.body.add(part)) return refused(refusals.bodiesFull())
    state.missing -= part.length
    if (state.missing > 0) return BODY_DUE
    if (state.at === 'sized_body') return this.#finish(state)
    this.#state = { at: 'chunk_end', head: state.head, body: state.body }
    return null
  }

  #readChunkSize({ head, body }: BetweenChunks): Reading | null {
    const line = this.#takeLine(MAX_CHUNK_LINE_BYTES)
    if (typeof line !== 'string') return line
    const [, hex] = CHUNK_SIZE.exec(line) ?? []
    if (hex === undefined) return refused(refusals.malformed('a chunk of its body does not begin with its size'))
    const missing = Number.parseInt(hex, 16)
    const { bodyBytes } = this.limits
    if (body.length + missing > bodyBytes) return refused(refusals.bodyTooLarge(bodyBytes))
    this.#state = missing === 0 ? { at: 'trailer', head, body } : { at: 'chunk', head, missing, body }
    return null
  }

  #readChunkEnd({ head, body }: BetweenChunks): Reading | null {
    if (this.#bytes.length < END_OF_LINE.length) return BODY_DUE
    if (!this.#take(END_OF_LINE.length).equals(END_OF_LINE)) {
      return refused(refusals.malformed('a chunk of its body is not as long as it says'))
    }
    this.#state = { at: 'chunk_size', head, body }
    return null
  }

  /** Fields after a chunked body are discarded: nothing here uses them. */
  #readTrailer(state: BetweenChunks): Reading | null {
    const line = this.#takeLine(this.limits.headBytes)
    if (typeof line !== 'string') return line
    if (line === '') return this.#finish(state)
    return isFieldLine(line) ? null : refused(refusals.malformed('a line behind its body is not "name: value"'))
  }

  #finish({ head, body }: Exclude<State, { at: 'head' }>): Reading {
    this.#state = { at: 'head' }
    return { kind: 'request', head, body: body.take() }
  }

  #takeLine(limitBytes: number): string | Reading {
    const end = this.#bytes.indexOf(END_OF_LINE)
    if (end > limitBytes || (end < 0 && this.#bytes.length > limitBytes)) {
      return refused(refusals.malformed('a line of its body is too long'))
    }
    if (end < 0) return BODY_DUE
    const line = this.#bytes.toString('latin1', 0, end)
    this.#bytes = this.#bytes.subarray(end + END_OF_LINE.length)
    return line
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length)
    this.#bytes = this.#bytes.subarray(length)
    return taken
  }
}

const refused = (problem: Problem): Reading => ({ kind: 'refused', problem })
