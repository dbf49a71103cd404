import { expect } from 'bun:test'
import { MARKER } from './bad_input.ts'
import { adapter, urls } from './clients.ts'
import { type Answer, call, expectProblem } from './http.ts'
import { limits } from './limits.ts'
import { newKey } from './receipts.ts'

export const postBody = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call(`${urls.adapter}/v1/kkt/receipt`, {
    method: 'POST',
    headers: { 'idempotency-key': newKey(), ...headers },
    body,
    withinMs: limits.answerMs,
  })

/** Expects a problem document without the sender's data, and no change in the buffer. */
export async function expectRefused(send: () => Promise<Answer>, status: number, code: string) {
  const { total_receipts: before } = await adapter.status()
  const answer = await send()
  const document = expectProblem(answer, status)
  expect(document.code).toBe(code)
  expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(MARKER)
  expect((await adapter.status()).total_receipts).toBe(before)
  return document
}
