import type { Connection } from '@kkt/platform/fetch.ts'
import type { OfdCall, SimOfd } from './ofd.ts'
import { Pool } from './pool.ts'
import type { SimProcess } from './process.ts'
import { networkError } from './replies.ts'
import type { SimTime } from './time.ts'

export type Ways = {
  time: SimTime
  ofd: SimOfd
  random: () => number
  /** Called when a process gets an answer, or gives the request up. */
  heard: (call: OfdCall, heard: Heard) => void
}

/**
 * `isRight`: the answer can be read and is true of this receipt. `null`: no answer came. `dead connection`: the connection was
 * reset before an answer, and may have been dead before the request.
 */
export type Heard = { response: Response; isRight: boolean } | 'dead connection' | null

const pools = new WeakMap<SimProcess, Pool>()

function poolOf(process: SimProcess): Pool {
  const pool = pools.get(process) ?? new Pool()
  pools.set(process, pool)
  return pool
}

/**
 * The way from a process to the OFD and back. A request that has left arrives, whatever becomes of its process.
 * @returns rejects as `fetch` does, when the request is given up or the connection fails
 */
export async function sendOver(
  { time, ofd, random, heard }: Ways,
  process: SimProcess,
  { request, connection }: { request: Request; connection: Connection },
): Promise<Response> {
  const body = request.method === 'POST' ? await request.text() : ''
  const url = new URL(request.url)
  const pool = poolOf(process)
  const born = connection === 'pooled' ? pool.take(ofd.powerCycles, time.nowMs) : ofd.powerCycles
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
          if (connection === 'pooled' && isRight) pool.keep(born, time.nowMs)
          heard(call, { response, isRight })
          resolve(response)
        }),
      fail: (error) =>
        settle(() => {
          heard(call, connection === 'pooled' && isReset(error) ? 'dead connection' : null)
          reject(error)
        }),
      onCutOff: (then) => (cutOff.signal.aborted ? then() : cutOff.signal.addEventListener('abort', then)),
    }
    const giveUp = () => {
      if (!isOver) heard(call, null)
      cutOff.abort()
      reject(request.signal.reason)
    }
    // A request that was given up while its process was paused has never left.
    if (request.signal.aborted) return giveUp()
    request.signal.addEventListener('abort', giveUp)
    process.onKill(() => cutOff.abort())
    time.after(1 + Math.floor(random() * 10), () => {
      if (born === ofd.powerCycles) ofd.take(call)
      else call.fail(networkError('ECONNRESET'))
    })
  })
}

const isReset = (error: Error) => 'code' in error && error.code === 'ECONNRESET'
