/** Clients that wait for changes, against a real process: none of them keeps it from stopping. */
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { durationOf, expectKept } from '../harness/kept_promise.ts'
import { TEST_MS } from '../harness/patience.ts'
import { eventsOf } from '../harness/sse.ts'
import { problem } from '../harness/wire.ts'
import { killAll, startAdapter } from './adapter_process.ts'

/** Below the 1.2 s that work in hand gets: nothing is in hand here. */
const STOP_AT_ONCE_MS = 1000

const folder = mkdtempSync(join(tmpdir(), 'kkt-live-'))
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

async function startWith(name: string) {
  const path = join(folder, name, 'buffer.db')
  const adapter = startAdapter({ BUFFER_DB_PATH: path, KKT_PRINT_TIMEOUT: '0.1' })
  const url = `http://127.0.0.1:${await adapter.port}/v1/kkt`
  /** @returns the time that it takes */
  const stop = () =>
    durationOf(async () => {
      adapter.child.kill('SIGTERM')
      expect(await adapter.ended).toBe(0)
    })
  return { adapter, url, stop }
}

async function stopWithWaiting(name: string) {
  const { adapter, url, stop } = await startWith(name)
  const { body } = await fetch(`${url}/stream`)
  if (body === null) throw new Error('the stream has no body')
  const told = Array.fromAsync(eventsOf(body))
  await fetch(`${url}/_test/config`, { method: 'POST', body: '{"gone": true}' })
  const { receipt_id: id } = await adapter.post()
  const waiting = fetch(`${url}/receipt/${id}?wait=synced&timeout=60`)
  await fetch(`${url}/receipts`)
  const tookMs = await stop()
  const answer = await waiting
  expect([answer.status, problem.parse(await answer.json()).code]).toEqual([503, 'shutting_down'])
  expect((await told).map(({ event }) => event)).toEqual(expect.arrayContaining(['status', 'receipt']))
  return tookMs
}

async function stopWithStuck(name: string) {
  const { adapter, stop } = await startWith(name)
  const stuck = connect({ port: await adapter.port, host: '127.0.0.1' })
  stuck.pause()
  stuck.write('GET /v1/kkt/stream?last_event_id=0 HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await adapter.post()
  const tookMs = await stop()
  stuck.destroy()
  return tookMs
}

const expectAtOnce = (attempt: (name: string) => Promise<number>) =>
  expectKept({ 'a stop': STOP_AT_ONCE_MS }, async (ordinal) => ({
    'a stop': await attempt(`${attempt.name}-${ordinal}`),
  }))

test(
  'a stop ends the streams, answers those that wait, and waits for neither',
  () => expectAtOnce(stopWithWaiting),
  TEST_MS,
)

test('a stop does not wait for a client that does not read its stream', () => expectAtOnce(stopWithStuck), TEST_MS)
