/** An answer that is no runtime's `Response`. Runs under `bun test` and `deno test`. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Elysia } from 'elysia'
import { bodyOf, wholeAnswer } from './answering.ts'
import { asJsonAnswer, JsonAnswer } from './json_answer.ts'

const VALUE = { message: 'Чек пробит', total: 1549.8 }
const TERMS = { method: 'GET', isHttp10: false, isLast: false, wallMs: 0 }

function answerOf(headers: Record<string, string> = { vary: 'Accept-Language', 'content-language': 'ru' }) {
  const set = { headers }
  const answer = asJsonAnswer({ responseValue: VALUE, set })
  assert.ok(answer)
  return { answer, set }
}

const onWire = async (answer: Response) => wholeAnswer(answer, await bodyOf(answer), TERMS).toString()

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

  test('is that of a route, whose problems, other states and cookies stay as they are', async () => {
    const app = new Elysia()
      .get(
        '/json',
        ({ set }) => {
          set.headers['content-language'] = 'ru'
          return VALUE
        },
        { mapResponse: asJsonAnswer },
      )
      .get('/problem', () => new Response('a problem', { status: 409 }), { mapResponse: asJsonAnswer })
      .get(
        '/created',
        ({ set }) => {
          set.status = 201
          return VALUE
        },
        { mapResponse: asJsonAnswer },
      )
      .get(
        '/cookie',
        ({ cookie }) => {
          cookie['till']?.set({ value: '1' })
          return VALUE
        },
        { mapResponse: asJsonAnswer },
      )
    const ask = async (path: string) => await app.handle(new Request(`http://localhost/${path}`))
    const json = await ask('json')
    assert.ok(json instanceof JsonAnswer)
    assert.match(await onWire(json), /\r\ncontent-language: ru\r\n/)
    for (const [path, status] of [
      ['problem', 409],
      ['created', 201],
      ['cookie', 200],
    ] as const) {
      const answer = await ask(path)
      assert.deepEqual([path, answer.status, answer instanceof JsonAnswer], [path, status, false])
    }
    assert.deepEqual(await (await ask('created')).json(), VALUE)
    assert.match((await ask('cookie')).headers.get('set-cookie') ?? '', /^till=1/)
  })
})
