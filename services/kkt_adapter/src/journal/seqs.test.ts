import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import { accepted, content, fiscalDoc, temporaryFile } from '../testing/kit.ts'
import { createJournal } from './journal.ts'

test('a number that an undone work gave is not remembered, because another process may give it to another receipt', async () => {
  const path = temporaryFile('buffer.db')
  const [own, other] = [1, 2].map(() =>
    createJournal(openDatabase(path), { clock: new TestClock(), maxUndelivered: 100 }),
  ) as [ReturnType<typeof createJournal>, ReturnType<typeof createJournal>]
  const id = '01900000-0000-7000-8000-000000000001' as ReceiptId
  const lost = { id, doc: fiscalDoc(9_100_001), paper: 'printed' as const, content: content() }
  const undone = own.write((tx) => {
    tx.bringBack(lost)
    throw new Error('a mistake')
  })
  await expect(undone).rejects.toThrow('a mistake')
  const { id: stranger } = await accepted(other)
  await other.write((tx) => {
    tx.bringBack(lost)
    tx.markPrinting(stranger)
    tx.recordPrinted(stranger, fiscalDoc(9_100_002), 'printed')
  })
  await own.write((tx) => tx.markSyncing(id))
  expect([id, stranger].map(own.queries.statusOf)).toEqual(['syncing', 'pending'])
  for (const journal of [own, other]) journal.close()
})
