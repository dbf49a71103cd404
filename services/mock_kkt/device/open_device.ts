import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { MockDevice, type Moment } from './device.ts'
import { documentTimes } from './document_time.ts'
import { type KktFaults, type KktFaultsChange, kktFaults, NO_FAULTS, withoutFnFaults } from './faults.ts'
import { Filing } from './filing.ts'
import { type FiscalMemory, openFiscalMemory } from './fiscal_memory.ts'
import type { TaxationSystems } from './registration.ts'
import { takingsOfOpenShift } from './report.ts'

const DEFAULT_TIME_ZONE = 'Europe/Moscow'

export type DeviceOptions = {
  kktNumber: string
  /** The zone of the KKT's clock, by its IANA name. @default 'Europe/Moscow' */
  timeZone?: string
  /** With which it is registered. @default those of its last registration; a new one leaves one out */
  taxationSystems?: TaxationSystems | undefined
  /** It hands its documents to the OFD by itself, the registration among them. @default false */
  deliversItself?: boolean
}

/** The device's faults. They outlive the process and hold for every process that drives the device. */
export type Faults = {
  current(): KktFaults
  /** @returns the whole resulting configuration */
  configure(change: KktFaultsChange): KktFaults
  reset(): void
}

export type ReplacedFn = { oldFnNumber: string; newFnNumber: string }

/** Begins to sign documents into the FN. */
export type FileAt = (state: Moment) => Filing

export type OpenDevice = ReturnType<typeof openDevice>

/**
 * The cash register itself: its memory, its clock, and the documents that it signs. A new one is registered.
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld, OthersBuffer when its memory cannot be used; RangeError for a zone
 * that does not exist
 */
export function openDevice(db: Database, options: DeviceOptions, clock: Clock) {
  const { kktNumber, timeZone = DEFAULT_TIME_ZONE, taxationSystems, deliversItself = false } = options
  const timeOf = documentTimes(timeZone)
  const memory = openFiscalMemory(db, kktNumber, taxationSystems)
  const device = new MockDevice({ memory, clock, timeOf })
  const fileAt: FileAt = (state) => new Filing({ memory, kktNumber, timeOf }, state)
  if (memory.device().lastFdNumber === 0) memory.transaction(() => register(device.now(), fileAt, !deliversItself))
  return {
    memory,
    device,
    fileAt,
    timeOf,
    faults: faultsOf(memory),
    /** Puts a new FN in and registers it. The shift is closed, and the drawer keeps its cash. @throws StorageFailure */
    replaceFn: (): ReplacedFn => memory.transaction(() => replaceFn(memory, device, fileAt, !deliversItself)),
  }
}

/** Registers a new FN, unless another process has done so meanwhile. */
function register(state: Moment, fileAt: FileAt, isAtOfd: boolean): void {
  if (state.lastFdNumber === 0) fileAt(state).register(isAtOfd)
}

function replaceFn(memory: FiscalMemory, device: MockDevice, fileAt: FileAt, isAtOfd: boolean): ReplacedFn {
  const before = device.now()
  memory.moveCash(takingsOfOpenShift(before, memory))
  memory.replaceFn()
  memory.keepFaults(withoutFnFaults(before.faults))
  const after = device.now()
  fileAt(after).register(isAtOfd)
  return { oldFnNumber: before.fn.fnNumber, newFnNumber: after.fn.fnNumber }
}

const faultsOf = (memory: FiscalMemory): Faults => ({
  current: () => memory.device().faults,
  configure: (change) =>
    memory.transaction(() => {
      const faults = kktFaults.parse({ ...memory.device().faults, ...change })
      memory.keepFaults(faults)
      return faults
    }),
  reset: () => memory.keepFaults(NO_FAULTS),
})
