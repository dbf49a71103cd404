import { describe, expect, test } from 'bun:test'
import { HELD_HERE } from '@kkt/adapter/src/testing/kit.ts'
import { Conductor } from '../commands/carry_out.ts'
import { createRig } from '../world/rig.ts'
import { sampleCall } from '../world/sample_call.ts'
import { SIMPLEST } from '../world/settings.ts'
import { createWorld } from '../world/world.ts'
import { LeaseCheck } from './lease_check.ts'
import { checkLiveness } from './liveness.ts'

const rig = createRig()

/** A world in which three receipts of one till were delivered. */
async function soldOut(maxUndelivered = SIMPLEST.maxUndelivered) {
  const world = createWorld(rig, { ...SIMPLEST, maxUndelivered }, false)
  const { nodes, time, receipts, findings } = world
  for (const node of nodes) node.start()
  await time.rest()
  const conductor = new Conductor(world)
  await conductor.carryOut({ do: 'sell', node: 0, till: 0, count: 3, seed: 0 })
  await conductor.carryOut({ do: 'wait', ms: 3000 })
  const [first, second, third] = [...receipts.all.values()]
  const [node] = nodes
  if (!first || !second || !third || !node) throw new Error('three receipts were sold to a node')
  const violated = () => findings.violations.map(({ invariant }) => invariant)
  /** Writes to the journal as the adapter never would. */
  const tamper = (sql: string) => {
    rig.journalDisk.db.exec(sql)
    world.journal.committed(node.self)
  }
  return { world, node, first, second, third, violated, tamper }
}

test('a faultless world has no violations', async () => {
  const { world, violated } = await soldOut()
  await checkLiveness(world)
  expect(violated()).toEqual([])
})

describe('the check of the journal finds', () => {
  const event = (id: string, from: string | null, to: string) =>
    `INSERT INTO events (id, at_ms, kind, first_receipt, last_receipt, from_state, to_state)
     SELECT max(id) + 1, 0, 'receipt', '${id}', '${id}', ${from === null ? 'NULL' : `'${from}'`}, '${to}'
     FROM receipt_events`

  test('a transition that the state table does not have', async () => {
    const { first, violated, tamper } = await soldOut()
    tamper(event(first.id, 'synced', 'pending'))
    expect(violated()).toContain('states')
  })

  test('a transition from a state that the receipt is not in', async () => {
    const { first, violated, tamper } = await soldOut()
    tamper(event(first.id, 'pending', 'syncing'))
    expect(violated()).toContain('states')
  })

  test('invariant 6: a write by a process without the lease', async () => {
    const { world, first, violated } = await soldOut()
    rig.journalDisk.db.exec(event(first.id, 'synced', 'synced'))
    world.journal.committed('somebody else')
    expect(violated()).toEqual(['invariant 6'])
  })

  test('invariant 8: an id that sorts before the one accepted before it', async () => {
    const { first, violated, tamper } = await soldOut()
    tamper(event(first.id, null, 'accepted'))
    expect(violated()).toContain('invariant 8')
  })

  test('invariant 9: more receipts than there is room for', async () => {
    const { first, violated, tamper } = await soldOut(3)
    for (let i = 0; i < 4; i++) tamper(event(first.id, null, 'accepted'))
    expect(violated()).toContain('invariant 9')
  })

  test('totals that do not match the rows', async () => {
    const { world, violated, tamper } = await soldOut()
    tamper('UPDATE totals SET failed = 7')
    world.journal.compareBooks()
    expect(violated()).toEqual(['books', 'counters'])
  })

  test('a missing row of the audit log', async () => {
    const { world, first, violated, tamper } = await soldOut()
    tamper(`DELETE FROM events WHERE first_receipt = '${first.id}' AND to_state = 'pending'`)
    world.journal.compareBooks()
    expect(violated()).toEqual(['books'])
  })

  test('invariant 7: an attempt that was counted though no other receipt got through', async () => {
    const { world, first, violated } = await soldOut()
    const { id } = first
    rig.journalDisk.db.exec(
      `UPDATE states SET retry_count = 2 WHERE seq = (SELECT seq FROM sales WHERE receipt_id = '${id}')`,
    )
    first.status = 'syncing'
    rig.journalDisk.db.exec(event(id, 'syncing', 'pending'))
    world.journal.committed(world.journal.holder ?? '')
    expect(violated()).toEqual(['invariant 7'])
  })
})

