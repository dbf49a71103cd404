type Fields = Readonly<Record<string, string>>

/** A line break in a value would begin another field. */
const FIELD_VALUE = /^[\t -~]*$/
const UTF8 = new TextEncoder()

/**
 * An answer of 200 with a JSON body.
 * It replaces the runtime's `Response`: making one of those, with its `Headers` and its body, takes longer than writing the
 * JSON. `instanceof Response` holds. For whoever reads it in another way than the listener does, a `Response` is made then. A
 * member that is missing here throws.
 */
export class JsonAnswer {
  readonly status = 200
  readonly ok = true
  readonly #text: string
  readonly #fields: Fields
  #response: Response | undefined

  /**
   * @param fields by their names in lower case
   * @throws TypeError for a value that no field may have
   */
  constructor(value: unknown, fields: Fields) {
    this.#text = JSON.stringify(value)
    this.#fields = { ...fields, 'content-type': 'application/json;charset=utf-8' }
    for (const name in fields)
      if (!FIELD_VALUE.test(fields[name] ?? ''))
        throw new TypeError(`The header ${name} has a character that it may not have`)
  }

  /** Tells each field, in the order of the names. */
  eachField(tell: (value: string, name: string) => void): void {
    // They may have been changed since somebody asked for them.
    if (this.#response !== undefined) this.#response.headers.forEach(tell)
    else for (const name of Object.keys(this.#fields).sort()) tell(this.#fields[name] ?? '', name)
  }

  encoded(): Uint8Array {
    return UTF8.encode(this.#text)
  }

  #asResponse(): Response {
    this.#response ??= new Response(this.#text, { headers: this.#fields })
    return this.#response
  }
  get headers(): Headers {
    return this.#asResponse().headers
  }
  get body(): ReadableStream<Uint8Array> | null {
    return this.#asResponse().body
  }
  bytes(): Promise<Uint8Array> {
    return this.#asResponse().bytes()
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#asResponse().arrayBuffer()
  }
  text(): Promise<string> {
    return this.#asResponse().text()
  }
  json(): Promise<unknown> {
    return this.#asResponse().json()
  }
}

Object.setPrototypeOf(JsonAnswer.prototype, Response.prototype)

type ToAnswer = { responseValue: unknown; set: { headers: Record<string, unknown> } }

/**
 * The `mapResponse` of a route that is asked often: it answers with JSON. A problem stays as it is. Where the route sets another
 * status or a cookie, Elysia makes a `Response` of the answer.
 * @throws TypeError for a value that no header field may have
 */
export function asJsonAnswer({ responseValue, set }: ToAnswer): Response | undefined {
  if (responseValue instanceof Response) return undefined
  const fields: Record<string, string> = {}
  for (const name in set.headers) fields[name] = String(set.headers[name])
  const answer: object = new JsonAnswer(responseValue, fields)
  if (!(answer instanceof Response)) return undefined
  // Elysia would make a `Response` that has them.
  set.headers = {}
  return answer
}
