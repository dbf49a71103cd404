/** Faults of the socket, as a client's socket sees them. Runs under `bun test` and `deno test`: each has sockets of its own. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { conversation } from '@kkt/platform/listener/testing.ts'
import { until } from '@kkt/platform/testing.ts'
import { start, stopAll } from './testing/port.ts'
import { first, receipt } from './testing.ts'

afterEach(stopAll)

for (const [fault, effect] of [
  ['reset_before_effect', false],
  ['reset_after_effect', true],
] as const) {
  test(`${fault}: a reset instead of an answer, and the receipt is ${effect ? 'there' : 'not'}`, async () => {
    const { config, dial, isTaken, lastCall } = await start()
    await config({ [fault]: 1 })
    const line = dial()
    line.post(1)
    assert.equal(await line.ended, 'ECONNRESET')
    assert.equal(line.received(), '')
    assert.deepEqual(await lastCall(), { fault, effect, reply_sent: false, status: null })
    assert.equal(await isTaken(1), effect)
  })
}

test('effect_then_cut: half an answer, then a reset', async () => {
  const { config, dial, isTaken } = await start()
  await config({ effect_then_cut: 1 })
  const line = dial()
  line.post(1)
  assert.equal(await line.ended, 'ECONNRESET')
  assert.match(line.received(), /^HTTP\/1\.1 200 OK\r\n.*\{"status":"acc/s)
  assert.equal(await isTaken(1), true)
})

test('fin_mid_body: half of a body whose length was announced, then FIN', async () => {
  const { config, dial, isTaken, lastCall } = await start()
  await config({ fin_mid_body: 1 })
  const line = dial()
  line.post(1)
  assert.equal(await line.ended, 'FIN')
  const [head = '', body = ''] = line.received().split('\r\n\r\n')
  const announced = Number(/content-length: (\d+)/.exec(head)?.[1])
  assert.equal(announced, JSON.stringify({ ...first, timestamp: 1_800_000_000 }).length)
  assert.equal(body.length, Math.floor(announced / 2))
  assert.deepEqual(await lastCall(), { fault: 'fin_mid_body', effect: true, reply_sent: false, status: 200 })
  assert.equal(await isTaken(1), true)
})

test('half_open: one answer, and then silence on that connection alone', async () => {
  const { config, dial, isTaken, url } = await start()
  await config({ half_open: { times: 1 } })
  const line = dial()
  line.post(1)
  await line.until('OFD-000001')
  line.post(2)
  const other = await fetch(`${url}/receipt`, { method: 'POST', body: JSON.stringify(receipt(3)) })
  assert.equal(other.status, 200)
  const swallowed = await fetch(`${url}/_test/wait?calls=1&fault=half_open&operation=submit&timeout=10`)
  assert.equal(swallowed.status, 200)
  assert.equal(line.received().match(/HTTP\/1\.1/g)?.length, 1)
  assert.equal(await isTaken(2), false)
  await fetch(`${url}/_test/reset`, { method: 'POST' })
  await line.until('503')
})

test('refuse_to_accept: the port is closed, connections are cut off, it comes back by itself, and then it is over', async () => {
  const { config, dial, port, url } = await start()
  const kept = dial()
  kept.post(1)
  await kept.until('OFD-000001')
  await config({ refuse_to_accept: 0.3 })
  await kept.ended
  assert.equal(await conversation(port).ended, 'ECONNREFUSED')
  const health = () =>
    fetch(`${url}/health`).then(
      (answer) => answer.text(),
      () => '',
    )
  await until('the port to open again', async () => (await health()) !== '')
  assert.match(await health(), /"receipts_received":1,/)
  const nothing = '{"permanent_failure":false,"failure_count":0}'
  assert.equal(await (await fetch(`${url}/_test/config`)).text(), nothing)
  assert.equal(await (await fetch(`${url}/_test/config`, { method: 'POST', body: '{}' })).text(), nothing)
  assert.match(await (await fetch(`${url}/_test/counters`)).text(), /"by_fault":\{"refuse_to_accept":1\}/)
})

test('dribble: the body comes in many pieces, and whole', async () => {
  const { config, dial, url } = await start()
  await config({ dribble: 0.2 })
  const line = dial()
  line.post(1)
  await line.until('\r\n0\r\n\r\n')
  // Chunks of one byte, by what is on the wire: a busy machine may read several at once.
  const pieces = [...line.received().matchAll(/\r\n1\r\n(?=[^\r])/g)].length
  assert.ok(pieces > 10, `${pieces} pieces`)
  const again = await fetch(`${url}/receipt`, { method: 'POST', body: JSON.stringify(receipt(1)) })
  assert.match(
    await again.text(),
    /^\{"status":"accepted","ofd_id":"OFD-000001","timestamp":\d+,"receipt_id":"[-\w]+"\}$/,
  )
})

test('hang and effect_then_silence: nothing comes, and the log says whether it was taken', async () => {
  for (const [fault, effect] of [
    ['hang', false],
    ['effect_then_silence', true],
  ] as const) {
    const { config, dial, isTaken, lastCall, url } = await start()
    await config({ [fault]: { operation: 'submit' } })
    const line = dial()
    line.post(1)
    await fetch(`${url}/_test/wait?calls=1&fault=${fault}&timeout=10`)
    assert.deepEqual(await lastCall(), { fault, effect, reply_sent: false, status: null })
    assert.equal(line.received(), '')
    assert.equal(await isTaken(1), effect)
  }
})