describe('invariant 6: the check of the lease among hosts', () => {
  const state = { ...HELD_HERE, hosts: 'held' as const, fencingToken: 7 }
  const watched = async () => {
    const { world, violated } = await soldOut()
    const node = (lease: typeof HELD_HERE) => ({
      name: 'A',
      self: 'A 1',
      lease,
      served: null,
      fencingToken: lease.fencingToken,
    })
    return { check: new LeaseCheck({ findings: world.findings }), node, violated }
  }

  test('finds a right that a Redis which refuses has granted', async () => {
    const { check, node, violated } = await watched()
    check.atRest([node(state)])
    check.atRest([node({ ...state, hosts: 'refused' })])
    expect(violated()).toEqual([])
    check.atRest([node({ ...state, hosts: 'refused', fencingToken: 8 })])
    expect(violated()).toEqual(['invariant 6'])
  })

  test('lets a host keep a right that it has got without Redis a moment before', async () => {
    const { check, node, violated } = await watched()
    check.says(node({ ...state, hosts: 'unreachable' }), 'among hosts')
    check.atRest([node({ ...state, hosts: 'refused' })])
    expect(violated()).toEqual([])
  })
})

describe('the check of the KKT finds', () => {
  const details = { operation: 'sale', isCorrection: false, payments: [] }
  const NOTHING_SOLD = JSON.stringify({ fiscalSign: '7', totalKopecks: 0, details })
  const document = (fd: number, id: string) =>
    `INSERT INTO documents (fd_number, kind, at_ms, receipt_id, shift_number, receipt_number, doc, printed)
     VALUES (${fd}, 'receipt', 0, '${id}', 1, ${fd}, '${NOTHING_SOLD}', 1)`
  /** Behind the registration, the opening of the shift, and the documents of three receipts. */
  const NEXT_FD = 6

  test.each([
    ['invariant 2: a second document of a receipt', NEXT_FD, 'first', 'invariant 2'],
    ['a gap in the FN’s file', NEXT_FD + 1, 'other', 'FN'],
    ['invariant 1: a document of a receipt that was never journaled', NEXT_FD, 'other', 'invariant 1'],
  ])('%s', async (_what, fd, whose, invariant) => {
    const { world, first, violated } = await soldOut()
    rig.kktDisk.db.exec(document(fd, whose === 'first' ? first.id : 'nobody knows'))
    world.kkt.committed()
    expect(violated()).toContain(invariant)
  })

  test('nothing in a document of another kind that is in sequence', async () => {
    const { world, violated } = await soldOut()
    const other = (fd: number) =>
      `INSERT INTO documents (fd_number, kind, at_ms, shift_number, doc) VALUES (${fd}, 'registration', 0, 1, '{"fiscalSign":"7"}')`
    rig.kktDisk.db.exec(other(NEXT_FD))
    world.kkt.committed()
    expect(violated()).toEqual([])
    rig.kktDisk.db.exec(other(NEXT_FD + 2))
    world.kkt.committed()
    expect(violated()).toEqual(['FN'])
  })

  test('invariant 3: an order for a document that may exist already', async () => {
    const { world, node, first, violated } = await soldOut()
    first.atKkt = 'unclear'
    world.kkt.watch(node).asked('fiscalize', first.id)
    expect(violated()).toEqual(['invariant 3'])
  })
})

