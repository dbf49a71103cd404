import { readAnswer } from '@kkt/platform/bounded.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { jsonOrUndefined } from '@kkt/platform/json_text.ts'
import { z } from 'zod'

/** The answer to either call. */
export type OfdAnswer =
  | { kind: 'held' }
  /** Only of a look-up. */
  | { kind: 'absent' }
  /** `mayBeHeld`: the OFD may have taken the document all the same. */
  | { kind: 'failed'; mayBeHeld: boolean; reason: string }

export type OfdClient = {
  submit(body: Named, stopping: AbortSignal): Promise<OfdAnswer>
  lookUp(name: Named, stopping: AbortSignal): Promise<OfdAnswer>
}

/** The FN and the number in it name a document. */
type Named = { fn_number: string; fd_number: number }

/** As long as the adapter waits for the OFD in the test stack. */
const TIME_LIMIT_MS = 5000
const OUT_OF_TIME = 'TimeoutError'
/** The document is there already, so that a look-up can confirm it. */
const CONFLICT = 409

/** An answer counts only for the document that it names. */
const held = z.object({ status: z.literal('accepted'), fn_number: z.string(), fd_number: z.int() })
const absent = held.extend({ status: z.literal('not_found') })

/** The calls never reject: failures are answers. @param send sends the requests */
export function createOfdClient(deps: {
  url: string
  clock: Clock
  send: (request: Request) => Promise<Response>
}): OfdClient {
  const { clock, send } = deps
  const base = `${deps.url.replace(/\/+$/, '')}/ofd/v1/document`

  /** The answer must come whole and in time. */
  async function ask(url: string, init: RequestInit, stopping: AbortSignal) {
    const [answered, outOfTime] = [new AbortController(), new AbortController()]
    void clock.wait(TIME_LIMIT_MS, answered.signal).then(() => outOfTime.abort(new DOMException('', OUT_OF_TIME)))
    try {
      const signal = AbortSignal.any([outOfTime.signal, stopping])
      const response = await send(new Request(url, { ...init, redirect: 'manual', signal }))
      return { status: response.status, body: jsonOrUndefined(await readAnswer(response)) }
    } finally {
      answered.abort()
    }
  }

  return {
    async submit(body, stopping) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      try {
        const { status, body: answer } = await ask(base, init, stopping)
        if (status === 200 && isAbout(held, answer, body)) return { kind: 'held' }
        const isRefusal = status >= 400 && status < 500 && status !== CONFLICT
        return { kind: 'failed', mayBeHeld: !isRefusal, reason: `the OFD answered ${status}` }
      } catch (error) {
        return { kind: 'failed', mayBeHeld: true, reason: reasonOf(error) }
      }
    },
    async lookUp(name, stopping) {
      try {
        const url = `${base}/${name.fn_number}/${name.fd_number}`
        const { status, body } = await ask(url, { method: 'GET' }, stopping)
        if (status === 200 && isAbout(held, body, name)) return { kind: 'held' }
        if (status === 404 && isAbout(absent, body, name)) return { kind: 'absent' }
        return { kind: 'failed', mayBeHeld: true, reason: `the OFD answered ${status} to the look-up` }
      } catch (error) {
        return { kind: 'failed', mayBeHeld: true, reason: reasonOf(error) }
      }
    },
  }
}

function isAbout(form: z.ZodType<Named>, answer: unknown, { fn_number, fd_number }: Named): boolean {
  const { data } = form.safeParse(answer)
  return data !== undefined && data.fn_number === fn_number && data.fd_number === fd_number
}

/** Names the failure by its kind: a message could hold an address or a body. */
function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : 'Error'
  return name === OUT_OF_TIME ? 'the OFD did not answer in time' : `the connection to the OFD failed (${name})`
}
