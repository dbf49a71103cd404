import type { Clock } from '@kkt/platform/clock.ts'
import type { FencingToken } from '../../domain/fencing_token.ts'
import type { KktTrouble } from '../driver.ts'
import { NO_ANSWER, NO_MEMORY, outdated } from './answers.ts'
import { DeviceClock } from './device_clock.ts'
import { minuteOf } from './document_time.ts'
import type { KktFaults } from './faults.ts'
import type { Device, FiscalMemory, Shift } from './fiscal_memory.ts'

/** By law a shift lasts at most 24 hours (54-FZ, article 4.3). */
const SHIFT_MAX_MS = 24 * 60 * 60 * 1000

/** The device at one moment of its own clock. */
export type Moment = Device & { nowMs: number }

/** Faults that strike a set number of times. */
type Counted = 'reply_lost' | 'connection_lost' | 'lookup_lost' | 'busy'

export class MockDevice {
  readonly #clock: DeviceClock

  constructor(
    private readonly memory: FiscalMemory,
    clock: Clock,
  ) {
    this.#clock = new DeviceClock(clock)
  }

  /** The device as it is now. */
  now(): Moment {
    const device = this.memory.device()
    const nowMs = this.#clock.nowMs(device.lastDocumentMs, device.faults.clock_behind_seconds * 1000)
    return { ...device, nowMs }
  }

  /**
   * Does the work at once for the holder of the newest token. Noting a newer token and doing the work are one
   * transaction, so nothing of an older holder can come after it.
   */
  exchange<T>(token: FencingToken, work: (device: Moment) => T): T | typeof NO_ANSWER | ReturnType<typeof outdated> {
    const { memory } = this
    try {
      return memory.transaction(() => {
        const device = this.now()
        if (device.faults.gone) return NO_ANSWER
        if (token < device.newestToken) return outdated(device.newestToken)
        if (token > device.newestToken) memory.raiseToken(token)
        return work(device)
      })
    } catch {
      return NO_MEMORY
    }
  }

  /** Does the work for any caller, without a token. Null when the device does not answer. */
  ask<T>(work: (device: Moment) => T): T | null {
    const { memory } = this
    try {
      return memory.transaction(() => {
        const device = this.now()
        return device.faults.gone ? null : work(device)
      })
    } catch {
      return null
    }
  }

  /** Whether a counted fault strikes; if so, one strike fewer is left. */
  strikes(faults: KktFaults, name: Counted): boolean {
    if (faults[name] === 0) return false
    this.memory.keepFaults({ ...faults, [name]: faults[name] - 1 })
    return true
  }

  /** The trouble that would stop the next document first. */
  troubleOf(device: Moment): KktTrouble | null {
    const { faults } = device
    if (this.strikes(faults, 'busy')) return 'busy'
    const trouble = fnTroubleOf(device)
    if (trouble !== null) return trouble
    if (faults.shift_expired || isExpired(device)) return 'shift_expired'
    return faults.paper_out ? 'paper_out' : null
  }
}

/** The trouble for which the FN signs no document of any kind. */
export function fnTroubleOf({ faults, nowMs, lastDocumentMs }: Moment): 'fn_full' | 'clock_behind' | null {
  if (faults.fn_full) return 'fn_full'
  return minuteOf(nowMs) < minuteOf(lastDocumentMs) ? 'clock_behind' : null
}

const isExpired = ({ shift, nowMs }: { shift: Shift; nowMs: number }): boolean =>
  shift.kind === 'open' && nowMs - shift.openedAtMs >= SHIFT_MAX_MS
