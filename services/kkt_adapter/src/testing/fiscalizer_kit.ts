/** A fiscalizer over a journal, a lease and a KKT of the test's own. */
import { TestClock } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { createFiscalizer } from '../printing/fiscalize.ts'
import { memoryJournal, quiet, statusOf, TestKkt, testLease } from './kit.ts'

export const PRINT_MS = 200

export function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const kkt = new TestKkt()
  const lease = testLease(journal)
  let printed = 0
  const fiscalizer = createFiscalizer({
    journal,
    lease,
    clock,
    random: () => 0.5,
    driver: kkt,
    acceptedLoss: null,
    logger: quiet,
    onPrinted: () => printed++,
  })
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