describe('the check of the OFD finds', () => {
  const post = (id: string): Request =>
    new Request('http://ofd.invalid/ofd/v1/receipt', { method: 'POST', headers: { 'idempotency-key': id } })

  test('invariant 4: a receipt that is taken twice', async () => {
    const { world, violated } = await soldOut()
    const [taken] = world.delivery.ledger
    if (taken) world.delivery.accepted(taken)
    expect(violated()).toEqual(['invariant 4'])
  })

  test('invariant 4: a receipt that is sent again without a look-up', async () => {
    const { world, node, first, violated } = await soldOut()
    first.status = 'syncing'
    first.atOfd = 'unclear'
    world.delivery.sends(node, post(first.id))
    expect(violated()).toEqual(['invariant 4'])
  })

  test('invariant 5: a receipt that comes before an earlier one of its till', async () => {
    const { world, first, third, violated } = await soldOut()
    const taken = world.delivery.ledger.pop()
    first.atOfd = third.atOfd = 'absent'
    if (taken) world.delivery.accepted(taken)
    expect(violated()).toEqual(['invariant 5'])
  })

  test('invariant 6: a receipt with an outdated token', async () => {
    const { world, violated } = await soldOut()
    const taken = world.delivery.ledger.pop()
    if (taken) world.delivery.accepted({ ...taken, token: taken.token - 1 })
    expect(violated()).toEqual(['invariant 6'])
  })

  test.each([
    ['the OFD’s own answer', true, []],
    ['an answer of something else', false, ['invariant 4']],
  ])(
    'invariant 4: a receipt that is sent again after a look-up, unless that was answered by %s',
    async (_what, isRight, expected) => {
      const { world, node, first, violated } = await soldOut()
      const call = sampleCall('GET', first.id, node.self)
      first.status = 'syncing'
      first.atOfd = 'unclear'
      world.delivery.arrived(call, 'no fault')
      world.delivery.heard(node.name, call, 404, isRight)
      world.delivery.sends(node, post(first.id))
      expect(violated()).toEqual(expected)
      expect(world.delivery.isLookupKnown).toBe(isRight)
    },
  )

  test.each([
    ['a 503', 503, true],
    ['an acceptance of another receipt', 200, false],
    ['a refusal of another receipt', 422, false],
  ])('invariant 11: a request after too many failures in a row: %s', async (_what, status, isRight) => {
    const { world, node, first, violated } = await soldOut()
    const call = sampleCall('POST', first.id, node.self)
    const heard = { response: new Response('', { status }), isRight }
    for (let i = 0; i < SIMPLEST.breakerThreshold; i++) world.breaker.heard(node.name, call, heard)
    await world.time.pass(1)
    world.breaker.sends(node, first)
    expect(violated()).toEqual(['invariant 11'])
  })
})

describe('the check of the answers finds', () => {
  const answer = (status: number, body: object) => ({ status, headers: new Headers(), text: JSON.stringify(body) })
  const printed = (id: string) =>
    answer(200, { status: 'printed', receipt_id: id, fiscal_doc: null, paper: 'none', message: '', warnings: [] })

  test.each([
    ['invariant 1: a 200 for a receipt that is not stored', 'unheard-of', 0, 'first', 'invariant 1'],
    ['invariant 2: another receipt for the same key', 'receipt-1', 0, 'second', 'invariant 2'],
    ['invariant 2: the same key with another body', 'receipt-1', 1, 'first', 'invariant 2'],
  ])('%s', async (_what, key, body, whose, invariant) => {
    const { world, first, second, violated } = await soldOut()
    const asked = world.answers.ask(key, body)
    world.answers.answered(asked, printed(whose === 'first' ? first.id : second.id))
    expect(violated()).toContain(invariant)
  })

  test.each([
    ['an internal error', 500, 'internal_error', 'answers'],
    ['a disk failure that did not happen', 503, 'journal_unavailable', 'answers'],
    ['invariant 9: a full buffer that is not full', 503, 'buffer_full', 'invariant 9'],
    ['a refusal by a KKT that did not refuse', 502, 'kkt_refused', 'answers'],
  ])('%s', async (_what, status, code, invariant) => {
    const { world, violated } = await soldOut()
    world.answers.answered(world.answers.ask('receipt-1', 0), answer(status, { code }))
    expect(violated()).toContain(invariant)
  })
})

test('a receipt that has not come to its end is found', async () => {
  const { world, first, violated } = await soldOut()
  first.status = 'pending'
  await checkLiveness(world)
  expect(violated()).toContain('liveness')
})
