/** Clients that wait for changes, against a real process: none of them keeps it from stopping. */
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEST_MS } from '../harness/patience.ts'
import { eventsOf } from '../harness/sse.ts'
import { problem } from '../harness/wire.ts'
import { killAll, startAdapter } from './adapter_process.ts'

/** Below the 1.2 s that work in hand gets: nothing is in hand here. */
const STOP_AT_ONCE_MS = 1000
/** A busy machine makes a stop slow now and then. A client that is waited for makes each stop slow. */
const TRIES = 3

const folder = mkdtempSync(join(tmpdir(), 'kkt-live-'))
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

async function startWith(name: string) {
  const path = join(folder, name, 'buffer.db')
  const adapter = startAdapter({ BUFFER_DB_PATH: path, KKT_PRINT_TIMEOUT: '0.1' })
  const url = `http://127.0.0.1:${await adapter.port}/v1/kkt`
  const stop = async () => {
    const startedMs = performance.now()
    adapter.child.kill('SIGTERM')
    return { code: await adapter.ended, isAtOnce: performance.now() - startedMs < STOP_AT_ONCE_MS }
  }
  return { adapter, url, stop }
}

/** Tries until a stop was at once. @returns the last one */
async function bestStop(attempt: (name: string) => Promise<{ code: unknown; isAtOnce: boolean }>, name: string) {
  for (let ordinal = 1; ; ordinal += 1) {
    const stopped = await attempt(`${name}-${ordinal}`)
    if (stopped.isAtOnce || stopped.code !== 0 || ordinal === TRIES) return stopped
  }
}

const AT_ONCE = { code: 0, isAtOnce: true }

async function stopWithWaiting(name: string) {
  const { adapter, url, stop } = await startWith(name)
  const { body } = await fetch(`${url}/stream`)
  if (body === null) throw new Error('the stream has no body')
  const told = Array.fromAsync(eventsOf(body))
  await fetch(`${url}/_test/config`, { method: 'POST', body: '{"gone": true}' })
  const { receipt_id: id } = await adapter.post()
  const waiting = fetch(`${url}/receipt/${id}?wait=synced&timeout=60`)
  await fetch(`${url}/receipts`)
  const stopped = await stop()
  const answer = await waiting
  expect([answer.status, problem.parse(await answer.json()).code]).toEqual([503, 'shutting_down'])
  expect((await told).map(({ event }) => event)).toEqual(expect.arrayContaining(['status', 'receipt']))
  return stopped
}

async function stopWithStuck(name: string) {
  const { adapter, stop } = await startWith(name)
  const stuck = connect({ port: await adapter.port, host: '127.0.0.1' })
  stuck.pause()
  stuck.write('GET /v1/kkt/stream?last_event_id=0 HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await adapter.post()
  const stopped = await stop()
  stuck.destroy()
  return stopped
}

test(
  'a stop ends the streams, answers those that wait, and waits for neither',
  async () => expect(await bestStop(stopWithWaiting, 'waiting')).toEqual(AT_ONCE),
  TEST_MS,
)

test(
  'a stop does not wait for a client that does not read its stream',
  async () => expect(await bestStop(stopWithStuck, 'stuck')).toEqual(AT_ONCE),
  TEST_MS,
)
