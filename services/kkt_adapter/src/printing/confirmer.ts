import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { Committed } from '../journal/group_commit.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/** Deliveries of this time are told together. */
const EVERY_MS = 1000
/** It is told again after this time: the KKT may not have listened, or another process may have delivered. */
const AGAIN_MS = 60_000

type ConfirmerDeps = {
  journal: Journal
  confirmThrough: NonNullable<KktDriver['confirmThrough']>
  lease: Pick<Lease, 'token'>
  clock: Clock
  logger: Logger
}

/** Tells the FN up to which document the OFD has all of them, so that its 30 days count only what is not delivered. */
export function createConfirmer({ journal, confirmThrough, lease, clock, logger }: ConfirmerDeps) {
  const loop = createLoop({
    clock,
    turn: async () => {
      await runOnce()
      await clock.wait(EVERY_MS, loop.stopping)
      return { kind: 'rest', ms: AGAIN_MS - EVERY_MS }
    },
  })
  journal.onCommit((committed) => {
    if (hasDelivered(committed)) loop.nudge()
  })

  /** Null: nothing may be told now. A document that is not recorded yet may stand before those that are. */
  function toTell(): { fnNumber: string; throughFd: number } | null {
    const { queries, tasks, fiscalMemories } = journal
    if (queries.nextUncertain() !== null || tasks.nextUncertain() !== null) return null
    const fnNumber = fiscalMemories.inKkt()?.fnNumber
    if (fnNumber === undefined) return null
    const throughFd = journal.heldThrough(fnNumber, fiscalMemories.knownThrough(fnNumber) ?? 0)
    return throughFd === null ? null : { fnNumber, throughFd }
  }

  /** Tells it once. Never rejects. */
  async function runOnce(): Promise<void> {
    if (lease.token() === null) return
    try {
      const told = toTell()
      if (told !== null) await confirmThrough(told.fnNumber, told.throughFd)
    } catch (error) {
      logger.warn('documents_not_confirmed', errorFields(error))
    }
  }

  return { runOnce, start: loop.start, nudge: loop.nudge, stop: loop.stop }
}

/** The OFD holds a receipt more, or none more is to be sent to it. Or the KKT has done a task, which may have a document. */
const hasDelivered = ({ logged }: Committed): boolean =>
  logged.some(({ kind, to }) => to === 'synced' || to === 'closed' || (kind === 'task' && to === 'done'))

export type Confirmer = ReturnType<typeof createConfirmer>
