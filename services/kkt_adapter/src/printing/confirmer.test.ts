/** The FN is told how far its documents are at the OFD. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { accepted, fiscalDoc, memoryJournal, quiet, testLease } from '../testing/kit.ts'
import { OLD_FN, untoldReceipt } from '../testing/replaced_fn.ts'
import { shiftDoc } from '../testing/shift_documents.ts'
import { createConfirmer } from './confirmer.ts'

const FN = '9999000000000001'

async function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const lease = testLease(journal)
  const told: [fn: string, fd: number][] = []
  const confirmThrough = async (...through: [string, number]) => void told.push(through)
  const confirmer = createConfirmer({ journal, confirmThrough, lease, clock, logger: quiet })
  await journal.write((tx) => tx.meetFn(FN, 1, false))
  const print = async (fdNumber: number, posId = 'POS-001', fnNumber = FN) => {
    const { id } = await accepted(journal, posId)
    await journal.write((tx) => {
      tx.markPrinting(id)
      tx.recordPrinted(id, { ...fiscalDoc(fdNumber), fnNumber }, 'printed')
    })
    return id
  }
  const deliver = (id: ReceiptId) => journal.write((tx) => [tx.markSyncing(id), tx.recordSynced(id, `OFD-${id}`)])
  const tell = async () => {
    told.length = 0
    await confirmer.runOnce()
    return told
  }
  return { clock, journal, lease, told, confirmer, print, deliver, tell }
}

test('before any receipt it is told of the registration', async () => {
  expect(await (await setUp()).tell()).toEqual([[FN, 1]])
})

test('the documents before the first receipt that the OFD has not got are confirmed, those of shifts along with them', async () => {
  const { print, deliver, tell } = await setUp()
  const [third, fourth] = [await print(3), await print(4, 'POS-002')]
  expect(await tell()).toEqual([[FN, 2]])
  await deliver(fourth)
  expect(await tell()).toEqual([[FN, 2]])
  await deliver(third)
  expect(await tell()).toEqual([[FN, 4]])
})

test('all that is recorded is confirmed where nothing waits, up to the closing of the shift', async () => {
  const { journal, print, deliver, tell } = await setUp()
  await deliver(await print(3))
  await journal.write((tx) => tx.recordShiftDocument(shiftDoc('shift_closing', 4, 1)))
  expect(await tell()).toEqual([[FN, 4]])
})

test('one that is being sent, and a dead letter, keep back what is behind them; one that is closed does not', async () => {
  const { journal, print, deliver, tell } = await setUp()
  const [syncing, failed] = [await print(3), await print(5)]
  for (const fd of [4, 6]) await deliver(await print(fd))
  await journal.write((tx) => [tx.markSyncing(syncing), tx.markSyncing(failed)])
  expect(await tell()).toEqual([[FN, 2]])
  await journal.write((tx) => [tx.recordSynced(syncing, 'OFD-3'), tx.deadLetter(failed, 'refused_by_ofd', 'no', false)])
  expect(await tell()).toEqual([[FN, 4]])
  await journal.write((tx) => tx.closeDeadLetter(failed, 'sent by hand'))
  expect(await tell()).toEqual([[FN, 6]])
})

test.each(['printing', 'unknown'])(
  'while a receipt is %s nothing is told: its document may be one of them',
  async (status) => {
    const { journal, print, deliver, tell } = await setUp()
    await deliver(await print(3))
    const { id } = await accepted(journal)
    await journal.write((tx) => {
      tx.markPrinting(id)
      if (status === 'unknown') tx.recordUnknown(id, 'no reply')
    })
    expect(await tell()).toEqual([])
    await journal.write((tx) => (status === 'unknown' ? tx.recordAbsent(id) : tx.recordNotAsked(id)))
    expect(await tell()).toEqual([[FN, 3]])
  },
)

test('documents of an FN that was replaced, delivered or untold, keep nothing of the next one back', async () => {
  const { journal, print, deliver, tell } = await setUp()
  await untoldReceipt(journal)
  await print(9, 'POS-001', OLD_FN)
  await journal.write((tx) => tx.meetFn('9999000000000003', 1, false))
  await deliver(await print(3, 'POS-002', '9999000000000003'))
  expect(await tell()).toEqual([['9999000000000003', 3]])
})

test('a process without the right to the KKT tells nothing', async () => {
  const { lease, tell } = await setUp()
  lease.isHeld = false
  expect(await tell()).toEqual([])
})

test('a delivery is told within a second, many together, and again after a minute', async () => {
  const { clock, confirmer, told, print, deliver } = await setUp()
  confirmer.start()
  await clock.advance(1000)
  const ids = [await print(3), await print(4), await print(5)]
  await clock.advance(10_000)
  expect(told).toEqual([[FN, 1]])
  for (const id of ids) await deliver(id)
  await clock.advance(1000)
  expect(told.slice(1)).toEqual([
    [FN, 3],
    [FN, 5],
  ])
  await clock.advance(60_000)
  expect(told.slice(3)).toEqual([[FN, 5]])
  await confirmer.stop()
})
