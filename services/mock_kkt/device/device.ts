import type { KktTrouble, PaperSupply } from '@kkt/adapter/src/domain/kkt.ts'
import type { ShiftState } from '@kkt/adapter/src/domain/shift.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { DeviceClock } from './device_clock.ts'
import type { DocumentTime } from './document_time.ts'
import type { KktFaults } from './faults.ts'
import type { Device, FiscalMemory } from './fiscal_memory.ts'
import { fnTroubleOf } from './fn_life.ts'

/** By law a shift lasts at most 24 hours (54-FZ, article 4.3). */
const SHIFT_MAX_MS = 24 * 60 * 60 * 1000

/** The device at one moment of its own clock. `today`: the day in its zone, `yyyy-mm-dd`. */
export type Moment = Device & { nowMs: number; today: string }

/** Faults that strike a set number of times. */
type Counted = 'reply_lost' | 'closing_reply_lost' | 'receipt_refused' | 'connection_lost' | 'lookup_lost' | 'busy'

type DeviceDeps = { memory: FiscalMemory; clock: Clock; timeOf: (nowMs: number) => DocumentTime }

export class MockDevice {
  readonly #clock: DeviceClock

  constructor(private readonly deps: DeviceDeps) {
    this.#clock = new DeviceClock(deps.clock)
  }

  /** The device as it is now. */
  now(): Moment {
    const { memory, timeOf } = this.deps
    const device = memory.device()
    const nowMs = this.#clock.nowMs(device.fn.fnNumber, device.lastDocumentMs, offsetMs(device))
    return { ...device, nowMs, today: timeOf(nowMs).fiscalDatetime.slice(0, 'yyyy-mm-dd'.length) }
  }

  /** Does the work at once, in a transaction. Null when the device does not answer. */
  ask<T>(work: (device: Moment) => T): T | null {
    const { memory } = this.deps
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
  strikes(device: Moment, name: Counted): boolean {
    const { faults } = device
    if (faults[name] === 0) return false
    this.setFaults(device, { ...faults, [name]: faults[name] - 1 })
    return true
  }

  setFaults(device: Moment, faults: KktFaults): void {
    this.deps.memory.keepFaults(faults)
    device.faults = faults
  }

  /** Sets its clock, which ends the faults that hold it off. */
  setClock(device: Moment, toMs: number): void {
    this.deps.memory.keepClockOffset(toMs - (device.nowMs - offsetMs(device)))
    this.setFaults(device, { ...device.faults, clock_ahead_seconds: 0, clock_behind_seconds: 0 })
  }

  /** The OFD has all documents up to this FD, if that is the FN in the device. */
  confirmThrough({ fn, lastFdNumber, confirmedThroughFd }: Moment, fnNumber: string, fdNumber: number): void {
    const throughFd = Math.min(fdNumber, lastFdNumber)
    if (fn.fnNumber === fnNumber && throughFd > confirmedThroughFd) this.deps.memory.confirmThrough(throughFd)
  }

  /** The trouble that would stop the next receipt first. */
  troubleOf(device: Moment): KktTrouble | null {
    return this.strikes(device, 'busy') ? 'busy' : lastingTroubleOf(device)
  }
}

/** The same without `busy`, which counts down each time that it strikes. */
export function lastingTroubleOf(device: Moment): KktTrouble | null {
  const trouble = fnTroubleOf(device)
  if (trouble !== null) return trouble
  if (shiftOf(device).kind === 'expired') return 'shift_expired'
  return printerTroubleOf(device.faults)
}

/** By how much its clock is off, because it was set so or a fault holds it so. */
const offsetMs = ({ clockOffsetMs, faults }: Device): number =>
  clockOffsetMs + (faults.clock_ahead_seconds - faults.clock_behind_seconds) * 1000

export function printerTroubleOf(faults: KktFaults): 'cover_open' | 'printer_fault' | 'paper_out' | null {
  if (faults.cover_open) return 'cover_open'
  if (faults.printer_fault) return 'printer_fault'
  return faults.paper_out ? 'paper_out' : null
}

export function paperSupplyOf(faults: KktFaults): PaperSupply {
  if (faults.paper_out) return 'out'
  return faults.paper_near_end ? 'near_end' : 'present'
}

export function shiftOf({ shift, nowMs, faults }: Moment): ShiftState {
  if (shift.kind === 'closed') return { kind: 'closed', number: shift.shiftNumber }
  const { shiftNumber: number, openedAtMs } = shift
  const dueMs = openedAtMs + SHIFT_MAX_MS
  const expiresAtMs = faults.shift_expired ? Math.min(dueMs, nowMs) : dueMs
  return { kind: nowMs >= expiresAtMs ? 'expired' : 'opened', number, openedAtMs, expiresAtMs }
}
