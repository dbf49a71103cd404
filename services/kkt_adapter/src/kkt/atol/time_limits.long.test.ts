/** Each kind of work at the register is waited for as long as it may take, and nothing of it is left in the way of the next. */
import { describe, expect, test } from 'bun:test'
import type { FencingToken } from '../../domain/fencing_token.ts'
import type { TaskWork } from '../../domain/task.ts'
import { ID } from '../../testing/atol_answers.ts'
import { atolKit, SOLD, TOKEN } from '../../testing/atol_driver.ts'
import { LAST_FD } from '../../testing/atol_server.ts'
import { content, freshKey } from '../../testing/kit.ts'

const NEVER_ENDS = { kind: 'inProgress', times: 100_000, next: { kind: 'ready' } } as const
/** A poll, and the step of the tests' clock. */
const SLACK_MS = 2500

/** @returns the outcome, and the time that it took by the clock of the test */
async function timed<T>({ clock }: ReturnType<typeof atolKit>, work: () => Promise<T>) {
  const startedMs = clock.monotonicMs()
  const outcome = await work()
  return { outcome, tookMs: clock.monotonicMs() - startedMs }
}

/** A driver whose service takes so long for each answer. */
function onSlowService({ server, clock, start }: ReturnType<typeof atolKit>, answerMs: number) {
  const { send } = server
  server.send = async (request) => {
    await clock.wait(answerMs, request.signal)
    request.signal.throwIfAborted()
    return await send(request)
  }
  return start()
}

const expectWaited = (tookMs: number, limitMs: number) =>
  expect(tookMs).toBeWithin(limitMs - SLACK_MS, limitMs + SLACK_MS)

describe('a work that does not end is unknown', () => {
  test.each([0, 1, 3])('after its limit: a receipt with %i marking codes', async (codes) => {
    const kit = atolKit()
    kit.server.endScript.push(NEVER_ENDS)
    const [item] = content().items
    const marked = item && { ...item, markingCode: 'MDEwNDYwMDQz', paymentObject: 'commodity_with_marking' as const }
    const items = codes === 0 || !marked ? content().items : Array.from({ length: codes }, () => marked)
    const { outcome, tookMs } = await timed(kit, () => kit.fiscalize({ ...SOLD, items }))
    expect(outcome).toMatchObject({ kind: 'unknown' })
    expectWaited(tookMs, 30_000 + codes * 60_000)
    expect(kit.server.canceled).toEqual([])
  })

  test.each<TaskWork>([
    { kind: 'x_report' },
    { kind: 'close_shift', shiftNumber: 12, cashier: null },
    { kind: 'cash_in', amountKopecks: 115_000, reason: null },
  ])('after its limit: %j', async (work) => {
    const kit = atolKit()
    kit.server.endScript.push(NEVER_ENDS)
    const { outcome, tookMs } = await timed(kit, () => kit.perform(work))
    expect(outcome).toMatchObject({ kind: 'unknown' })
    expectWaited(tookMs, 60_000)
  })
})

describe('a question that is not answered', () => {
  test('is taken out of the queue after its limit', async () => {
    const kit = atolKit()
    kit.server.isStuck = true
    const { outcome, tookMs } = await timed(kit, () => kit.ended(kit.driver.documentsAfter(LAST_FD - 1, 1)))
    expect(outcome).toBeNull()
    expectWaited(tookMs, 35_000)
    expect(kit.server.canceled).toEqual([expect.stringMatching(/^question-/)])
  })

  test('leaves its receipt unknown, and the receipt is found when the queue moves', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push('lost_after', 'lost_before', 'lost_before')
    await fiscalize(SOLD)
    server.forget()
    server.isStuck = true
    expect(await lookup()).toMatchObject({ kind: 'unknown' })
    server.isStuck = false
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: LAST_FD + 1 } })
  })

  test.each([4000, 1300, 1150])('has 10 seconds together with the others of a state: %i', async (answerMs) => {
    const kit = atolKit()
    const driver = onSlowService(kit, answerMs)
    for (const ask of [driver.state, driver.shiftReport]) {
      const { outcome, tookMs } = await timed(kit, () => kit.ended<unknown>(ask()))
      expect(outcome).toBeNull()
      expect(tookMs).toBeWithin(9750, 10_500)
    }
  })

  test('may be answered slowly: each of a state has a part of the time', async () => {
    const kit = atolKit()
    expect(await kit.ended(onSlowService(kit, 900).state())).not.toBeNull()
  })

  test('keeps nobody who watches waiting for longer than a till', async () => {
    const kit = atolKit()
    kit.server.isStuck = true
    const { outcome, tookMs } = await timed(kit, () => kit.ended(kit.driver.state()))
    expect(outcome).toBeNull()
    expect(tookMs).toBeLessThanOrEqual(5250)
    expect(kit.server.canceled).toHaveLength(1)
  })
})

test('invariant 2: a POST of a process that was paused, after another one has looked and has had the receipt made, makes none', async () => {
  const { driver, start, ended, server, clock, attempts, receipts } = atolKit()
  const sold = { id: ID, key: freshKey(), content: { ...content(), ...SOLD } }
  receipts.set(ID, { content: sold.content, fiscalDoc: null })
  server.postScript.push('lost_before')
  const paused = driver.fiscalize([sold], TOKEN)
  // It waits before it sends the same POST again.
  await clock.advance(100)
  const other = start()
  const newer = 2 as FencingToken
  expect(await ended(other.lookup(ID, newer))).toMatchObject({ kind: 'absent' })
  expect(await ended(other.fiscalize([sold], newer))).toMatchObject([{ kind: 'done' }])
  expect(await ended(paused)).toMatchObject([{ kind: 'done', doc: { fdNumber: LAST_FD + 1 } }])
  expect(server.done).toEqual(['sell'])
  expect(attempts.of(ID)).toHaveLength(1)
})
