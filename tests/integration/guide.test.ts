/** The guide's examples, sent as `curl` sends them, headers included: users paste them, so they must work. */
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { call, expectBody } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newKey } from '../harness/receipts.ts'
import { onHealedStack, whenOpen, whenSynced } from '../harness/stack_state.ts'
import { mockConfig, receiptAnswer } from '../harness/wire.ts'

onHealedStack()

const fixture = readFileSync(new URL('../fixtures/sample_receipt.json', import.meta.url), 'utf8')
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const JSON_TYPE = { 'content-type': 'application/json' }

const configure = async (body: string, headers: Record<string, string>) =>
  expectBody(
    await call(`${urls.ofd}/ofd/v1/_test/config`, { method: 'POST', body, headers, withinMs: limits.answerMs }),
    200,
    mockConfig,
  )

const postFixture = async (headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer> = fixture) => {
  const withKey = { 'idempotency-key': newKey(), ...headers }
  const url = `${urls.adapter}/v1/kkt/receipt`
  return expectBody(
    await call(url, { method: 'POST', body, headers: withKey, withinMs: limits.answerMs }),
    200,
    receiptAnswer,
  )
}

test('offline mode: 10 receipts of the fixture are pending, and the OFD has none', async () => {
  expect(await configure('{"permanent_failure": true}', JSON_TYPE)).toMatchObject({ permanent_failure: true })
  for (let i = 0; i < 10; i += 1) await postFixture(JSON_TYPE)
  expect((await adapter.status()).pending).toBe(10)
  expect((await ofd.health()).receipts_received).toBe(0)
})

test('recovery: sent as forms, 5 receipts wait, and a manual sync delivers them while the breaker is open', async () => {
  const { synced } = await adapter.status()
  await configure('{"permanent_failure": true}', FORM)
  for (let i = 0; i < 5; i += 1) await postFixture(FORM)
  expect((await adapter.status()).pending).toBe(5)
  await whenOpen()

  await configure('{"permanent_failure": false}', FORM)
  const sync = await call(`${urls.adapter}/v1/kkt/buffer/sync`, { method: 'POST', withinMs: limits.syncAnswerMs })
  expect(sync.status).toBe(202)
  expect((await adapter.status()).synced - synced).toBe(5)
  expect((await ofd.health()).receipts_received).toBe(5)
})

test.each([
  ['no content type', {}],
  ['a wrong content type', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['an empty content type', { 'content-type': '' }],
])('a receipt with %s is read as JSON', async (_what, headers) => {
  const { receipt_id } = await postFixture(headers, new TextEncoder().encode(fixture))
  await whenSynced(receipt_id)
})
