import type { Clock } from '@kkt/platform/clock.ts'
import { streamed } from '@kkt/platform/listener/answering.ts'
import type { Connections } from './connections.ts'
import type { Reply, Seen, Verdict } from './fault.ts'
import { unavailable } from './replies.ts'
import type { Answer } from './wire.ts'

/** The verdicts that end a call. */
export type Ending = Extract<Verdict, { kind: 'answer' | 'silence' | 'reset' | 'cut' | 'dribble' }>

/**
 * Ends a call as the fault's verdict says.
 * @param dropped when it is aborted, every wait here ends at once and the call is answered as by a service that is down
 * @param onDecided called as soon as the client's answer is decided
 */
export async function carryOut(
  verdict: Ending,
  deps: {
    call: Seen
    request: Request
    clock: Clock
    connections: Connections
    dropped: AbortSignal
    onDecided: (status: number | null, isReplied: boolean, answer: Answer | null) => void
  },
): Promise<Response> {
  const { call, request, clock, connections, dropped, onDecided } = deps
  switch (verdict.kind) {
    case 'answer':
      onDecided(verdict.status, true, verdict.body)
      return answer(verdict)
    case 'silence':
      onDecided(null, false, null)
      return await silence()
    case 'reset':
      onDecided(null, false, null)
      return streamed(new Response(brokenOff(), JSON_TYPE))
    case 'cut': {
      const half = halfOf(call.reply)
      onDecided(call.reply.status, false, new TextDecoder().decode(half))
      if (verdict.by === 'fin' && connections.endWith(request, announced(call.reply, half))) return await silence()
      return streamed(new Response(brokenOff(half), { ...JSON_TYPE, status: call.reply.status }))
    }
    case 'dribble': {
      onDecided(call.reply.status, true, call.reply.body)
      const body = dribbled(call.reply, verdict.ms, clock, AbortSignal.any([request.signal, dropped]))
      return streamed(new Response(body, { ...JSON_TYPE, status: call.reply.status }))
    }
  }

  async function silence(): Promise<Response> {
    await aborted(AbortSignal.any([request.signal, dropped]))
    return answer(unavailable(call))
  }
}

const JSON_TYPE = { headers: { 'content-type': 'application/json' } }

function answer({ status, body, headers }: Extract<Verdict, { kind: 'answer' }>): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return new Response(text, { status, headers: { ...JSON_TYPE.headers, ...headers } })
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const bytesOf = ({ body }: Reply) => new TextEncoder().encode(JSON.stringify(body))

function halfOf(reply: Reply): Uint8Array {
  const whole = bytesOf(reply)
  return whole.subarray(0, whole.length / 2)
}

/** An answer's bytes on the wire. */
export const wholeAnswer = (reply: Reply): Uint8Array => announced(reply, bytesOf(reply))

/** The head and this part of the body, as bytes on the wire. */
function announced(reply: Reply, part: Uint8Array): Uint8Array {
  const head = `HTTP/1.1 ${reply.status} OK\r\ncontent-type: application/json\r\ncontent-length: ${bytesOf(reply).length}\r\n\r\n`
  return Buffer.concat([new TextEncoder().encode(head), part])
}

/** A body that sends this part and then breaks its connection; without a part, before the first byte of the answer. */
function brokenOff(part?: Uint8Array): ReadableStream {
  let isSent = false
  return new ReadableStream(
    {
      async pull(controller) {
        // No reason is given because the runtimes print it.
        if (part === undefined) return controller.error()
        if (!isSent) {
          isSent = true
          return controller.enqueue(part)
        }
        // Enqueued bytes leave when the event loop turns. An error before that would discard them.
        await new Promise((resolve) => setImmediate(resolve))
        controller.error()
      },
    },
    { highWaterMark: 0 },
  )
}

function dribbled(reply: Reply, ms: number, clock: Clock, gone: AbortSignal): ReadableStream {
  const bytes = bytesOf(reply)
  const startedMs = clock.monotonicMs()
  let sent = 0
  return new ReadableStream(
    {
      async pull(controller) {
        // Send every byte that is due by the time since the start: small delays would add up otherwise.
        const dueMs = startedMs + (ms * (sent + 1)) / bytes.length
        await clock.wait(Math.max(0, dueMs - clock.monotonicMs()), gone)
        if (gone.aborted) return controller.error()
        const due = ms === 0 ? bytes.length : Math.floor((bytes.length * (clock.monotonicMs() - startedMs)) / ms)
        const piece = bytes.subarray(sent, Math.max(sent + 1, due))
        controller.enqueue(piece)
        sent += piece.length
        if (sent === bytes.length) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
