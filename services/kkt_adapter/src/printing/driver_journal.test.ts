import { expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { LeaseLost } from '../lease/lease.ts'
import { accepted, fiscalDoc, memoryJournal, testLease, token } from '../testing/kit.ts'
import { createDriverJournal } from './driver_journal.ts'

const BEFORE = { fnNumber: '9999078900000961', lastFdNumber: 70 }
const NOBODYS = '01900000-0000-7000-8000-000000000000' as ReceiptId

async function setUp() {
  const journal = memoryJournal()
  const lease = testLease(journal)
  const ofDriver = createDriverJournal()
  ofDriver.open({ journal, lease })
  const { id } = await accepted(journal)
  await journal.write((tx) => tx.markPrinting(id))
  return { journal, lease, ofDriver, attempts: ofDriver.attempts, id }
}

test('an attempt is in the journal once it is begun', async () => {
  const { journal, attempts, id } = await setUp()
  expect(attempts.latest(id)).toBeNull()
  const begun = await attempts.begin(id, BEFORE, token(1))
  expect(begun).toMatchObject({ number: 1, ...BEFORE })
  expect([attempts.latest(id), journal.latestAttempt(id)]).toEqual([begun, begun])
})

test('invariant 3: a process that lost the lease begins no attempt, so that it asks the KKT for nothing', async () => {
  const { lease, attempts, id } = await setUp()
  lease.isHeld = false
  await expect(attempts.begin(id, BEFORE, token(1))).rejects.toBeInstanceOf(LeaseLost)
  lease.isHeld = true
  lease.since = token(2)
  await expect(attempts.begin(id, BEFORE, token(1))).rejects.toBeInstanceOf(LeaseLost)
  expect(attempts.latest(id)).toBeNull()
  expect(await attempts.begin(id, BEFORE, token(2))).toMatchObject({ number: 1 })
})

test('a receipt is read with its document, and its sign by the id that a refund names', async () => {
  const { journal, ofDriver, id } = await setUp()
  expect([ofDriver.receipt(id)?.fiscalDoc, ofDriver.signOf(id)]).toEqual([null, null])
  await journal.write((tx) => tx.recordPrinted(id, fiscalDoc(71), 'printed'))
  expect(ofDriver.receipt(id)).toMatchObject({ id, fiscalDoc: { fdNumber: 71 } })
  expect([ofDriver.signOf(id), ofDriver.signOf(NOBODYS)]).toEqual([fiscalDoc(71).fiscalSign, null])
  expect(ofDriver.receipt(NOBODYS)).toBeNull()
})

test('nothing is asked of a KKT whose buffer is not open', async () => {
  const { attempts } = createDriverJournal()
  await expect(attempts.begin(NOBODYS, BEFORE, token(1))).rejects.toThrow('before the buffer is open')
})
