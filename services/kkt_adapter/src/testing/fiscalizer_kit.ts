/** A fiscalizer over a journal, a lease and a KKT of the test's own. */
import { TestClock } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { createFiscalizer } from '../printing/fiscalize.ts'
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
    onPrinted: () => undefined,
    ...parts,
  })

export function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const kkt = new TestKkt()
  const lease = testLease(journal)
  let printed = 0
  const fiscalizer = fiscalizerOf({ journal, lease, clock, driver: kkt, onPrinted: () => printed++ })
  const at = (id: ReceiptId) => statusOf(journal, id)
  /** Makes the KKT take time, as a paper printer does. */
  const printSlowly = () => {
    kkt.onFiscalize = async (_id, make) => {
      const doc = make()
      await clock.wait(PRINT_MS)
      return { kind: 'done', doc, paper: 'printed' }
    }
  }
  return { clock, journal, kkt, lease, fiscalizer, at, printSlowly, timesPrinted: () => printed }
}
