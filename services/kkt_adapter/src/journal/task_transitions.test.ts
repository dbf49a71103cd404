import { describe, expect, test } from 'bun:test'
import { TASK_STATUSES, type TaskId } from '../domain/task.ts'
import { shiftDoc } from '../testing/shift_documents.ts'
import { acceptedTask, cash, closing, FN, LEGAL, OPEN, resultOf, setUpTasks, TASK_STEPS } from '../testing/task_kit.ts'
import { LostTransition } from './transition.ts'

test('there is a verb for each transition of the table', () => {
  expect(
    Object.values(TASK_STEPS)
      .map(({ from, to }) => `${from}>${to}`)
      .sort(),
  ).toEqual(LEGAL.sort())
})

for (const [name, step] of Object.entries(TASK_STEPS)) {
  describe(name, () => {
    test(`takes ${step.from} to ${step.to}, and leaves one audit event that names the task`, async () => {
      const { journal, clock, reach, events } = setUpTasks()
      const id = await reach(step.from)
      const before = events().length
      await clock.advance(1234)
      await journal.write((tx) => step.run(tx, id))
      expect(journal.tasks.find(id)).toMatchObject({ status: step.to, changedAtMs: clock.wallMs() })
      const [event, ...earlier] = events()
      expect(earlier).toHaveLength(before)
      const detail = step.detail === undefined ? `cash_in ${id}` : `cash_in ${id}: ${step.detail}`
      expect(event).toMatchObject({ kind: 'task', receiptId: null, from: step.from, to: step.to, detail, who: null })
    })

    test('invariant 14: refuses a task in any other state, or that there is none of, and changes nothing', async () => {
      const { journal, reach, row, events } = setUpTasks()
      for (const status of TASK_STATUSES.filter((other) => other !== step.from)) {
        const id = await reach(status)
        const before = { row: row(id), events: events() }
        await expect(journal.write((tx) => step.run(tx, id))).rejects.toBeInstanceOf(LostTransition)
        expect({ row: row(id), events: events() }).toEqual(before)
      }
      const none = '01900000-0000-7000-8000-000000000000' as TaskId
      await expect(journal.write((tx) => step.run(tx, none))).rejects.toBeInstanceOf(LostTransition)
    })
  })
}

describe('what a transition records', () => {
  test('the FN to which the task was handed', async () => {
    const { journal, reach } = setUpTasks()
    const id = await reach('asked')
    expect(journal.tasks.nextUncertain()).toMatchObject({ id, status: 'asked', fnNumber: FN })
  })

  test('the reason of a refusal, of an unknown outcome, and of one that a person has to tell', async () => {
    const { journal, reach } = setUpTasks()
    const ids = [await reach('refused'), await reach('unknown'), await reach('unclear')]
    const told = ids.map((id) => journal.tasks.find(id)?.lastError)
    expect(told).toEqual(['too little', 'no reply', 'no way to tell'])
  })

  test('the result, and no reason any more', async () => {
    const { journal, reach } = setUpTasks()
    const id = await reach('unknown')
    await journal.write((tx) => tx.recordTaskFound(id, resultOf({ drawerKopecks: 700 })))
    expect(journal.tasks.find(id)).toMatchObject({
      result: resultOf({ drawerKopecks: 700 }),
      drawer: { kopecks: 700, countedBy: 'kkt' },
      lastError: null,
    })
  })

  test('the client that settled it, with the reason', async () => {
    const { journal, reach, events } = setUpTasks()
    const id = await reach('unclear')
    await journal.write((tx) => tx.settleTask(id, { done: false, reason: null, who: 'office ::1' }))
    const detail = `cash_in ${id}: a person says that it was not done`
    expect(events()[0]).toMatchObject({ to: 'refused', who: 'office ::1', detail })
  })

  test.each([
    ['shift_opening', OPEN],
    ['shift_closing', closing(4)],
  ] as const)('the document of a %s, once, however often it is found', async (kind, work) => {
    const { journal, db } = setUpTasks()
    const doc = shiftDoc(kind, 7, 4)
    const id = await acceptedTask(journal, work, null)
    await journal.write((tx) => {
      tx.markAsked(id, FN)
      tx.recordShiftDocument(doc)
      tx.recordTaskDone(id, resultOf({ doc }))
    })
    expect(journal.tasks.find(id)?.result?.doc).toEqual(doc)
    const rows = db.prepare<Record<string, unknown>>('SELECT kind, fd_number, seq, local_date FROM documents').all()
    expect(rows).toEqual([{ kind, fd_number: 7, seq: null, local_date: '2026-01-31' }])
  })

  test('invariant 13: no document under a number that another one has', async () => {
    const { journal, reach } = setUpTasks()
    await journal.write((tx) => tx.recordShiftDocument(shiftDoc('shift_opening', 7, 4)))
    const id = await reach('asked', closing(4), null)
    const other = journal.write((tx) => tx.recordTaskDone(id, resultOf({ doc: shiftDoc('shift_closing', 7, 4) })))
    await expect(other).rejects.toThrow('another document 7')
    expect(journal.tasks.find(id)?.status).toBe('asked')
  })
})

describe('the cash in the drawer, where the KKT keeps no sum', () => {
  const after = async (...works: [kind: 'cash_in' | 'cash_out', kopecks: number][]) => {
    const { journal, reach } = setUpTasks()
    const drawers = []
    for (const [kind, kopecks] of works) {
      const id = await reach('done', cash(kind, kopecks))
      drawers.push(journal.tasks.find(id)?.drawer)
    }
    return { journal, drawers }
  }

  test('is counted from what goes in and out, told as our own, and may be below nothing', async () => {
    const { journal, drawers } = await after(['cash_in', 5000], ['cash_out', 1200], ['cash_out', 4000])
    const ours = (kopecks: number) => ({ kopecks, countedBy: 'adapter' as const })
    expect(drawers).toEqual([ours(5000), ours(3800), ours(-200)])
    expect(journal.ownDrawerKopecks()).toBe(-200)
  })

  test('stays with a task as it was then', async () => {
    const { journal, reach } = setUpTasks()
    const id = await reach('done', cash('cash_in', 100))
    await reach('done', cash('cash_in', 100))
    expect(journal.tasks.find(id)?.drawer).toEqual({ kopecks: 100, countedBy: 'adapter' })
  })

  test('goes by the last sum that the KKT said', async () => {
    const { journal, reach } = setUpTasks()
    await reach('done', cash('cash_in', 100))
    const id = await reach('asked', cash('cash_in', 100))
    await journal.write((tx) => tx.recordTaskDone(id, resultOf({ drawerKopecks: 9000 })))
    await reach('done', cash('cash_out', 100))
    expect(journal.ownDrawerKopecks()).toBe(8900)
  })

  test('counts what a person says was done, and not what was not', async () => {
    const { journal, reach } = setUpTasks()
    const [done, not] = [await reach('unclear', cash('cash_in', 300)), await reach('unclear', cash('cash_in', 50))]
    await journal.write((tx) => {
      tx.settleTask(done, { done: true, reason: null, who: null })
      tx.settleTask(not, { done: false, reason: null, who: null })
    })
    expect([journal.tasks.find(done)?.drawer?.kopecks, journal.ownDrawerKopecks()]).toEqual([300, 300])
  })
})
