import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import { requestUuid } from '@kkt/adapter/src/kkt/atol/requests.ts'
import type { Body } from '../../harness/wire_content.ts'
import { Conductor } from '../commands/carry_out.ts'
import type { Command } from '../commands/command.ts'
import { smallSale } from '../commands/tills.ts'
import { createRig } from '../world/rig.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'
import { ContentCheck, type SignOf } from './content_check.ts'
import { checkLiveness } from './liveness.ts'

/** The first history builds the register's service, on a busy machine. */
setDefaultTimeout(60_000)

const rig = createRig()

/** A world in which a register has made two receipts, and has handed them to the OFD. */
async function soldOut() {
  const world = createWorld(rig, { ...SIMPLEST, kkt: 'atol' }, true)
  const { nodes, time, receipts, findings } = world
  for (const node of nodes) node.start()
  await time.rest()
  const conductor = new Conductor(world)
  const all = async (...commands: Command[]) => {
    for (const command of commands) await conductor.carryOut(command)
  }
  await all({ do: 'sell', node: 0, till: 0, count: 2, seed: 0 }, { do: 'wait', ms: 9000 })
  const [first, second] = [...receipts.all.values()]
  const [node] = nodes
  if (!first || !second || !node) throw new Error('two receipts were sold to a node')
  const { db } = rig.register().disk
  return {
    world,
    node,
    all,
    first,
    second,
    db,
    violated: () => findings.violations.map(({ invariant }) => invariant),
    /** Writes to the journal as the adapter never would. */
    tamper(sql: string) {
      rig.journalDisk.db.exec(sql)
      world.journal.committed(node.self)
    },
    /** The FN has a copy of its last document, made by another request. */
    fileAgain(uuid: string) {
      db.exec(
        `INSERT INTO documents (fd_number, kind, at_ms, receipt_id, shift_number, receipt_number, doc, printed, content, key_hash)
         SELECT fd_number + 1, kind, at_ms, '${uuid}', shift_number, receipt_number, doc, printed, content, key_hash
         FROM documents ORDER BY fd_number DESC LIMIT 1`,
      )
      world.kkt.committed()
    },
  }
}

const event = (id: string, from: string, to: string) =>
  `INSERT INTO events (id, at_ms, kind, first_receipt, last_receipt, from_state, to_state)
   SELECT max(id) + 1, 0, 'receipt', '${id}', '${id}', '${from}', '${to}' FROM receipt_events`

test('a faultless world with a register has no violations, and its OFD has each receipt', async () => {
  const { world, violated, first, second } = await soldOut()
  await checkLiveness(world)
  expect(violated()).toEqual([])
  expect([first, second].map(({ id, status }) => [status, world.delivery.timesOf(id)])).toEqual([
    ['synced', 1],
    ['synced', 1],
  ])
})

describe('in a world with a register it is found that', () => {
  test('invariant 2: the FN has a receipt twice, by another attempt', async () => {
    const { fileAgain, first, violated } = await soldOut()
    fileAgain(requestUuid(first.id as ReceiptId, 2))
    expect(violated()).toEqual(['invariant 2'])
  })

  test('invariant 1: the FN has a receipt that nobody journaled', async () => {
    const { fileAgain, violated } = await soldOut()
    fileAgain('00000000-0000-4000-8000-00000000ffff')
    expect(violated()).toEqual(['invariant 1'])
  })

  test('invariant 4: a receipt is synced, and the OFD never took it', async () => {
    const { first, violated, tamper } = await soldOut()
    Object.assign(first, { status: 'pending', atOfd: 'absent' })
    tamper(event(first.id, 'pending', 'synced'))
    expect(violated()).toContain('invariant 4')
  })

  test('an operator closes a receipt whose document is in the FN that is there', async () => {
    const { first, violated, tamper } = await soldOut()
    Object.assign(first, { status: 'pending' })
    tamper(event(first.id, 'pending', 'closed'))
    expect(violated()).toEqual(['states'])
  })

  test('invariant 5: the OFD gets a document out of order', async () => {
    const { world, violated } = await soldOut()
    world.atRegister.taken({ fnNumber: world.kkt.fnNumber, fdNumber: 9, kind: 'receipt', text: '{}' })
    expect(violated()).toEqual(['invariant 5'])
  })

  test('invariant 14: cash is moved twice for one task, and a report is printed twice', async () => {
    const { world, all, db, violated } = await soldOut()
    const task = { do: 'task', node: 0, kopecks: 500, back: 0, key: 'own', twice: false } as const
    await all({ ...task, kind: 'cash_in' }, { ...task, kind: 'x_report' }, { do: 'wait', ms: 9000 })
    const [cash, report] = [...world.tasks.all.values()].map(({ id }) => id)
    expect([...world.tasks.all.values()].map(({ timesDone }) => timesDone)).toEqual([1, 1])
    world.tasks.printed(report ?? '')
    expect(violated()).toEqual(['invariant 14'])
    if (world.subjects) world.subjects.atWork = cash ?? ''
    db.exec(
      `INSERT INTO tasks (task_id, kind, fn_number, shift_number, amount_kopecks, result)
       SELECT 'again', kind, fn_number, shift_number, 0, result FROM tasks`,
    )
    world.kkt.committed()
    expect(violated()).toEqual(['invariant 14', 'invariant 14'])
  })
})

