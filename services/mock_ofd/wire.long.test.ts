/** The record of a call's body and answer, from which a person sees why it failed. */
import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { build } from './testing/lent.ts'
import { first, idOf, posted, receipt } from './testing.ts'

const T = '/ofd/v1/_test'
type Mock = ReturnType<typeof build>

const inFull = async ({ ask }: Mock, number: number) => Object((await ask('GET', `${T}/calls/${number}`)).body)
const wireOf = async (mock: Mock, number: number) => (await inFull(mock, number)).wire
const whole = (body: unknown) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { text, length: text.length }
}

describe('a call in full', () => {
  test('has what it was sent, what it was answered, and what the log says of it', async () => {
    const mock = build()
    await mock.send(receipt(1))
    const { calls } = Object((await mock.ask('GET', `${T}/calls`)).body)
    expect(await inFull(mock, 1)).toEqual({
      ...calls[0],
      wire_kept_of: 1000,
      wire: { sent: whole(receipt(1)), answered: whole(first), struck: [] },
    })
  })

  test('that asks has no body, and its answer', async () => {
    const mock = build()
    await mock.find(idOf(1))
    const answered = whole({ status: 'not_found', receipt_id: idOf(1) })
    expect(await wireOf(mock, 1)).toEqual({ sent: null, answered, struck: [] })
  })

  test('that was refused has the problem that it got, and its body however wrong that is', async () => {
    const mock = build()
    for (const body of ['{"receipt_id', '{}']) {
      const { body: problem } = await mock.send(body)
      const { number } = Object((await mock.ask('GET', `${T}/calls?limit=1`)).body).calls[0]
      expect(await wireOf(mock, number)).toEqual({ sent: whole(body), answered: whole(problem), struck: [] })
    }
    await mock.send(`"${'x'.repeat(512 * 1024)}"`)
    expect(await wireOf(mock, 3)).toMatchObject({ sent: null, answered: { text: expect.stringContaining('larger') } })
  })

  test('tells each fault that struck it, with what that does, and what came of it', async () => {
    const mock = build()
    const { faults } = Object((await mock.ask('GET', `${T}/faults`)).body)
    const struck = (...names: string[]) =>
      names.map((fault) => ({ fault, summary: faults.find(({ name }: { name: string }) => name === fault).summary }))
    await mock.config({ delay: { seconds: 1, times: 1 }, effect_then_error: 1 })
    const late = mock.send(receipt(1))
    await settle()
    expect(await inFull(mock, 1)).toMatchObject({
      under_way: true,
      wire: { sent: whole(receipt(1)), answered: null, struck: struck('delay') },
    })
    await mock.advance(1000)
    const { body } = await late
    expect(await wireOf(mock, 1)).toMatchObject({ answered: whole(body), struck: struck('delay', 'effect_then_error') })
  })

  test.each<[fault: string, answered: unknown]>([
    ['html_with_200', expect.stringContaining('<')],
    ['empty_200', ''],
    ['wrong_schema', expect.stringMatching(/^\{/)],
    ['effect_then_cut', JSON.stringify(first).slice(0, JSON.stringify(first).length / 2)],
    ['dribble', JSON.stringify(first)],
  ])('that %s has met has what was answered in its place', async (fault, text) => {
    const mock = build()
    await mock.config({ [fault]: true })
    const answer = await posted(mock.app, 1)
    const { answered } = await wireOf(mock, 1)
    expect(answered).toEqual({ text, length: answered.text.length })
    await answer.body?.cancel()
  })

  test('that was never answered has no answer', async () => {
    const mock = build()
    await mock.config({ effect_then_silence: 1 })
    const never = mock.send(receipt(1))
    await settle()
    expect(await wireOf(mock, 1)).toMatchObject({ sent: whole(receipt(1)), answered: null })
    await mock.reset()
    await never
  })

  test('has no more of its body than a piece', async () => {
    const mock = build()
    const sent = JSON.stringify({ ...receipt(1), note: 'я'.repeat(10_000) })
    await mock.send(sent)
    expect(await wireOf(mock, 1)).toMatchObject({ sent: { text: sent.slice(0, 4096), length: sent.length } })
  })

  test('is there for the newest thousand', async () => {
    const mock = build()
    for (let i = 1; i <= 1001; i += 1) await mock.find(idOf(1))
    expect(await inFull(mock, 1)).toMatchObject({ number: 1, status: 404, wire: null })
    expect(await wireOf(mock, 2)).toMatchObject({ answered: expect.anything() })
  })

  test('is not carried elsewhere, but what the log says of it is', async () => {
    const mock = build()
    await mock.send(receipt(1))
    const other = build()
    await other.ask('POST', `${T}/import`, (await mock.ask('GET', `${T}/export`)).body)
    expect(await inFull(other, 1)).toMatchObject({ status: 200, wire: null })
  })

  test.each([
    ['2', 404, 'no_such_call'],
    ['0', 422, 'invalid_params'],
    ['x', 422, 'invalid_params'],
  ])('%s is none', async (number, status, code) => {
    const mock = build()
    await mock.send(receipt(1))
    expect(await mock.ask('GET', `${T}/calls/${number}`)).toMatchObject({ status, body: { code } })
  })
})
