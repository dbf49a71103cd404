import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { body, PRINT_TIMEOUT_MS, startApp } from '../testing/app_kit.ts'
import { serverTiming } from './server_timing.ts'

/** An app whose KKT prints for 150 ms, with each commit taking 2 ms, and each that takes receipts up 5 ms. */
function timed() {
  const app = startApp()
  const { clock, journal, kkt } = app
  const { write, takeUp } = journal
  journal.write = async (work) => {
    const value = await write(work)
    await clock.wait(2)
    return value
  }
  journal.takeUp = async (work) => {
    const value = await takeUp(work)
    await clock.wait(5)
    return value
  }
  kkt.onFiscalize = async (_id, make) => {
    await clock.wait(150)
    return { kind: 'done', doc: make(), paper: 'printed' }
  }
  const timing = async (answer: ReturnType<typeof app.post>) => (await answer).headers.get('server-timing')
  return { ...app, timing }
}

test('a receipt says how long each stage took', async () => {
  const { post, clock, timing } = timed()
  const answer = post()
  await clock.advance(200)
  expect(await timing(answer)).toBe('journal;dur=2, wait;dur=5, kkt;dur=150, record;dur=2')
})

test('one that waits for others at the KKT says so', async () => {
  const { post, clock, timing } = timed()
  const first = post()
  await settle()
  const second = post()
  await clock.advance(500)
  await first
  expect(await timing(second)).toMatch(/^journal;dur=2, wait;dur=1[5-6]\d, kkt;dur=150, record;dur=2$/)
})

test('one that the KKT has not printed in time has waited only', async () => {
  const { post, clock, kkt, timing } = timed()
  kkt.onFiscalize = () => new Promise(() => undefined)
  const answer = post()
  await clock.advance(PRINT_TIMEOUT_MS + 100)
  expect(await timing(answer)).toBe('journal;dur=2, wait;dur=10000')
})

test('a repetition has only the stages that it waited for', async () => {
  const { post, clock, timing } = timed()
  const first = post(body(), 'one-key')
  await clock.advance(100)
  const during = post(body(), 'one-key')
  await clock.advance(200)
  await first
  const later = post(body(), 'one-key')
  await clock.advance(10)
  expect([await timing(during), await timing(later)]).toEqual([
    'journal;dur=2, kkt;dur=55, record;dur=2',
    'journal;dur=2',
  ])
})

test('one that comes after the answer of the KKT has waited for its record only', () => {
  const stages = { startedMs: 100, journaledMs: 110, isWaitedFor: true, endedMs: 115 }
  const timing = serverTiming(stages, { asked: { handedMs: 40, answeredMs: 90 } })
  expect(timing).toBe('journal;dur=10, record;dur=5')
})
