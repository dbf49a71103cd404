import { describe, expect, test } from 'bun:test'
import { Conductor } from '../commands/carry_out.ts'
import type { Command } from '../commands/command.ts'
import { createRig } from '../world/rig.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'
import { checkLiveness } from './liveness.ts'

const rig = createRig()

/** A world in which a receipt was sold for 1 rouble, and 50 kopecks were put into the drawer. */
async function withCash() {
  const world = createWorld(rig, SIMPLEST, false)
  const { nodes, time, tasks, receipts, findings } = world
  for (const node of nodes) node.start()
  await time.rest()
  const conductor = new Conductor(world)
  const carryOut = async (command: Command) => {
    await conductor.carryOut(command)
    await conductor.carryOut({ do: 'wait', ms: 1000 })
  }
  const ask = (kind: Extract<Command, { do: 'task' }>['kind'], kopecks = 50) =>
    carryOut({ do: 'task', node: 0, kind, kopecks, back: 0, key: 'own', twice: false })
  await carryOut({ do: 'sell', node: 0, till: 0, count: 1, seed: 0 })
  await ask('cash_in')
  const [task] = tasks.all.values()
  const [receipt] = receipts.all.values()
  const [node] = nodes
  if (!task || !receipt || !node) throw new Error('cash was put in behind a receipt')
  const violated = () => findings.violations.map(({ invariant }) => invariant)
  /** Writes to the journal as the adapter never would. */
  const tamper = (sql: string, by = node.self) => {
    rig.journalDisk.db.exec(sql)
    world.journal.committed(by)
  }
  return { world, node, task, receipt, ask, carryOut, violated, tamper }
}

const event = (id: string, from: string, to: string) =>
  `INSERT INTO events (id, at_ms, kind, from_state, to_state, detail)
   SELECT max(id) + 1, 0, 'task', '${from}', '${to}', 'cash_in ${id}' FROM events`
const doneAgain = (id: string, drawerKopecks: number) =>
  `INSERT INTO tasks (task_id, kind, fn_number, shift_number, amount_kopecks, result)
   SELECT '${id}', 'cash_in', fn_number, 1, 50, '{"drawerKopecks":${drawerKopecks}}' FROM fn`

test('a world in which the shift is closed, opened again, and the FN replaced has no violations', async () => {
  const { world, ask, carryOut, violated } = await withCash()
  for (const kind of ['x_report', 'cash_out', 'copy', 'close_shift', 'open_shift'] as const) await ask(kind)
  await carryOut({ do: 'replace_fn' })
  await carryOut({ do: 'sell', node: 0, till: 0, count: 1, seed: 0 })
  await ask('close_shift')
  await checkLiveness(world)
  expect(violated()).toEqual([])
  expect([...world.tasks.all.values()].map(({ status }) => status)).toEqual(Array(7).fill('done'))
  expect(world.kkt.turn).toBe(2)
})

describe('the check of the tasks finds', () => {
  test('a transition that their table does not have', async () => {
    const { task, violated, tamper } = await withCash()
    tamper(event(task.id, 'done', 'accepted'))
    expect(violated()).toContain('tasks')
  })

  test('invariant 6: a task that a process without the lease has moved', async () => {
    const { task, violated, tamper } = await withCash()
    task.status = 'unknown'
    tamper(event(task.id, 'unknown', 'done'), 'somebody else')
    expect(violated()).toContain('invariant 6')
  })

  test.each([
    ['done', { kind: 'absent', fnNumber: 'its own' }],
    ['accepted', { kind: 'absent', fnNumber: 'another' }],
    ['unclear', { kind: 'done' }],
  ])('invariant 14: %s, which the KKT has not said', async (to, answer) => {
    const { world, node, task, violated, tamper } = await withCash()
    task.status = 'unknown'
    task.handedTo = 'its own'
    world.tasks.answered(node, 'lookupTask', task.id, answer)
    tamper(event(task.id, 'unknown', to))
    expect(violated()).toEqual(['invariant 14'])
  })

  test('invariant 14: a task that the KKT does twice', async () => {
    const { world, task, violated } = await withCash()
    rig.kktDisk.db.exec(doneAgain(task.id, 200))
    world.kkt.committed()
    expect(violated()).toEqual(['invariant 14'])
  })

  test('invariant 14: a task that was done and is refused', async () => {
    const { world, task, violated } = await withCash()
    task.status = 'refused'
    world.tasks.compare()
    expect(violated()).toContain('invariant 14')
  })

  test('invariant 14: an order for a task that may be done already', async () => {
    const { world, node, task, violated } = await withCash()
    Object.assign(task, { status: 'asked', atKkt: 'unclear' })
    world.kkt.watch(node).asked('perform', task.id)
    expect(violated()).toEqual(['invariant 14'])
  })

  test('invariant 14: an order after a look-up at another FN than its own', async () => {
    const { world, node, task, violated } = await withCash()
    Object.assign(task, { status: 'asked', atKkt: 'unclear' })
    const watch = world.kkt.watch(node)
    watch.answered('lookupTask', task.id, { kind: 'absent', fnNumber: 'another' })
    watch.asked('perform', task.id)
    expect(violated()).toEqual(['invariant 14'])
  })

  test('a task that has not come to its end', async () => {
    const { world, task, violated } = await withCash()
    task.status = 'asked'
    await checkLiveness(world)
    expect(violated()).toContain('liveness')
  })
})

describe('the check of the FN finds', () => {
  test('invariant 3: an order for a receipt that only another FN than its own does not know', async () => {
    const { world, node, receipt, violated } = await withCash()
    receipt.atKkt = 'unclear'
    const watch = world.kkt.watch(node)
    watch.answered('lookup', receipt.id, { kind: 'absent', fnNumber: 'another' })
    watch.asked('fiscalize', receipt.id)
    expect(violated()).toEqual(['invariant 3'])
  })

  test('invariant 2: a document in the new FN of a receipt that the old one has', async () => {
    const { world, receipt, carryOut, violated } = await withCash()
    const { doc } = rig.kktDisk.db
      .prepare<{ doc: string }>('SELECT doc FROM documents WHERE receipt_id IS NOT NULL')
      .get() ?? { doc: '' }
    await carryOut({ do: 'replace_fn' })
    rig.kktDisk.db
      .prepare(
        `INSERT INTO documents (fd_number, kind, at_ms, receipt_id, shift_number, receipt_number, doc, printed)
         VALUES (2, 'receipt', 0, ?, 1, 1, ?, 1)`,
      )
      .run(receipt.id, doc)
    world.kkt.committed()
    expect(violated()).toEqual(['invariant 2'])
  })
})
