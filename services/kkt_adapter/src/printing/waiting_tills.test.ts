import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { accepted, fiscalDoc, memoryJournal } from '../testing/kit.ts'
import { createWaitingTills, type PrintState } from './waiting_tills.ts'

const LONG_MS = 10_000

async function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const tills = createWaitingTills({ journal, clock })
  const { id } = await accepted(journal)
  const print = () =>
    journal.write((tx) => {
      tx.markPrinting(id)
      tx.recordPrinted(id, fiscalDoc(1), 'printed')
    })
  return { clock, journal, tills, id, print }
}

const stateOf = (id: ReceiptId, status: PrintState['status']): PrintState => ({
  id,
  status,
  fiscalDoc: null,
  needsPaper: false,
  isPaperLost: false,
  lastError: null,
})

test('all who wait for a receipt are told at once', async () => {
  const { tills, id, clock } = await setUp()
  const told = [tills.wait(id, LONG_MS), tills.wait(id, LONG_MS)]
  tills.tell(id, stateOf(id, 'refused'))
  expect((await Promise.all(told)).map(({ status }) => status)).toEqual(['refused', 'refused'])
  expect(clock.monotonicMs()).toBe(0)
})

test('what is unclear is nothing to tell', async () => {
  const { tills, id, clock, print } = await setUp()
  const told = tills.wait(id, LONG_MS)
  tills.tell(id, stateOf(id, 'unknown'))
  await print()
  tills.look()
  expect((await told).status).toBe('pending')
  expect(clock.monotonicMs()).toBe(0)
})

test('each is told when its own time is over, whoever came first', async () => {
  const { tills, id, clock } = await setUp()
  const over: [string, number][] = []
  for (const [name, timeoutMs] of [
    ['long', 450],
    ['short', 30],
    ['same', 450],
  ] as const) {
    void tills.wait(id, timeoutMs).then(({ status }) => over.push([`${name} ${status}`, clock.monotonicMs()]))
  }
  await clock.advance(1000)
  expect(over).toEqual([
    ['short accepted', 30],
    ['long accepted', 450],
    ['same accepted', 450],
  ])
  expect(clock.waiting).toBe(0)
})

test('what another process has printed is seen soon', async () => {
  const { tills, id, clock, print } = await setUp()
  const told = tills.wait(id, LONG_MS)
  await settle()
  await print()
  await clock.advance(1000)
  expect((await told).status).toBe('pending')
})

test('a journal that cannot be read fails those who wait, and no one after them', async () => {
  const { tills, id, clock, journal, print } = await setUp()
  const { statusOf } = journal.queries
  journal.queries.statusOf = () => {
    throw new Error('the disk is gone')
  }
  const told = tills.wait(id, LONG_MS).catch((error: unknown) => error)
  await clock.advance(1000)
  expect(await told).toEqual(new Error('the disk is gone'))
  journal.queries.statusOf = statusOf
  const next = tills.wait(id, LONG_MS)
  await print()
  await clock.advance(1000)
  expect((await next).status).toBe('pending')
})

test('at the end of work nobody waits for what the KKT was not handed', async () => {
  const { tills, id, clock, journal } = await setUp()
  const printing = await accepted(journal)
  await journal.write((tx) => tx.markPrinting(printing.id))
  const told: string[] = []
  for (const waited of [id, printing.id]) void tills.wait(waited, LONG_MS).then(({ status }) => told.push(status))
  tills.stop()
  await settle()
  expect(told).toEqual(['accepted'])
  expect((await tills.wait(id, LONG_MS)).status).toBe('accepted')
  tills.tell(printing.id, stateOf(printing.id, 'refused'))
  await settle()
  expect(told).toEqual(['accepted', 'refused'])
  expect(clock.monotonicMs()).toBe(0)
})

test('and when no time is left, nobody waits at all', async () => {
  const { tills, id, journal } = await setUp()
  await journal.write((tx) => tx.markPrinting(id))
  tills.stop()
  const told = tills.wait(id, LONG_MS)
  tills.letGo()
  expect((await told).status).toBe('printing')
  expect((await tills.wait(id, LONG_MS)).status).toBe('printing')
})
