import { expect, test } from 'bun:test'
import { STATUSES } from '../receipts/state.ts'
import { content, freshKey } from '../testing/kit.ts'
import { setUp } from '../testing/transitions.ts'

test('of the receipts only delivered ones go, and only those delivered before the time given', async () => {
  const { journal, clock, reach } = setUp()
  for (const status of STATUSES) await reach(status)
  const beforeMs = clock.wallMs() + 1
  clock.setWallBy(1)
  const young = await reach('synced')
  expect(await journal.write(() => journal.retention.prune(beforeMs, 100))).toMatchObject({ receipts: 1 })
  expect(journal.queries.find(young)?.status).toBe('synced')
  expect(Object.values(journal.queries.counts())).toEqual(STATUSES.map(() => 1))
})

test('invariant 2: a key is known as long as its receipt is kept', async () => {
  const { journal, clock, reach } = setUp()
  const key = freshKey()
  const accept = () => journal.write(() => journal.intake.accept({ key, bodyHash: 'hash', content: content() }))
  const first = await accept()
  if (first.kind !== 'accepted') throw new Error(first.kind)
  await reach('synced')
  await journal.write(() => journal.retention.prune(clock.wallMs() + 1, 100))
  expect(await accept()).toMatchObject({ kind: 'known', receipt: { id: first.receipt.id } })
})

test('events go by their age, those of a receipt too', async () => {
  const { journal, clock, reach } = setUp()
  const id = await reach('pending')
  await journal.write(() => journal.events.record('odoo', null, 'online', null))
  const beforeMs = clock.wallMs() + 1
  clock.setWallBy(1)
  await journal.write(() => journal.transitions.markSyncing(id))
  expect(await journal.write(() => journal.retention.prune(beforeMs, 100))).toEqual({ receipts: 0, events: 4 })
  const { items } = journal.events.list({ receiptId: null, kind: null }, null, 10)
  expect(items.map(({ to }) => to)).toEqual(['syncing'])
})

test('no more than the limit of a kind goes at once, the oldest first', async () => {
  const { journal, clock, reach } = setUp()
  const all = []
  for (let i = 0; i < 5; i++) {
    all.push(await reach('synced'))
    clock.setWallBy(1)
  }
  const prune = () => journal.write(() => journal.retention.prune(clock.wallMs(), 2))
  expect(await prune()).toEqual({ receipts: 2, events: 2 })
  expect(all.map((id) => journal.queries.find(id) !== null)).toEqual([false, false, true, true, true])
  expect(journal.events.list({ receiptId: null, kind: null }, null, 100).items.at(-1)?.id).toBe(3)
  expect(await prune()).toEqual({ receipts: 2, events: 2 })
  expect(await prune()).toEqual({ receipts: 1, events: 2 })
})
