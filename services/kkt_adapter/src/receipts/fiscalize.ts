import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { Signal } from '@kkt/platform/signal.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../sync/lease.ts'
import type { Receipt, ReceiptId } from './receipt.ts'
import { settleUncertain } from './recover.ts'
import { isUnprinted } from './state.ts'

/** How often the journal is looked at when nobody says that there is work: another process may have put some there. */
const POLL_MS = 200
/** How long to leave a KKT or a disk alone that did not answer. */
const RETRY_MS = 500

export type Fiscalizer = {
  /** Resolves with the receipt when the KKT's outcome is known, or as it is when `timeoutMs` have passed or work stops. */
  outcome(id: ReceiptId, timeoutMs: number): Promise<Receipt>
  /** Says that a receipt was accepted. */
  nudge(): void
  /** Settles the receipts of unclear fate, as far as the KKT can be asked. To be awaited before any new work. */
  recover(): Promise<void>
  /** One step: settles a receipt of unclear fate, or prints the next one. Never rejects. */
  runOnce(): Promise<'worked' | 'idle' | 'blocked'>
  start(): void
  /** Resolves when the receipt that is being printed is printed and recorded. */
  stop(): Promise<void>
}

/** Has the KKT fiscalise what the journal has accepted: one at a time, in the order of acceptance. */
export function createFiscalizer(deps: {
  journal: Journal
  driver: KktDriver
  lease: Lease
  clock: Clock
  logger: Logger
  /** Called when a receipt has become `pending`. */
  onPrinted: () => void
}): Fiscalizer {
  const { journal, driver, lease, clock, logger } = deps
  const stopping = new AbortController()
  const work = new Signal()
  const outcomes = new Signal()
  let loop: Promise<void> = Promise.resolve()

  async function print({ id, content }: Receipt): Promise<'worked' | 'blocked'> {
    await journal.write(() => journal.transitions.markPrinting(id))
    if (!lease.held()) return 'blocked'
    const outcome = await driver.fiscalize(id, content)
    // The row is the new holder's to settle. A document is worth recording whoever is.
    if (outcome.kind !== 'done' && !lease.held()) return 'blocked'
    await journal.write(() => {
      if (outcome.kind === 'done') journal.transitions.recordPrinted(id, outcome.doc)
      else if (outcome.kind === 'refused') journal.transitions.recordRefused(id, outcome.reason)
      else journal.transitions.recordUnknown(id, outcome.reason)
    })
    if (outcome.kind === 'done') logger.info('receipt_printed', { receipt_id: id, fd: outcome.doc.fdNumber })
    else logger.warn(`receipt_print_${outcome.kind}`, { receipt_id: id, reason: outcome.reason })
    return outcome.kind === 'unknown' ? 'blocked' : 'worked'
  }

  async function step(): Promise<'worked' | 'idle' | 'blocked'> {
    if (!lease.held()) return 'idle'
    const uncertain = journal.queries.nextUncertain()
    if (uncertain) return (await settleUncertain(uncertain, { journal, driver, logger })) ? 'worked' : 'blocked'
    const next = journal.queries.nextAccepted()
    if (!next) return 'idle'
    return await print(next)
  }

  async function runOnce(): Promise<'worked' | 'idle' | 'blocked'> {
    try {
      const result = await step()
      if (result === 'worked') {
        outcomes.notify()
        deps.onPrinted()
      }
      return result
    } catch (error) {
      logger.error('fiscalize_failed', errorFields(error))
      return 'blocked'
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const result = await runOnce()
      if (result === 'idle') await work.wait(POLL_MS, clock, stopping.signal)
      if (result === 'blocked') await clock.wait(RETRY_MS, stopping.signal)
    }
  }

  return {
    async outcome(id, timeoutMs) {
      const deadlineMs = clock.monotonicMs() + timeoutMs
      for (;;) {
        const status = journal.queries.statusOf(id)
        const leftMs = deadlineMs - clock.monotonicMs()
        if (status === null || !isUnprinted(status) || leftMs <= 0) break
        // At the end of work only what is under the print head is worth waiting for.
        if (stopping.signal.aborted && status !== 'printing') break
        await outcomes.wait(Math.min(leftMs, POLL_MS), clock)
      }
      const receipt = journal.queries.find(id)
      if (!receipt) throw new Error(`Receipt ${id} was accepted and is not in the journal`)
      return receipt
    },
    nudge: () => work.notify(),
    async recover() {
      try {
        while (lease.held() && journal.queries.nextUncertain()) {
          if ((await runOnce()) !== 'worked') return
        }
      } catch (error) {
        logger.error('recovery_failed', errorFields(error))
      }
    },
    runOnce,
    start() {
      loop = run()
    },
    async stop() {
      stopping.abort()
      outcomes.notify()
      await loop
      outcomes.notify()
    },
  }
}
