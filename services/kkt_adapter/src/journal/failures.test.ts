import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { nextDoc, setUp } from '../testing/transitions.ts'
import type { Transitions } from './transitions.ts'

type Failing = [what: string, from: 'printing' | 'syncing', run: (to: Transitions, id: ReceiptId) => void]
const FAILING: Failing[] = [
  ['a print that the KKT refuses', 'printing', (to, id) => to.recordRefused(id, 'why')],
  ['a print without a known outcome', 'printing', (to, id) => to.recordUnknown(id, 'why')],
  ['a delivery that the OFD does not take', 'syncing', (to, id) => to.recordUndelivered(id, 'why', true)],
  ['a receipt that becomes a dead letter', 'syncing', (to, id) => to.deadLetter(id, 'refused_by_ofd', 'why', true)],
]

describe('the last failure', () => {
  test('is none in a new journal', () => {
    expect(setUp().journal.lastFailure()).toBeNull()
  })

  test.each(FAILING)('is %s, with its time and its reason', async (_what, from, run) => {
    const { journal, clock, reach } = setUp()
    const id = await reach(from)
    await clock.advance(1234)
    await journal.write((tx) => run(tx, id))
    expect(journal.lastFailure()).toEqual({ atMs: clock.wallMs(), reason: 'why', receiptId: id })
  })

  test('is the newest one', async () => {
    const { journal, reach } = setUp()
    await reach('failed')
    const id = await reach('unknown')
    expect(journal.lastFailure()).toMatchObject({ receiptId: id, reason: 'no reply' })
  })

  test('is no delivery that was only put off', async () => {
    const { journal, reach } = setUp()
    const id = await reach('syncing')
    await journal.write((tx) => tx.recordUndelivered(id, null, false))
    expect(journal.lastFailure()).toBeNull()
  })

  test('is not rolled back apart from its receipt', async () => {
    const { journal, reach } = setUp()
    const id = await reach('syncing')
    const work = journal.write((tx) => {
      tx.recordUndelivered(id, 'why', true)
      throw new Error('undone')
    })
    await expect(work).rejects.toThrow('undone')
    expect(journal.lastFailure()).toBeNull()
  })

  test('stays while others get through, and ends with the delivery of the last that is open', async () => {
    const { journal, reach } = setUp()
    const failing = await reach('syncing')
    await journal.write((tx) => tx.recordUndelivered(failing, 'why', true))
    const printing = await reach('printing')
    await reach('synced')
    expect(journal.lastFailure()).toMatchObject({ receiptId: failing })
    await journal.write((tx) => {
      tx.markSyncing(failing)
      tx.recordSynced(failing, 'OFD-2')
    })
    expect(journal.lastFailure()).toMatchObject({ receiptId: failing })
    await journal.write((tx) => {
      tx.recordPrinted(printing, nextDoc(), 'printed')
      tx.markSyncing(printing)
      tx.recordSynced(printing, 'OFD-3')
    })
    expect(journal.lastFailure()).toBeNull()
  })

  test('stays while a dead letter is there, and ends when the last one is closed', async () => {
    const { journal, reach } = setUp()
    const [first, second] = [await reach('failed'), await reach('failed')]
    await reach('synced')
    await journal.write((tx) => tx.closeDeadLetter(second, 'sent by hand'))
    expect(journal.lastFailure()).toMatchObject({ receiptId: second })
    await journal.write((tx) => tx.closeDeadLetter(first, 'sent by hand'))
    expect(journal.lastFailure()).toBeNull()
  })
})
