import { afterAll, beforeEach, expect, test } from 'bun:test'
import { openPort } from '@kkt/platform/serve.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { Office } from './office.ts'

let answer = () => new Response(null, { status: 503 })
let asked = Promise.withResolvers<void>()
const take = async () => {
  asked.resolve()
  return answer()
}
const port = await openPort(take, { hostname: '127.0.0.1', port: 0 })
const url = `http://127.0.0.1:${port.port}`
afterAll(() => port.stop('now'))

beforeEach(() => {
  answer = () => new Response(null, { status: 503 })
  asked = Promise.withResolvers()
})

/** An office that has asked an adapter for a report, and has got no answer that tells of it. */
async function unanswered(): Promise<Office> {
  const office = new Office(new TestClock())
  const end = Promise.withResolvers<number>()
  const work = office.work('x_report', { url, ended: end.promise })
  await asked.promise
  end.resolve(0)
  await work
  return office
}

test('an office whose adapter never answers ends its work with the time for it', async () => {
  const office = await unanswered()
  const over = new AbortController()
  const finished = office.finish(url, over.signal)
  over.abort()
  await finished
  expect(office.asked).toMatchObject([{ kind: 'x_report', end: null }])
})

test('an answer that breaks the contract is told as a trouble of the run, and leaves the task to be asked for again', async () => {
  answer = () => Response.json({ status: 'done' })
  const office = await unanswered()
  expect(office.troubles).toEqual([expect.stringContaining('task_id')])
  expect(office.asked).toMatchObject([{ kind: 'x_report', end: null }])
})
