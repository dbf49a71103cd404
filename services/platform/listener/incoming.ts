import type { Fields, Head } from './head.ts'
import type { ClientSocket } from './sockets.ts'

const UTF8 = new TextDecoder()

/** The header fields of a request. They do not change. */
class IncomingHeaders {
  readonly #fields: Fields
  constructor(fields: Fields) {
    this.#fields = fields
  }

  get(name: string): string | null {
    return this.#fields[name.toLowerCase()] ?? null
  }
  has(name: string): boolean {
    return name.toLowerCase() in this.#fields
  }
  entries(): IterableIterator<[string, string]> {
    return Object.entries(this.#fields).values()
  }
  keys(): IterableIterator<string> {
    return Object.keys(this.#fields).values()
  }
  values(): IterableIterator<string> {
    return Object.values(this.#fields).values()
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }
  forEach(tell: (value: string, name: string, headers: IncomingHeaders) => void): void {
    for (const [name, value] of this.entries()) tell(value, name, this)
  }
  /** Bun's Headers has it too, and Elysia calls it. */
  toJSON(): Fields {
    return this.#fields
  }
}

/**
 * A complete request in the form that handlers expect.
 * It replaces the runtime's `Request`: making one of those, with its `Headers`, takes longer than all other work of a
 * listener. `instanceof Request` holds. A member of `Request` that is missing here throws.
 */
export class IncomingRequest {
  /** GET for HEAD: the listener leaves the body out. Elysia would read it whole for its length, a stream for ever. */
  readonly method: string
  readonly url: string
  readonly #fields: Fields
  readonly #body: Uint8Array
  #headers: IncomingHeaders | undefined
  #leaving: AbortController | undefined
  #hasLeft = false

  constructor(
    { method, url, fields }: Head,
    body: Uint8Array,
    /** The connection that the request came on. */
    readonly line: { socket: ClientSocket },
  ) {
    this.method = method === 'HEAD' ? 'GET' : method
    this.url = url
    this.#fields = fields
    this.#body = body
  }

  get headers(): IncomingHeaders {
    this.#headers ??= new IncomingHeaders(this.#fields)
    return this.#headers
  }

  /** Aborted when the client leaves or ends its side of the connection. In the second case it still gets its answer. */
  get signal(): AbortSignal {
    this.#leaving ??= new AbortController()
    if (this.#hasLeft) this.#leaving.abort()
    return this.#leaving.signal
  }

  leave(): void {
    this.#hasLeft = true
    this.#leaving?.abort()
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#body.length === 0) return null
    return new ReadableStream({
      pull: (controller) => {
        controller.enqueue(this.#body)
        controller.close()
      },
    })
  }
  async bytes(): Promise<Uint8Array> {
    return this.#body
  }
  async arrayBuffer(): Promise<ArrayBufferLike> {
    return Uint8Array.from(this.#body).buffer
  }
  async text(): Promise<string> {
    return UTF8.decode(this.#body)
  }
  async json(): Promise<unknown> {
    return JSON.parse(UTF8.decode(this.#body))
  }
}

Object.setPrototypeOf(IncomingHeaders.prototype, Headers.prototype)
Object.setPrototypeOf(IncomingRequest.prototype, Request.prototype)
