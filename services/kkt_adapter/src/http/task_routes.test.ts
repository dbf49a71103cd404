import { describe, expect, test } from 'bun:test'
import { startApp } from '../testing/app_kit.ts'
import { codeOf, NOBODY, startGuarded } from '../testing/guarded_app.ts'
import { openAnswer, taskAnswer, taskPage } from './task_answers.ts'

/** Within KKT_PRINT_TIMEOUT. */
const LOOK_UP_MS = 9000

const CASH = { headers: { 'idempotency-key': 'key-1' }, body: '{"amount":60,"reason":"инкассация"}' }

/** An app with a task of which nothing tells whether the KKT has done it. */
async function withUnclear() {
  const app = startGuarded()
  app.kkt.onPerform = async () => ({ kind: 'unknown', reason: 'no answer' })
  app.kkt.onLookupTask = async () => ({ kind: 'untellable', reason: 'the KKT keeps no list of its tasks' })
  const answer = app.as(app.till1)('POST', '/v1/kkt/cash/out', CASH)
  // The KKT is asked what became of it once it has had time to answer.
  await app.clock.advance(LOOK_UP_MS)
  const { status, json } = await answer
  const { task_id: id, status: standing } = openAnswer.parse(json)
  const settle = (token: string, body: unknown) =>
    app.as(token)('POST', `/v1/kkt/task/${id}/settle`, { body: JSON.stringify(body) })
  const look = async () => taskAnswer.parse((await app.as(app.till1)('GET', `/v1/kkt/task/${id}`)).json)
  return { ...app, id, status, standing, settle, look }
}

describe('a task of which nothing tells the outcome', () => {
  test('is answered as unclear, and listed as such', async () => {
    const { id, status, standing, as, till1, look, stop } = await withUnclear()
    expect([status, standing]).toEqual([202, 'unclear'])
    expect(await look()).toMatchObject({
      task_id: id,
      kind: 'cash_out',
      status: 'unclear',
      amount: 60,
      reason: 'инкассация',
      drawer: null,
      last_error: 'the KKT keeps no list of its tasks',
    })
    const { tasks } = taskPage.parse((await as(till1)('GET', '/v1/kkt/tasks?status=unclear&kind=cash_out')).json)
    expect(tasks.map(({ task_id }) => task_id)).toEqual([id])
    await stop()
  })

  test('ends by the word of an operator, and not by that of a till', async () => {
    const { settle, look, till1, office, kkt, stop } = await withUnclear()
    expect(codeOf((await settle(till1, { done: true })).json)).toBe('not_allowed')
    expect((await look()).status).toBe('unclear')
    const { status, json } = await settle(office, { done: true, reason: 'the slip is on the tape' })
    expect([status, taskAnswer.parse(json).status]).toEqual([200, 'done'])
    expect((await look()).status).toBe('done')
    expect(codeOf((await settle(office, { done: false })).json)).toBe('task_not_unclear')
    expect((await look()).status).toBe('done')
    expect(kkt.tasks).toHaveLength(1)
    await stop()
  })

  test('that was not done is refused, and its key is answered so', async () => {
    const { settle, look, as, till1, office, kkt, stop } = await withUnclear()
    expect((await settle(office, { done: false, reason: 'the drawer is full' })).status).toBe(200)
    expect(await look()).toMatchObject({ status: 'refused' })
    const again = await as(till1)('POST', '/v1/kkt/cash/out', CASH)
    expect([again.status, codeOf(again.json), again.headers.get('idempotency-replayed')]).toEqual([
      502,
      'task_refused',
      'true',
    ])
    expect(kkt.tasks).toHaveLength(1)
    await stop()
  })

  test.each([{}, { done: 'yes' }, { done: true, why: 'x' }])('takes no other word: %p', async (word) => {
    const { settle, look, office, stop } = await withUnclear()
    expect(codeOf((await settle(office, word)).json)).toBe('invalid_body')
    expect((await look()).status).toBe('unclear')
    await stop()
  })
})

test('a task that is not there is a 404, to look up and to settle', async () => {
  const { ask } = startApp()
  const answers = [
    await ask('GET', `/v1/kkt/task/${NOBODY}`),
    await ask('GET', `/v1/kkt/task/${NOBODY}/slip`),
    await ask('POST', `/v1/kkt/task/${NOBODY}/settle`, { body: '{"done":true}' }),
  ]
  expect(answers.map(({ status, json }) => [status, codeOf(json)])).toEqual(Array(3).fill([404, 'task_not_found']))
})

test('tasks are listed page by page, the newest first', async () => {
  const { ask, kkt, stop } = startApp()
  kkt.drawerKopecks = 0
  for (const key of ['one', 'two', 'three'])
    await ask('POST', '/v1/kkt/cash/in', {
      headers: { 'idempotency-key': key },
      body: `{"amount":1,"reason":"${key}"}`,
    })
  await ask('POST', '/v1/kkt/shift/close')
  const page = async (query: string) => taskPage.parse((await ask('GET', `/v1/kkt/tasks?${query}`)).json)
  const first = await page('limit=2')
  expect(first.tasks.map(({ kind, reason }) => [kind, reason])).toEqual([
    ['close_shift', undefined],
    ['cash_in', 'three'],
  ])
  expect(first.tasks[0]).toMatchObject({ shift_number: 1 })
  const second = await page(`limit=2&cursor=${first.next_cursor}`)
  expect([second.tasks.map(({ reason }) => reason), second.next_cursor]).toEqual([['two', 'one'], null])
  const wrong = await ask('GET', '/v1/kkt/tasks?status=lost')
  expect([wrong.status, codeOf(wrong.json)]).toEqual([422, 'invalid_query'])
  await stop()
})
