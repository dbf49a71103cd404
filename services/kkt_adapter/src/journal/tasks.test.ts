import { describe, expect, test } from 'bun:test'
import { NOBODY } from '../domain/actor.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import type { TaskId, TaskStatus, TaskWork } from '../domain/task.ts'
import type { SqlValue } from '../sqlite/database.ts'
import { accepted, content, freshKey } from '../testing/kit.ts'
import { acceptedTask, cash, closing, OPEN, setUpTasks, X_REPORT } from '../testing/task_kit.ts'
import { MOST_WAITING } from './tasks.ts'

const by = (owner: string | null) => ({ owner, who: owner })
const KEY = 'key-of-cash' as IdempotencyKey
const CASH = cash('cash_out', 5000)

describe('accepting a task', () => {
  test('gives it an id behind all receipts and tasks before it, and an audit event', async () => {
    const { journal, events } = setUpTasks()
    const first = await accepted(journal)
    const task = await acceptedTask(journal, X_REPORT, null)
    const second = await accepted(journal)
    expect([first.id, task, second.id].map(String)).toEqual([first.id, task, second.id].map(String).toSorted())
    expect(events()).toMatchObject([{ from: null, to: 'accepted', detail: `x_report ${task}` }])
  })

  test('invariant 14: takes a key once, and answers it again with the same task, done or not', async () => {
    const { journal, reach } = setUpTasks()
    for (const status of ['accepted', 'unclear', 'done', 'refused'] as const) {
      const key = freshKey()
      const id = await reach(status, CASH, key)
      const again = await journal.write((tx) => tx.acceptTask({ work: { ...CASH }, key }, NOBODY))
      expect(again).toMatchObject({ kind: 'known', task: { id, status } })
    }
  })

  test.each([
    ['another sum', cash('cash_out', 5001)],
    ['the other way', cash('cash_in', 5000)],
    ['another reason', { ...CASH, reason: 'to the bank' }],
  ] as const)('refuses a key that came with %s', async (_what, work) => {
    const { journal } = setUpTasks()
    const id = await acceptedTask(journal, CASH, KEY)
    const again = await journal.write((tx) => tx.acceptTask({ work, key: KEY }, NOBODY))
    expect(again).toEqual({ kind: 'key_reused', taskId: id })
  })

  test('takes the fields of a cashier in any order for the same words', async () => {
    const { journal } = setUpTasks()
    const cashier = { name: 'Иванова А. А.', inn: '770708389300' }
    const id = await acceptedTask(journal, { kind: 'open_shift', cashier }, KEY)
    const same = { inn: cashier.inn, name: cashier.name }
    const ask = (one: typeof cashier) =>
      journal.write((tx) => tx.acceptTask({ work: { kind: 'open_shift', cashier: one }, key: KEY }, NOBODY))
    expect(await ask(same)).toMatchObject({ kind: 'known', task: { id } })
    expect(await ask({ ...cashier, name: 'Петрова' })).toMatchObject({ kind: 'key_reused' })
  })

  test('invariant 14: a closing with the key of an earlier one means the shift that it closed', async () => {
    const { journal } = setUpTasks()
    const id = await acceptedTask(journal, closing(4), KEY)
    const again = await journal.write((tx) => tx.acceptTask({ work: closing(5), key: KEY }, NOBODY))
    expect(again).toMatchObject({ kind: 'known', task: { id, work: { shiftNumber: 4 } } })
  })

  test('each owner has keys of its own, and without tokens that of any owner counts', async () => {
    const { journal } = setUpTasks()
    const accept = (owner: string | null) => journal.write((tx) => tx.acceptTask({ work: CASH, key: KEY }, by(owner)))
    expect([await accept('till-1'), await accept('till-2')].map(({ kind }) => kind)).toEqual(['accepted', 'accepted'])
    expect([await accept('till-1'), await accept(null)].map(({ kind }) => kind)).toEqual(['known', 'known'])
  })

  test('joins an opening, or a closing of the same shift, that is under way', async () => {
    const { journal, reach } = setUpTasks()
    const ask = async (work: typeof OPEN) => {
      const intake = await journal.write((tx) => tx.acceptTask({ work, key: null }, NOBODY))
      return 'task' in intake ? [intake.kind, intake.task.id] : []
    }
    const [opening, close] = [await reach('asked', OPEN, null), await reach('unknown', closing(4), null)]
    expect([await ask(OPEN), await ask(closing(4))]).toEqual([
      ['joined', opening],
      ['joined', close],
    ])
    expect((await ask(closing(5)))[0]).toBe('accepted')
    await reach('done', closing(6), null)
    expect((await ask(closing(6)))[0]).toBe('accepted')
  })
})

describe('invariant 9: when as many tasks wait as may', () => {
  async function full() {
    const parts = setUpTasks()
    for (let n = 0; n < MOST_WAITING; n++) await acceptedTask(parts.journal, X_REPORT, null)
    const ask = async (work: TaskWork, isUrgent = false) =>
      (await parts.journal.write((tx) => tx.acceptTask({ work, key: null, isUrgent }, NOBODY))).kind
    return { ...parts, ask }
  }

  test('no more is taken until one has ended, and nothing of it is stored', async () => {
    const { journal, ask } = await full()
    const first = journal.tasks.nextAccepted()?.id ?? ('' as TaskId)
    const before = journal.tasks.list({ status: null, kind: null }, null, 200).items.length
    expect(await ask(X_REPORT)).toBe('full')
    expect(journal.tasks.list({ status: null, kind: null }, null, 200).items).toHaveLength(before)
    await journal.write((tx) => tx.recordTaskNeedless(first, 'nobody wants it'))
    expect(await ask(X_REPORT)).toBe('accepted')
  })

  test('a shift is closed in time all the same', async () => {
    const { ask } = await full()
    expect([await ask(closing(1)), await ask(closing(1), true), await ask(closing(1))]).toEqual([
      'full',
      'accepted',
      'joined',
    ])
  })
})

