import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import { isLasting } from '../domain/kkt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { type Lease, LeaseLost } from '../lease/lease.ts'
import { type ClosingSettings, type ClosingTimes, createClosingTimes } from './closing_time.ts'
import type { OwnClosings } from './own_closings.ts'

/** A small part of the time that is left when a shift has to be closed. */
const EVERY_MS = 20_000
/** No till sells where none was heard of for so long. */
const QUIET_MS = 5 * 60 * 1000

type ShiftWatchDeps = {
  journal: Journal
  driver: Pick<KktDriver, 'state'>
  lease: Lease
  clock: Clock
  logger: Logger
  settings: ClosingSettings
  closings: OwnClosings
  /** Called when a closing is journaled. */
  onAccepted: () => void
}

/** Closes shifts by itself: at the time of the settings once no till sells, and before the 24 hours are over. */
export function createShiftWatch(deps: ShiftWatchDeps) {
  const { journal, driver, lease, clock, logger, settings, closings, onAccepted } = deps
  const timesOf = createClosingTimes(settings)
  const loop = createLoop({
    clock,
    turn: async () => {
      await runOnce()
      return { kind: 'rest', ms: EVERY_MS }
    },
  })

  function isQuiet(nowMs: number): boolean {
    const { accepted, printing, unknown } = journal.queries.counts()
    // Those wait for a person, and not for the KKT.
    const untold = journal.queries.countUntold()
    const lastMs = journal.queries.lastAcceptedAtMs()
    return accepted + printing + unknown - untold === 0 && (lastMs === null || Math.abs(nowMs - lastMs) >= QUIET_MS)
  }

  const isDue = ({ quietFromMs, atLatestMs }: ClosingTimes, nowMs: number): boolean =>
    nowMs >= atLatestMs || (quietFromMs !== null && nowMs >= quietFromMs && isQuiet(nowMs))

  async function look(): Promise<void> {
    const token = lease.token()
    const state = token === null ? null : await driver.state()
    if (token === null || state === null) return
    // Such a KKT refuses each closing, and each would be journaled.
    if (isLasting(state.trouble)) return
    const nowMs = clock.wallMs()
    const { fnNumber, shift } = state
    const times = timesOf(shift, { wallMs: nowMs, kktClockMs: state.clockMs })
    if (times === null || !isDue(times, nowMs)) return
    const closing = await closings.accept({ fnNumber, shiftNumber: shift.number }, token)
    if (!closing?.isNew) return
    logger.info('shift_closes_by_itself', { shift: shift.number, at_latest: nowMs >= times.atLatestMs })
    onAccepted()
  }

  /** One look at the shift. Never rejects. */
  async function runOnce(): Promise<void> {
    try {
      await look()
    } catch (error) {
      if (!(error instanceof LeaseLost)) logger.warn('shift_watch_failed', errorFields(error))
    }
  }

  return { runOnce, start: loop.start, stop: loop.stop }
}
