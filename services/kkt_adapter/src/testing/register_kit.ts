/** A delivery that watches a register of the test's own, which hands its documents to the OFD by itself. */
import type { Logger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { createByRegister } from '../delivery/by_register.ts'
import type { KktState } from '../domain/kkt.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { accepted, fiscalDoc, lastFd, memoryJournal, nextFd, quiet, testLease } from './kit.ts'
import { kktState } from './test_kkt.ts'

export const FN = fiscalDoc(1).fnNumber
const INTERVAL_MS = 30_000

export type Printed = { id: ReceiptId; fd: number }

/** The word of a register about its exchange with the OFD. */
class TestRegister {
  fnNumber = FN
  /** When it was asked, by the monotonic clock. */
  readonly askedMs: number[] = []
  onAsk: (told: KktState) => Promise<KktState | null> = async (told) => told
  #unsent: KktState['unsent'] = { count: 0, firstFd: null, sinceMs: null }

  constructor(private readonly clock: TestClock) {}

  allSent(): void {
    this.#unsent = { count: 0, firstFd: null, sinceMs: null }
  }

  unsentFrom(firstFd: number, count: number): void {
    this.#unsent = { count, firstFd, sinceMs: this.clock.wallMs() }
  }

  ask(): Promise<KktState | null> {
    this.askedMs.push(this.clock.monotonicMs())
    const { fnNumber, clock } = this
    return this.onAsk({
      ...kktState(),
      fnNumber,
      lastFdNumber: lastFd(),
      unsent: this.#unsent,
      clockMs: clock.wallMs(),
    })
  }
}

export async function byRegister(logger: Logger = quiet) {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const [lease, register] = [testLease(journal), new TestRegister(clock)]
  await journal.write((tx) => tx.meetFn(FN, 0, false))
  const watch = { delivered: () => undefined }
  const restarted = () =>
    createByRegister({ journal, lease, ask: () => register.ask(), clock, logger, watch, intervalMs: INTERVAL_MS })
  /** Journals receipts with the next documents of an FN. */
  async function print(count: number, fnNumber = FN): Promise<Printed[]> {
    const printed: Printed[] = []
    for (let n = 0; n < count; n++) {
      const { id } = await accepted(journal, `POS-${n % 3}`)
      const fd = nextFd()
      await journal.write((tx) => {
        tx.markPrinting(id)
        tx.recordPrinted(id, { ...fiscalDoc(fd), fnNumber }, 'printed')
      })
      printed.push({ id, fd })
    }
    return printed
  }
  return { clock, journal, lease, register, restarted, delivery: restarted(), print }
}
