import type { Clock } from '@kkt/platform/clock.ts'
import type { FencingToken } from '../../domain/fencing_token.ts'
import type { KktTrouble } from '../driver.ts'
import { NO_ANSWER, NO_MEMORY, outdated } from './answers.ts'
import type { KktFaults } from './faults.ts'
import type { Device, FiscalMemory, Fn } from './fiscal_memory.ts'

/** By law a shift lasts at most 24 hours (54-FZ, article 4.3). */
const SHIFT_MAX_MS = 24 * 60 * 60 * 1000

/** Faults that strike a set number of times. */
type Counted = 'reply_lost' | 'connection_lost' | 'lookup_lost' | 'busy'

export class MockDevice {
  constructor(
    private readonly memory: FiscalMemory,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the work at once for the holder of the newest token. Noting a newer token and doing the work are one
   * transaction, so nothing of an older holder can come after it.
   */
  exchange<T>(token: FencingToken, work: (device: Device) => T): T | typeof NO_ANSWER | ReturnType<typeof outdated> {
    const { memory } = this
    try {
      return memory.transaction(() => {
        const device = memory.device()
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
  ask<T>(work: (device: Device) => T): T | null {
    const { memory } = this
    try {
      return memory.transaction(() => {
        const device = memory.device()
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
  troubleOf({ fn, faults }: Device): KktTrouble | null {
    if (this.strikes(faults, 'busy')) return 'busy'
    if (faults.fn_full) return 'fn_full'
    if (faults.shift_expired || this.#isExpired(fn)) return 'shift_expired'
    return faults.paper_out ? 'paper_out' : null
  }

  #isExpired(fn: Fn): boolean {
    return this.clock.wallMs() - fn.shiftOpenedAtMs >= SHIFT_MAX_MS
  }
}
