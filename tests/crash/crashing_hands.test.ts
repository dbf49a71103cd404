import { describe, expect, test } from 'bun:test'
import { NOBODY } from '@kkt/adapter/src/domain/actor.ts'
import type { Receipt } from '@kkt/adapter/src/domain/receipt.ts'
import { STATUSES, type Status, TRANSITIONS } from '@kkt/adapter/src/domain/state.ts'
import { createJournal, type Tx } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { accepted, content, fiscalDoc, freshKey, temporaryFile, token } from '@kkt/adapter/src/testing/kit.ts'
import { taskOf } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { STEPS, WAY } from '@kkt/adapter/src/testing/transitions.ts'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import type { Handle } from '@kkt/platform/serve.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { type Kinds, type Parts, watchedJournal, watchedKkt, watchedSend, watchedServe } from './crashing_hands.ts'
import type { Point, Step } from './points.ts'

describe('the crash points around the commit of a step:', () => {
  /** A journal, and each point reached in it with the status that the only receipt has on the disk at that moment. */
  async function watched(journalOne = true) {
    const path = temporaryFile('buffer.db')
    const clock = new TestClock()
    const other = openDatabase(path)
    const reached: [Point, string | undefined][] = []
    const onDisk = () => {
      if (!other.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'receipts'").get()) return 'no table'
      return other.prepare<{ status: string }>('SELECT status FROM receipts').get()?.status
    }
    const watching = watchedJournal(createJournal, (point) => reached.push([point, onDisk()]))
    const journal = watching(openDatabase(path), { clock, maxUndelivered: 10 })
    const made = reached.splice(0)
    const receipt = journalOne ? await accepted(journal) : undefined
    return { journal, reached, made, receipt }
  }

  const around = (step: Step, before: string | undefined, after: string | undefined): [Point, string | undefined][] => [
    [`${step}.before_commit`, before],
    [`${step}.after_commit`, after],
  ]

  test('the creation of a buffer, and an intake', async () => {
    const { made, reached } = await watched()
    expect(made).toEqual(around('journal_made', 'no table', undefined))
    expect(reached).toEqual(around('intake', undefined, 'accepted'))
  })

  /** The crash points of each verb that takes a receipt from one state to another. */
  const STEP_OF: Readonly<Record<keyof typeof STEPS, Step>> = {
    markPrinting: 'mark_printing',
    recordPrinted: 'record_printed',
    recordRefused: 'record_refused',
    recordUnknown: 'record_unknown',
    recordNotAsked: 'record_not_asked',
    recordFound: 'record_found',
    recordAbsent: 'record_absent',
    markSyncing: 'mark_syncing',
    recordSynced: 'record_synced',
    recordUndelivered: 'record_undelivered',
    deadLetter: 'record_dead_letter',
    recordHandedOver: 'record_handed_over',
    closeUntraced: 'record_untraced_closed',
    requeue: 'record_requeued',
    closeDeadLetter: 'record_closed',
  }

  type Work = (to: Tx, id: Receipt['id']) => unknown
  type Case = { step: Step; from: Status; to: Status; work: Work; way: readonly Work[] }

  const doc = fiscalDoc(1)
  const WITHOUT_PAPER: Work[] = [(to, id) => to.markPrinting(id), (to, id) => to.recordPrinted(id, doc, 'missing')]
  const runs = (status: Status): Work[] => WAY[status].map(({ run }) => run)
  const verbs = Object.keys(STEPS) as (keyof typeof STEPS)[]
  const cases: Case[] = [
    ...verbs.map((verb): Case => {
      const { from, to, run } = STEPS[verb]
      return { step: STEP_OF[verb], from, to, work: run, way: runs(from) }
    }),
    // The last two are apart: one leaves the receipt in its state, the other moves all receipts of a state.
    {
      step: 'record_on_paper',
      from: 'pending',
      to: 'pending',
      work: (to, id) => to.recordOnPaper(id),
      way: WITHOUT_PAPER,
    },
    {
      step: 'record_reclaimed',
      from: 'syncing',
      to: 'pending',
      work: (to) => to.reclaimSyncing(),
      way: runs('syncing'),
    },
  ]

  test.each(cases)('$step', async ({ step, from, to, work, way }) => {
    const { journal, reached, receipt } = await watched()
    if (!receipt) throw new Error('there is no receipt')
    for (const one of way) await journal.write((tx) => one(tx, receipt.id))
    reached.splice(0)
    await journal.write((tx) => work(tx, receipt.id))
    expect(reached).toEqual(around(step, from, to))
  })

  test('every transition of the state table has its points', () => {
    const legal = STATUSES.flatMap((from) => TRANSITIONS[from].map((to) => `${from}>${to}`))
    const crashed = new Set(cases.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from}>${to}`))
    expect([...crashed].toSorted()).toEqual(legal.toSorted())
  })

  test('a lease', async () => {
    const { journal, reached } = await watched(false)
    await journal.write((tx) => tx.takeLease('KKT-001', 'one', journal.leases.read('KKT-001')))
    await journal.write((tx) => tx.releaseLease('KKT-001', 'one'))
    expect(reached.map(([point]) => point)).toEqual([
      ...['lease_taken.before_commit', 'lease_taken.after_commit'],
      ...['lease_released.before_commit', 'lease_released.after_commit'],
    ] as Point[])
  })

  test('a receipt that is brought back passes the outcomes of its way in one commit, and no mark of a hand-over', async () => {
    const { journal, reached } = await watched(false)
    const id = '01900000-0000-7000-8000-000000000001' as Receipt['id']
    await journal.write((tx) => tx.bringBack({ id, doc, paper: 'printed', content: content() }))
    expect(reached).toEqual([
      ['record_printed.before_commit', undefined],
      ['record_undelivered.before_commit', undefined],
      ['record_printed.after_commit', 'pending'],
      ['record_undelivered.after_commit', 'pending'],
    ])
  })

  test('two intakes in one commit pass the points once', async () => {
    const { journal, reached } = await watched(false)
    await Promise.all([accepted(journal), accepted(journal, 'POS-002')])
    expect(reached.map(([point]) => point)).toEqual(['intake.before_commit', 'intake.after_commit'])
  })

  test('a transaction that changes nothing passes no point', async () => {
    const { journal, reached, receipt } = await watched()
    if (!receipt) throw new Error('there is no receipt')
    reached.splice(0)
    await journal.write((tx) => tx.markSyncing(receipt.id)).catch(() => undefined)
    await journal.write((tx) => {
      tx.reclaimSyncing()
      tx.markPrinting()
      tx.takeLease('KKT-001', 'one', { holder: 'another', epoch: 1, beat: 1 })
    })
    expect(reached).toEqual([])
  })
})

test('the two receipts of a pair pass points of their own, at the journal and at the KKT', async () => {
  const reached: Point[] = []
  const parts: Parts = new Map()
  const note = (point: Point) => reached.push(point)
  const clock = new TestClock()
  const at = { kktNumber: 'KKT-001', printDelayMinMs: 0, printDelayMaxMs: 0 }
  const kkt = watchedKkt(openMockKkt, note, parts)(openDatabase(temporaryFile('kkt.db')), at, {
    clock,
    random: () => 0,
  })
  const journal = watchedJournal(
    createJournal,
    note,
    parts,
  )(openDatabase(temporaryFile('buffer.db')), {
    clock,
    maxUndelivered: 10,
  })
  const wrong = { fnNumber: '9999078900000071', fdNumber: 71, fiscalSign: '1' }
  const words = { content: content(), filledIn: null }
  const pair = { key: freshKey(), digest: '', wrong, reversal: words, right: words }
  const intake = await journal.write((tx) => tx.putRight(pair, NOBODY))
  const { reversal, right } = intake.kind === 'accepted' ? intake.correction : { reversal: null, right: null }
  if (reversal === null || right === null) throw new Error('There is no pair')
  for (const [name, id] of [
    ['reversal', reversal],
    ['right', right],
  ] as const) {
    await journal.write((tx) => tx.markPrinting(id))
    reached.splice(0)
    await kkt.fiscalize([{ id, key: freshKey(), content: content() }], token(1))
    await journal.write((tx) => tx.recordPrinted(id, fiscalDoc(name === 'right' ? 2 : 1), 'printed'))
    await journal.write((tx) => tx.markSyncing(id))
    await journal.write((tx) => tx.recordSynced(id, 'OFD-1'))
    expect(reached.filter((point) => point.startsWith(name))).toEqual([
      ...[`${name}_signed.before_commit`, `${name}_signed.after_commit`],
      ...[`${name}_recorded.before_commit`, `${name}_recorded.after_commit`],
      ...[`${name}_synced.before_commit`, `${name}_synced.after_commit`],
    ] as Point[])
  }
})

test('the KKT passes its own points at the commits of its own file', async () => {
  const clock = new TestClock()
  const reached: Point[] = []
  const kinds: Kinds = new Map()
  const kkt = watchedKkt(
    openMockKkt,
    (point) => reached.push(point),
    new Map(),
    kinds,
  )(
    openDatabase(temporaryFile('kkt.db')),
    { kktNumber: 'KKT-001', printDelayMinMs: 100, printDelayMaxMs: 100 },
    { clock, random: () => 0 },
  )
  // Its schema, its FN, and the registration.
  const made = ['device_made.before_commit', 'device_made.after_commit'] as const
  expect(reached.splice(0)).toEqual([...made, ...made, ...made])
  const id = '01900000-0000-7000-8000-000000000001' as Receipt['id']
  const outcome = kkt.fiscalize([{ id, key: freshKey(), content: content() }], token(1))
  await settle()
  expect(reached.splice(0)).toEqual(['device_signed.before_commit', 'device_signed.after_commit'])
  await clock.advance(100)
  await outcome
  expect(reached.splice(0)).toEqual(['device_printed.before_commit', 'device_printed.after_commit'])
  await kkt.lookup(id, token(1))
  expect(reached.splice(0)).toEqual(['device_looked_up.before_commit', 'device_looked_up.after_commit'])
  const cash = taskOf({ kind: 'cash_in', amountKopecks: 100, reason: null })
  kinds.set(cash.id, 'cash_in')
  const performed = kkt.perform(cash, token(1))
  await clock.advance(100)
  await performed
  expect(reached.splice(0)).toEqual(['cash_in_performed.before_commit', 'cash_in_performed.after_commit'])
  await kkt.lookupTask(cash, token(1))
  expect(reached).toEqual(['cash_in_looked_up.before_commit', 'cash_in_looked_up.after_commit'])
})

describe('a request', () => {
  function asked(method: 'POST' | 'GET') {
    const clock = new TestClock()
    const reached: Point[] = []
    const reply = Promise.withResolvers<Response>()
    const send = watchedSend(
      () => reply.promise,
      (point) => reached.push(point),
      clock,
    )
    return {
      clock,
      reached,
      reply,
      answer: send(new Request('http://ofd.test/ofd/v1/receipt', { method }), 'pooled', { proxy: null, ca: null }),
    }
  }

  test('passes its points before it leaves, while it waits for the answer, and after the answer', async () => {
    const { clock, reached, reply, answer } = asked('POST')
    expect(reached).toEqual(['submission.before_it_leaves'])
    await clock.advance(20)
    expect(reached).toEqual(['submission.before_it_leaves', 'submission.in_flight'])
    reply.resolve(new Response('it'))
    expect(await (await answer).text()).toBe('it')
    expect(reached.at(-1)).toBe('submission.after_reply')
    expect(clock.waiting).toBe(0)
  })

  test('that is answered at once passes them too, and a look-up has points of its own', async () => {
    const { clock, reached, reply, answer } = asked('GET')
    reply.resolve(new Response())
    await answer
    expect(reached).toEqual(['ofd_lookup.before_it_leaves', 'ofd_lookup.in_flight', 'ofd_lookup.after_reply'])
    await settle()
    expect(clock.waiting).toBe(0)
  })

  test('that fails never passes the point after the answer', async () => {
    const { reached, reply, answer } = asked('POST')
    reply.reject(new Error('cut off'))
    await expect(answer).rejects.toThrow('cut off')
    expect(reached).toEqual(['submission.before_it_leaves', 'submission.in_flight'])
  })
})

test('the answer to a sale passes its points, and no other answer does', async () => {
  const reached: Point[] = []
  let handle: Handle = () => new Response()
  const serve = watchedServe(
    (given) => {
      handle = given
      return Promise.resolve({ port: 1, openConnections: () => 0, stop: async () => undefined })
    },
    (point) => reached.push(point),
  )
  const served: string[] = []
  await serve(
    (request) => {
      served.push(new URL(request.url).pathname)
      return new Response('it')
    },
    { hostname: '127.0.0.1', port: 0 },
  )
  await handle(new Request('http://adapter.test/v1/kkt/receipt', { method: 'POST' }))
  expect(served).toEqual(['/v1/kkt/receipt'])
  expect(reached).toEqual(['answer.before_it_leaves'])
  await settle()
  expect(reached.splice(0)).toEqual(['answer.before_it_leaves', 'answer.after_it_left'])
  await handle(new Request('http://adapter.test/v1/kkt/receipts'))
  await settle()
  expect(reached).toEqual([])
})
