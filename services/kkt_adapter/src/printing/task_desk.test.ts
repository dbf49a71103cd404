import { describe, expect, test } from 'bun:test'
import { NOBODY } from '../domain/actor.ts'
import type { TaskId } from '../domain/task.ts'
import { setUpDesk, WAIT_MS } from '../testing/desk_kit.ts'
import { accepted, freshKey } from '../testing/kit.ts'
import { cash } from '../testing/task_kit.ts'

const CLOSE = { kind: 'close_shift', cashier: null } as const
const OPEN = { kind: 'open_shift', cashier: null } as const
const X_REPORT = { kind: 'x_report' } as const

describe('a task that is submitted', () => {
  test('is answered with its result once it is done', async () => {
    const { carryOut } = setUpDesk()
    expect(await carryOut(CLOSE)).toMatchObject({
      kind: 'ended',
      isReplay: false,
      task: { status: 'done', work: { shiftNumber: 1 }, result: { doc: { kind: 'shift_closing' } } },
    })
  })

  test('is answered as it is after the time that its client waits, and goes on', async () => {
    const { desk, submit, clock, fiscalizer } = setUpDesk()
    const submitted = submit(X_REPORT)
    await clock.advance(WAIT_MS)
    const answer = await submitted
    expect(answer).toMatchObject({ kind: 'open', task: { status: 'accepted' } })
    await fiscalizer.runOnce()
    expect('task' in answer && desk.find(answer.task.id)?.status).toBe('done')
  })

  test('is answered when another process has done it', async () => {
    const { submit, journal, clock, kkt } = setUpDesk()
    const submitted = submit(X_REPORT)
    await clock.advance(0)
    const id = journal.tasks.nextAccepted()?.id ?? ('' as TaskId)
    await journal.write((tx) => {
      tx.markAsked(id, kkt.fnNumber)
      tx.recordTaskDone(id, { doc: null, totals: null, drawerKopecks: null })
    })
    await clock.advance(WAIT_MS / 2)
    expect(await submitted).toMatchObject({ kind: 'ended', task: { id } })
  })

  test('is answered as it is at a stop, and the one that the KKT is at when it is done', async () => {
    const { submit, clock, fiscalizer, kkt } = setUpDesk()
    fiscalizer.start()
    const { onPerform } = kkt
    kkt.onPerform = async (task, perform) => {
      await clock.wait(WAIT_MS / 4)
      return await onPerform(task, perform)
    }
    const [first, second] = [submit(cash('cash_in', 1), freshKey()), submit(cash('cash_in', 2), freshKey())]
    await clock.advance(0)
    const stopped = fiscalizer.stop()
    await clock.advance(0)
    expect(await second).toMatchObject({ kind: 'open', task: { status: 'accepted' } })
    await clock.advance(WAIT_MS / 4)
    expect(await first).toMatchObject({ kind: 'ended', task: { status: 'done' } })
    await stopped
  })
})

describe('invariant 14: the same key', () => {
  test('gets the same answer, though the shift has changed since, and does nothing', async () => {
    const { carryOut, submit, kkt } = setUpDesk()
    const key = freshKey()
    const first = await carryOut(CLOSE, key)
    const replay = { ...first, isReplay: true } as typeof first
    expect(await submit(CLOSE, key)).toEqual(replay)
    await carryOut(OPEN)
    expect(await submit(CLOSE, key)).toEqual(replay)
    expect(kkt.tasks).toHaveLength(2)
  })

  test.each([
    ['closed', CLOSE],
    ['emptied', cash('cash_out', 100)],
  ] as const)(
    'gets the same answer, though it was asked before the first one was journaled, and heard later that all is %s',
    async (_what, work) => {
      const { carryOut, submit, kkt } = setUpDesk()
      kkt.drawerKopecks = 100
      const key = freshKey()
      const late = Promise.withResolvers<void>()
      const { state } = kkt
      kkt.state = async () => {
        kkt.state = state
        await late.promise
        return await state()
      }
      const second = submit(work, key)
      const first = await carryOut(work, key)
      late.resolve()
      expect(await second).toEqual({ ...first, isReplay: true } as typeof first)
      expect(kkt.tasks).toHaveLength(1)
    },
  )

  test('is refused for anything else', async () => {
    const { carryOut, submit, journal } = setUpDesk()
    const key = freshKey()
    const first = await carryOut(cash('cash_in', 100), key)
    expect(await submit(cash('cash_in', 200), key)).toEqual({
      kind: 'key_reused',
      taskId: 'task' in first ? first.task.id : null,
    })
    expect(journal.tasks.list({ status: null, kind: null }, null, 9).items).toHaveLength(1)
  })
})

