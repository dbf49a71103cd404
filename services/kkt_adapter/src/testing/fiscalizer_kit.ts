/** A fiscalizer over a journal, a lease and a KKT of the test's own. */
import { TestClock } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { createFiscalizer } from '../printing/fiscalize.ts'
import { OwnClosings } from '../printing/own_closings.ts'
import { memoryJournal, quiet, statusOf, testLease } from './kit.ts'
import { TestKkt } from './test_kkt.ts'

export const PRINT_MS = 200

type Parts = Parameters<typeof createFiscalizer>[0]

/** A fiscalizer over the parts that the test has, and plain ones for the rest. */
export const fiscalizerOf = (parts: Pick<Parts, 'journal' | 'lease' | 'clock' | 'driver'> & Partial<Parts>) =>
  createFiscalizer({
    random: () => 0.5,
    acceptedLoss: null,
    logger: quiet,
    closings: new OwnClosings({ logger: quiet, usualCashier: () => null, ...parts }),
    onPrinted: () => undefined,
    ...parts,
  })

export function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const kkt = new TestKkt()
  const lease = testLease(journal)
  const closings = new OwnClosings({ journal, lease, clock, logger: quiet, usualCashier: () => null })
  let printed = 0
  const fiscalizer = fiscalizerOf({ journal, lease, clock, driver: kkt, closings, onPrinted: () => printed++ })
  const at = (id: ReceiptId) => statusOf(journal, id)
  /** Makes the KKT take time, as a paper printer does. */
  const printSlowly = () => {
    kkt.onFiscalize = async (_id, make) => {
      const doc = make()
      await clock.wait(PRINT_MS)
      return { kind: 'done', doc, paper: 'printed' }
    }
  }
  return { clock, journal, kkt, lease, closings, fiscalizer, at, printSlowly, timesPrinted: () => printed }
}
