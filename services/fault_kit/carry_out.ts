import type { Clock } from '@kkt/platform/clock.ts'
import { type Call, unavailable, type Verdict } from './fault.ts'

/**
 * Does to a call what a fault wants.
 * @param dropped aborted when whatever waits here is to end at once, answered as by a service that is down
 * @returns the answer that ends the call, or nothing when it goes on
 */
export async function carryOut(
  verdict: Verdict,
  {
    service,
    request,
    clock,
    dropped,
  }: Pick<Call, 'service'> & { request: Request; clock: Clock; dropped: AbortSignal },
): Promise<Response | undefined> {
  switch (verdict.kind) {
    case 'pass':
    case 'take_again':
      return undefined
    case 'delay':
      await clock.wait(verdict.ms, dropped)
      return dropped.aborted ? answer(unavailable({ service })) : undefined
    case 'silence':
      // Deno does not notice that the sender of a larger body has gone away: there it lasts until `dropped`.
      await aborted(AbortSignal.any([request.signal, dropped]))
      return answer(unavailable({ service }))
    case 'answer':
      return answer(verdict)
    case 'cut':
      return cutInTheMiddle(verdict.body)
  }
}

const answer = ({ status, body }: Extract<Verdict, { kind: 'answer' }>) => Response.json(body, { status })

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

function cutInTheMiddle(body: Call['reply']): Response {
  const whole = new TextEncoder().encode(JSON.stringify(body))
  let isBegun = false
  const half = new ReadableStream(
    {
      async pull(controller) {
        if (!isBegun) {
          isBegun = true
          controller.enqueue(whole.subarray(0, whole.length / 2))
          return
        }
        // The half leaves when the event loop turns: an error before that would take it along.
        await new Promise((resolve) => setImmediate(resolve))
        // Breaks the connection off. Without a reason, for the runtimes print it.
        controller.error()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(half, { headers: { 'content-type': 'application/json' } })
}
