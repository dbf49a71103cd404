import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Tx } from '../journal/journal.ts'
import { testLease, token } from '../testing/kit.ts'
import { OLD_FN } from '../testing/replaced_fn.ts'
import { TestKkt } from '../testing/test_kkt.ts'
import { nextDoc, setUp } from '../testing/transitions.ts'
import { settleUncertain } from './settle_uncertain.ts'

async function uncertain(status: 'printing' | 'unknown', before: (tx: Tx) => void = () => undefined) {
  const parts = setUp()
  await parts.journal.write(before)
  const driver = new TestKkt()
  const lease = testLease(parts.journal)
  const lines: string[] = []
  const logger = createLogger('test', 'debug', (line) => lines.push(line))
  const id = await parts.reach(status)
  const now = () => parts.journal.queries.find(id)
  const settle = async () => {
    const receipt = now()
    if (!receipt) throw new Error('The receipt is gone')
    const heard = (fnNumber: string) => parts.journal.fiscalMemories.inKkt()?.fnNumber === fnNumber
    const lookup = await settleUncertain(receipt, token(1), { driver, lease, logger, heard })
    return lookup.kind
  }
  return { ...parts, driver, lines, id, now, settle }
}

for (const status of ['printing', 'unknown'] as const) {
  describe(`invariant 3: a receipt that is ${status} is looked up at the KKT, never printed`, () => {
    test('found there, it is pending with the document found', async () => {
      const { driver, id, now, settle, eventsOf } = await uncertain(status)
      const doc = nextDoc()
      driver.documents.set(id, doc)
      expect(await settle()).toBe('found')
      expect(now()).toMatchObject({ status: 'pending', fiscalDoc: doc })
      expect(eventsOf(id)[0]).toMatchObject({ from: 'unknown', to: 'pending' })
      expect([driver.lookedUp, driver.handed]).toEqual([[id], []])
    })

    test('found there with another total, it is pending, and the audit log says so', async () => {
      const { driver, id, now, settle, eventsOf } = await uncertain(status)
      driver.documents.set(id, { ...nextDoc(), totalKopecks: 9_999 })
      expect(await settle()).toBe('found')
      expect(now()?.status).toBe('pending')
      expect(eventsOf(id)[0]?.detail).toContain('signed a total of 99.99, and the receipt has 100.00')
    })

    test('not there, it is accepted again, to be printed in its turn', async () => {
      const { driver, id, now, settle } = await uncertain(status)
      expect(await settle()).toBe('absent')
      expect(now()).toMatchObject({ status: 'accepted', fiscalDoc: null })
      expect([driver.lookedUp, driver.handed]).toEqual([[id], []])
    })

    test('when the KKT cannot say, it stays unknown, and a later look-up settles it', async () => {
      const { driver, id, now, settle } = await uncertain(status)
      const { onLookup } = driver
      driver.onLookup = async () => ({ kind: 'unknown', reason: 'the KKT is gone' })
      expect([await settle(), await settle()]).toEqual(['unknown', 'unknown'])
      expect(now()?.status).toBe('unknown')
      driver.onLookup = onLookup
      expect(await settle()).toBe('absent')
      expect(now()?.status).toBe('accepted')
      expect(driver.handed).toEqual([])
      expect(driver.lookedUp).toEqual([id, id, id])
    })

    test('when the KKT has seen a newer token, it stays unknown', async () => {
      const { driver, now, settle } = await uncertain(status)
      driver.onLookup = async () => ({ kind: 'outdated', newest: token(7), reason: 'another drives it' })
      expect(await settle()).toBe('outdated')
      expect(now()?.status).toBe('unknown')
    })

    test('it is unknown in the journal before the KKT is asked', async () => {
      const { driver, now, settle } = await uncertain(status)
      driver.onLookup = async (_id: ReceiptId) => {
        expect(now()?.status).toBe('unknown')
        return { kind: 'absent', fnNumber: driver.fnNumber }
      }
      expect(await settle()).toBe('absent')
    })

    test('a disk that fails leaves it to be settled another time', async () => {
      const { db, now, settle } = await uncertain(status)
      db.exec('PRAGMA query_only = ON')
      await expect(settle()).rejects.toMatchObject({ name: 'StorageFailure' })
      expect(now()?.status).toBe(status)
      db.exec('PRAGMA query_only = OFF')
      expect(await settle()).toBe('absent')
    })
  })
}

test('what is logged names the receipt and the outcome, and no customer’s data', async () => {
  const { lines, id, settle } = await uncertain('unknown')
  await settle()
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'receipt_looked_up', receipt_id: id, at: 'kkt', outcome: 'absent' },
  ])
  expect(lines.join()).not.toContain('Frame')
})

test('invariant 3: a receipt that several documents may be of is left to an operator, and holds up none', async () => {
  const { driver, now, settle, journal } = await uncertain('unknown', (tx) => tx.meetFn(OLD_FN, 1, false))
  driver.onLookup = async () => ({ kind: 'untellable', fnNumber: OLD_FN, reason: 'FD 3 or FD 4' })
  expect(await settle()).toBe('untellable')
  expect(now()).toMatchObject({ status: 'unknown', lastError: 'FD 3 or FD 4', untoldFn: OLD_FN })
  expect(journal.queries.nextUncertain()).toBeNull()
})