describe('the state of the shift', () => {
  test.each([
    ['opened', OPEN, 'shift_open'],
    ['expired', OPEN, 'shift_expired'],
    ['closed', CLOSE, 'shift_closed'],
  ] as const)('%s is in the way of some', async (kind, work, code) => {
    const { submit, kkt, journal } = setUpDesk()
    kkt.shift = kind === 'closed' ? { kind, number: 1 } : { kind, number: 1, openedAtMs: 0, expiresAtMs: 1 }
    for (const key of [null, freshKey()]) expect(await submit(work, key)).toEqual({ kind: 'obstacle', code })
    expect(journal.tasks.nextAccepted()).toBeNull()
  })

  test('expired is not in the way of a closing, nor is it of cash', async () => {
    const { carryOut, cashIn, kkt } = setUpDesk()
    kkt.shift = { kind: 'expired', number: 1, openedAtMs: 0, expiresAtMs: 1 }
    expect(await cashIn(5)).toMatchObject({ kind: 'ended', task: { status: 'done' } })
    expect(await carryOut(CLOSE)).toMatchObject({ kind: 'ended', task: { status: 'done' } })
  })

  test('that the KKT does not say keeps openings and closings from being journaled, and nothing else', async () => {
    const { submit, clock, kkt, journal } = setUpDesk()
    kkt.state = async () => null
    expect([await submit(OPEN), await submit(CLOSE)]).toEqual([{ kind: 'kkt_silent' }, { kind: 'kkt_silent' }])
    expect(journal.tasks.nextAccepted()).toBeNull()
    const report = submit(X_REPORT)
    await clock.advance(WAIT_MS)
    expect(await report).toMatchObject({ kind: 'open' })
  })
})

describe('invariant 14: a closing without a key', () => {
  test('joins the one of its shift that is under way', async () => {
    const { submit, fiscalizer, clock, kkt } = setUpDesk()
    const both = [submit(CLOSE), submit(CLOSE)]
    await clock.advance(0)
    await fiscalizer.runOnce()
    const answers = await Promise.all(both)
    expect(answers).toMatchObject([
      { kind: 'ended', isReplay: false },
      { kind: 'ended', isReplay: true },
    ])
    expect(kkt.tasks).toHaveLength(1)
  })

  test('joins one whose outcome is not known yet, though the KKT has closed the shift', async () => {
    const { submit, fiscalizer, clock, kkt } = setUpDesk()
    kkt.onPerform = async (_task, perform) => {
      perform()
      return { kind: 'unknown', reason: 'the reply got lost' }
    }
    const first = submit(CLOSE)
    await clock.advance(0)
    await fiscalizer.runOnce()
    const second = submit(CLOSE)
    await clock.advance(0)
    await fiscalizer.runOnce()
    await clock.advance(WAIT_MS)
    expect(await Promise.all([first, second])).toMatchObject([{ kind: 'ended' }, { kind: 'ended', isReplay: true }])
    expect(kkt.tasks).toHaveLength(1)
  })
})

describe('settling', () => {
  async function unclear() {
    const parts = setUpDesk()
    const { journal, kkt, cashIn } = parts
    kkt.onPerform = async () => ({ kind: 'unknown', reason: 'the reply got lost' })
    kkt.onLookupTask = async () => ({ kind: 'untellable', reason: 'it keeps no list' })
    await cashIn(700)
    const id = journal.tasks.list({ status: 'unclear', kind: null }, null, 1).items[0]?.id
    if (id === undefined) throw new Error('No task is unclear')
    return { ...parts, id }
  }

  test.each([
    [true, 'done', 700],
    [false, 'refused', 0],
  ] as const)('by a person ends it, and the drawer goes by that (done: %p)', async (done, status, kopecks) => {
    const { desk, id } = await unclear()
    expect(await desk.settle(id, done, 'counted', { owner: null, who: 'office' })).toBe('settled')
    expect(desk.find(id)?.status).toBe(status)
    expect(desk.drawer(null)).toEqual({ kopecks, countedBy: 'adapter' })
  })

  test('is for unclear tasks only', async () => {
    const { desk, id } = await unclear()
    await desk.settle(id, true, null, NOBODY)
    expect(await desk.settle(id, false, null, NOBODY)).toBe('not_unclear')
    expect(await desk.settle('nothing' as TaskId, true, null, NOBODY)).toBe('unknown_task')
    expect(desk.find(id)?.status).toBe('done')
  })
})

test("the drawer's sum is the KKT's where it keeps one", async () => {
  const { desk, journal } = setUpDesk()
  await accepted(journal)
  expect(desk.drawer(250)).toEqual({ kopecks: 250, countedBy: 'kkt' })
})
