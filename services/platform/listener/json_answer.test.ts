/** An answer that is no runtime's `Response`. Runs under `bun test` and `deno test`. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { wholeAnswer } from './answering.ts'
import { asJsonAnswer } from './json_answer.ts'

const VALUE = { message: 'Чек пробит', total: 1549.8 }
const TERMS = { method: 'GET', isHttp10: false, isLast: false, wallMs: 0 }

function answerOf(headers: Record<string, string> = { vary: 'Accept-Language', 'content-language': 'ru' }) {
  const set = { headers }
  const answer = asJsonAnswer({ responseValue: VALUE, set })
  assert.ok(answer)
  return { answer, set }
}

const onWire = async (answer: Response) => wholeAnswer(answer, await answer.bytes(), TERMS).toString()

describe('an answer with JSON', () => {
  test('has on the wire what a Response has', async () => {
    const headers = { vary: 'Accept-Language', 'content-language': 'ru' }
    const { answer } = answerOf(headers)
    const response = new Response(JSON.stringify(VALUE), {
      headers: { ...headers, 'content-type': 'application/json;charset=utf-8' },
    })
    assert.equal(await onWire(answer), await onWire(response))
  })

  test('is read as a Response is, and once', async () => {
    const { answer } = answerOf()
    assert.ok(answer instanceof Response)
    assert.deepEqual([answer.status, answer.ok, await answer.json()], [200, true, VALUE])
    await assert.rejects(answer.text(), TypeError)
    assert.deepEqual(JSON.parse(await answerOf().answer.text()), VALUE)
    const decoded = async (bytes: Promise<ArrayBuffer | Uint8Array>) => new TextDecoder().decode(await bytes)
    assert.deepEqual(JSON.parse(await decoded(answerOf().answer.arrayBuffer())), VALUE)
    assert.deepEqual(JSON.parse(await decoded(answerOf().answer.bytes())), VALUE)
    await answerOf().answer.body?.cancel()
  })

  test('takes further header fields', async () => {
    const { answer } = answerOf()
    answer.headers.append('vary', 'Origin')
    assert.match(await onWire(answer), /\r\nvary: Accept-Language, Origin\r\n/)
  })

  test('leaves no fields to be added once more', () => {
    assert.deepEqual(answerOf().set.headers, {})
  })

  test('refuses a value that would begin another field', () => {
    assert.throws(() => answerOf({ vary: 'a\r\nb: c' }), TypeError)
  })

  test('leaves a Response as it is', () => {
    assert.equal(asJsonAnswer({ responseValue: new Response('a problem'), set: { headers: {} } }), undefined)
  })
})