describe('the content that a register hands to the OFD', () => {
  /** A check that knows what a till has sent, and the document that the OFD has got. */
  async function checked(content: (posId: string) => Body) {
    const { world, first, violated } = await soldOut()
    const { findings, receipts, tills } = world
    const check = new ContentCheck({ findings, receipts, versions: tills.versions })
    check.sends(first.key, content(first.posId))
    const sent = world.side?.ofd.documents.find(({ kind }) => kind === 'receipt')
    return { check, first, violated, document: JSON.parse(sent?.text ?? '{}') }
  }

  /** Has a check that knows the till's name of an item compare the document whose item has this name. */
  async function compared(sold: string, printed: string) {
    const { check, first, violated, document } = await checked((posId) => smallSale(posId, sold, 1))
    document.items[0].name = printed
    check.takenFromRegister(first, JSON.stringify(document), [() => null])
    return violated()
  }

  /** Has a check compare a receipt that answers to another, and whose document names that by this sign. */
  async function answering(attribute: string | undefined, knowledge: SignOf[]) {
    const original = { receipt_id: '00000000-0000-4000-8000-000000000001', fn: '1', fd: 1, fpd: '1' }
    const { check, first, violated, document } = await checked((posId) => ({
      ...smallSale(posId, 'Очки', 1),
      refund_of: original,
    }))
    document.items[0].name = 'Очки'
    document.attribute = attribute
    check.takenFromRegister(first, JSON.stringify(document), knowledge)
    return violated()
  }

  const long = 'а'.repeat(200)

  test.each([
    ['as it was sold', 'Очки', 'Очки'],
    ['in code page 866', 'Очки «Ёлка»', 'Очки "Ёлка"'],
    ['cut to its tag', long, long.slice(0, 128)],
  ])('is right where it is %s', async (_how, sold, printed) => {
    expect(await compared(sold, printed)).toEqual([])
  })

  test.each([
    ['has another name', 'Очки', 'Оправа'],
    ['is cut shorter than its tag', long, long.slice(0, 127)],
  ])('is wrong where it %s', async (_how, sold, printed) => {
    expect(await compared(sold, printed)).toEqual(['content'])
  })

  const inFn: SignOf = () => '77'
  const unknown: SignOf = () => null

  test.each([
    ['the sign that is in the FN', '77', [inFn]],
    ['no sign, where the adapter may have known none', undefined, [inFn, unknown]],
    ['the sign, where the adapter may have known none', '77', [inFn, unknown]],
  ])('is right where one that answers to another has %s', async (_what, attribute, knowledge) => {
    expect(await answering(attribute, knowledge)).toEqual([])
  })

  test.each([
    ['no sign, which the adapter knew', undefined, [inFn]],
    ['the sign of another document', '78', [inFn, unknown]],
  ])('is wrong where one that answers to another has %s', async (_what, attribute, knowledge) => {
    expect(await answering(attribute, knowledge)).toEqual(['content'])
  })
})
