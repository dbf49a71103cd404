import type { OfdCall, SimOfd } from './ofd.ts'
import type { Process } from './process.ts'
import type { SimTime } from './time.ts'

export type Ways = {
  time: SimTime
  ofd: SimOfd
  random: () => number
  /** Called when something has come back to a process, or is given up by it: the answer's status, or null. */
  heard: (call: OfdCall, status: number | null, isRight: boolean) => void
}

/**
 * The way from a process to the OFD and back. What has left the process arrives, whatever becomes of it meanwhile.
 * @returns rejects as `fetch` does: when the request is given up, or the connection fails
 */
export async function sendOver(
  { time, ofd, random, heard }: Ways,
  process: Process,
  request: Request,
): Promise<Response> {
  const body = request.method === 'POST' ? await request.text() : ''
  const url = new URL(request.url)
  return await new Promise((resolve, reject) => {
    const cutOff = new AbortController()
    let isOver = false
    const settle = (then: () => void) =>
      process.enter(() => {
        if (cutOff.signal.aborted) return
        isOver = true
        then()
      })
    const call: OfdCall = {
      from: process.name,
      method: request.method,
      receiptId: request.headers.get('idempotency-key') ?? url.pathname.split('/').at(-1) ?? '',
      key: request.headers.get('idempotency-key') ?? '',
      token: Number(request.headers.get('fencing-token') ?? Number.NaN),
      body,
      answer: (response, isRight) =>
        settle(() => {
          heard(call, response.status, isRight)
          resolve(response)
        }),
      fail: (error) =>
        settle(() => {
          heard(call, null, false)
          reject(error)
        }),
      onCutOff: (then) => (cutOff.signal.aborted ? then() : cutOff.signal.addEventListener('abort', then)),
    }
    const giveUp = () => {
      if (!isOver) heard(call, null, false)
      cutOff.abort()
      reject(request.signal.reason)
    }
    // Given up while the process was paused, it has never left.
    if (request.signal.aborted) return giveUp()
    request.signal.addEventListener('abort', giveUp)
    process.onKill(() => cutOff.abort())
    time.after(1 + Math.floor(random() * 10), () => ofd.take(call))
  })
}