describe('the key of a task', () => {
  test('is that of no receipt, and the other way round', async () => {
    const { journal } = setUpTasks()
    const sell = (key: IdempotencyKey, owner: string | null) =>
      journal.write((tx) => tx.accept({ key, content: content() }, by(owner)))
    const [ofTask, ofReceipt] = [freshKey(), freshKey()]
    const taskId = await acceptedTask(journal, CASH, ofTask)
    await sell(ofReceipt, null)
    expect(await sell(ofTask, null)).toEqual({ kind: 'key_of_task', taskId })
    expect(journal.intake.isKnown({ key: ofTask, content: content() })).toBe(true)
    const task = await journal.write((tx) => tx.acceptTask({ work: CASH, key: ofReceipt }, NOBODY))
    expect(task).toEqual({ kind: 'key_reused', taskId: null })
  })

  test('of one owner does not keep another from selling', async () => {
    const { journal } = setUpTasks()
    await journal.write((tx) => tx.acceptTask({ work: CASH, key: KEY }, by('till-1')))
    const sell = (owner: string) => journal.write((tx) => tx.accept({ key: KEY, content: content() }, by(owner)))
    expect([(await sell('till-1')).kind, (await sell('till-2')).kind]).toEqual(['key_of_task', 'accepted'])
  })
})

describe('one queue with the receipts', () => {
  test('receipts behind a task that waits are not the next, and those before it are', async () => {
    const { journal } = setUpTasks()
    const before = await accepted(journal)
    const task = await acceptedTask(journal, X_REPORT, null)
    const behind = await accepted(journal)
    const next = () => journal.queries.nextAccepted(10).map(({ id }) => id)
    expect([next(), journal.tasks.nextAccepted()?.id]).toEqual([[before.id], task])
    await journal.write((tx) => tx.markPrinting(before.id))
    expect([next(), journal.queries.hasAccepted()]).toEqual([[], false])
    await journal.write((tx) => tx.markAsked(task, 'fn'))
    expect(next()).toEqual([behind.id])
  })

  test('a task that is urgent comes before all receipts', async () => {
    const { journal } = setUpTasks()
    await accepted(journal)
    await journal.write((tx) => tx.acceptTask({ work: closing(1), key: null, isUrgent: true }, NOBODY))
    expect(journal.queries.hasAccepted()).toBe(false)
  })

  test('a task of which only a person knows holds nothing up', async () => {
    const { journal, reach } = setUpTasks()
    await reach('unclear')
    const { id } = await accepted(journal)
    expect(journal.queries.nextAccepted(1).map((next) => next.id)).toEqual([id])
    expect([journal.tasks.nextUncertain(), journal.tasks.nextAccepted()]).toEqual([null, null])
  })
})

test('tasks are listed page by page, newest first, of a state or a kind', async () => {
  const { journal, reach } = setUpTasks()
  const [first, second, third] = [await reach('done'), await reach('unclear'), await reach('done', X_REPORT, null)]
  const list = (filter: Partial<Parameters<typeof journal.tasks.list>[0]>, cursor: string | null = null, limit = 10) =>
    journal.tasks.list({ status: null, kind: null, ...filter }, cursor, limit)
  const of = ({ items }: ReturnType<typeof list>) => items.map(({ id }) => id)
  const page = list({}, null, 2)
  expect([of(page), page.nextCursor]).toEqual([[third, second], second])
  expect(list({}, page.nextCursor, 2)).toMatchObject({ items: [{ id: first }], nextCursor: null })
  expect([of(list({ status: 'unclear' })), of(list({ kind: 'x_report' }))]).toEqual([[second], [third]])
})

const HALF_FILLED: [what: string, status: TaskStatus, columns: Record<string, SqlValue>][] = [
  ['cash without a key', 'done', { idempotency_key: null }],
  ['cash taken out without a key', 'done', { kind: 'cash_out', idempotency_key: null }],
  ['an unknown kind', 'done', { kind: 'dance' }],
  ['an unknown state', 'done', { status: 'lost' }],
  ['a task that is done without a result', 'done', { result: null }],
  ['a result of one that is not done', 'asked', { result: '{}' }],
  ['one that is asked at no FN', 'asked', { fn_number: null }],
  ['a refusal without a reason', 'refused', { last_error: null }],
  ['an unknown outcome without a reason', 'unknown', { last_error: null }],
  ['an unclear one without a reason', 'unclear', { last_error: null }],
]

describe('the database refuses', () => {
  test.each(HALF_FILLED)('%s', async (_what, status, columns) => {
    const { db, reach } = setUpTasks()
    const id = await reach(status)
    const set = Object.keys(columns).map((name) => `${name} = ?`)
    const change = db.prepare(`UPDATE tasks SET ${set.join(', ')} WHERE task_id = ?`)
    expect(() => change.run(...Object.values(columns), id)).toThrow('CHECK')
  })
})
