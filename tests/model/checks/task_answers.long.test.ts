import { describe, expect, test } from 'bun:test'
import { Conductor } from '../commands/carry_out.ts'
import type { Command } from '../commands/command.ts'
import { createRig } from '../world/rig.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'

const rig = createRig()
type Kind = Extract<Command, { do: 'task' }>['kind']

/** A world in which 50 kopecks were put into the drawer, and the shift is closed. */
async function withCash() {
  const world = createWorld(rig, SIMPLEST, false)
  for (const node of world.nodes) node.start()
  await world.time.rest()
  const conductor = new Conductor(world)
  await conductor.carryOut({
    do: 'task',
    node: 0,
    kind: 'cash_in',
    kopecks: 50,
    back: 0,
    key: 'own',
    twice: false,
  })
  await conductor.carryOut({ do: 'wait', ms: 1000 })
  const [task] = world.tasks.all.values()
  if (!task) throw new Error('cash was put in')
  const asks = (key: string, kind: Kind, { kopecks = 50, body = 0 } = {}) =>
    world.taskAnswers.ask(world.answers.ask(key, body), { hasKey: true, kind, kopecks, receiptId: 'none' })
  const violated = () => world.findings.violations.map(({ invariant }) => invariant)
  return { world, conductor, task, asks, violated }
}

const answer = (status: number, body: object, isReplay = false) => ({
  status,
  headers: new Headers(isReplay ? { 'idempotency-replayed': 'true' } : {}),
  text: JSON.stringify(body),
})
const done = (id: string, drawer = 0.5) => ({
  task_id: id,
  status: 'done',
  fiscal_doc: null,
  totals: null,
  drawer,
  drawer_counted_by: 'kkt',
  message: '',
  warnings: [],
})
const problem = (status: number, code: string, detail = '') => answer(status, { code, detail })
const OTHER_ID = '01900000-0000-7000-8000-00000000ffff'

test('an answer that is given again has no violations', async () => {
  const { conductor, violated } = await withCash()
  await conductor.carryOut({ do: 'repeat_task', node: 0, back: 0, other: false })
  await conductor.carryOut({ do: 'repeat_task', node: 0, back: 0, other: true })
  expect(violated()).toEqual([])
})

describe('the check of the answers to tasks finds', () => {
  test.each([
    ['invariant 1: a task that is not journaled', 'task-2', 0, OTHER_ID, 'not journaled'],
    ['invariant 2: a task of another key', 'task-2', 0, null, 'is answered with cash in task-1'],
    ['invariant 2: the same key with other work', 'task-1', 1, null, 'taken with other work'],
  ])('%s', async (_what, key, body, id, said) => {
    const { world, task, asks } = await withCash()
    world.taskAnswers.answered(asks(key, 'cash_in', { body }), answer(200, done(id ?? task.id), true))
    expect(world.findings.violations.map(({ what }) => what).join()).toContain(said)
  })

  test.each([
    ['an answer that is no replay', false, 0.5],
    ['another drawer than before', true, 0.7],
  ])('invariant 2: %s', async (_what, isReplay, drawer) => {
    const { world, task, asks, violated } = await withCash()
    const first = asks('task-1', 'cash_in')
    world.taskAnswers.pruned('task-1', -1)
    world.taskAnswers.answered(first, answer(200, done(task.id)))
    world.taskAnswers.answered(asks('task-1', 'cash_in'), answer(200, done(task.id, drawer), isReplay))
    expect(violated()).toEqual(['invariant 2'])
  })

  test('a task that is answered as done, and is not', async () => {
    const { world, task, asks, violated } = await withCash()
    task.status = 'asked'
    world.taskAnswers.answered(asks('task-1', 'cash_in'), answer(200, done(task.id), true))
    expect(violated()).toContain('answers')
  })

  test.each<[code: string, status: number, kind: Kind, kopecks: number]>([
    ['shift_open', 409, 'open_shift', 0],
    ['shift_expired', 409, 'open_shift', 0],
    ['drawer_too_low', 409, 'cash_out', 50],
    ['shift_closed', 409, 'cash_in', 0],
    ['no_fiscal_document', 409, 'cash_in', 0],
    ['kkt_silent', 503, 'x_report', 0],
    ['buffer_full', 503, 'x_report', 0],
    ['journal_unavailable', 503, 'x_report', 0],
    ['internal_error', 500, 'x_report', 0],
  ])('%s, which is not so', async (code, status, kind, kopecks) => {
    const { world, asks, violated } = await withCash()
    world.taskAnswers.answered(asks('task-2', kind, { kopecks }), problem(status, code))
    expect(violated()).toEqual(['answers'])
  })

  test('nothing in what is so', async () => {
    const { world, asks, violated } = await withCash()
    world.taskAnswers.answered(asks('task-2', 'close_shift'), problem(409, 'shift_closed'))
    world.taskAnswers.answered(asks('task-2', 'cash_out', { kopecks: 51 }), problem(409, 'drawer_too_low'))
    world.taskAnswers.kktIs(true)
    world.taskAnswers.answered(asks('task-2', 'x_report'), problem(503, 'kkt_silent'))
    expect(violated()).toEqual([])
  })

  test('invariant 2: a key that is answered as used, and is not', async () => {
    const { world, asks, violated } = await withCash()
    world.taskAnswers.answered(asks('task-2', 'x_report'), problem(422, 'idempotency_key_reused'))
    expect(violated()).toEqual(['invariant 2'])
  })

  test('invariant 2: a task that was taken, and is turned away when it is sent again', async () => {
    const { world, asks, violated } = await withCash()
    world.taskAnswers.kktIs(true)
    world.taskAnswers.answered(asks('task-1', 'cash_in'), problem(503, 'kkt_silent'))
    expect(violated()).toEqual(['invariant 2'])
  })

  test('a task that was answered as refused, and is done', async () => {
    const { world, task, asks, violated } = await withCash()
    const refused = problem(502, 'task_refused', `The KKT refused task ${task.id}`)
    world.taskAnswers.answered(asks('task-1', 'cash_in'), refused)
    expect(violated()).toContain('answers')
  })
})
