import type { KktState, KktTrouble, ShiftReport } from '@kkt/adapter/src/domain/kkt.ts'
import { type Moment, paperSupplyOf, shiftOf } from './device.ts'
import type { FiscalMemory } from './fiscal_memory.ts'
import { fnFlagsOf, unsentOf, validityOf } from './fn_life.ts'

/** The cash that the open shift's receipts have brought, less what they have paid out. Call it inside a transaction. */
export function takingsOfOpenShift({ fn, shift }: Moment, memory: FiscalMemory): number {
  if (shift.kind === 'closed') return 0
  return memory.counters.takings(fn.fnNumber, shift.shiftNumber)
}

/** The cash in the drawer. Call it inside a transaction. */
export const cashOf = (state: Moment, memory: FiscalMemory): number =>
  state.drawerKopecks + takingsOfOpenShift(state, memory)

/** The same; null where the KKT does not count it. Call it inside a transaction. */
export const drawerOf = (state: Moment, memory: FiscalMemory): number | null =>
  state.faults.keeps_no_drawer_sum ? null : cashOf(state, memory)

/** The counters of the open shift, or of the last one. Call it inside a transaction. */
export const reportOf = (state: Moment, memory: FiscalMemory): ShiftReport => ({
  shift: shiftOf(state),
  totals: memory.counters.of(state.fn.fnNumber, state.shift.shiftNumber).totals,
  drawerKopecks: drawerOf(state, memory),
  clockMs: state.nowMs,
})

/** The KKT's report of itself. Call it inside a transaction. */
export function stateOf(state: Moment, trouble: KktTrouble | null, kktNumber: string, memory: FiscalMemory): KktState {
  const { ffdVersion, registrationNumber, serialNumber, taxationSystems } = state.registration
  const { validUntil, daysLeft } = validityOf(state)
  return {
    kktNumber,
    fnNumber: state.fn.fnNumber,
    shiftNumber: state.shift.shiftNumber,
    lastFdNumber: state.lastFdNumber,
    trouble,
    shift: shiftOf(state),
    drawerKopecks: drawerOf(state, memory),
    fnValidUntil: validUntil,
    fnDaysLeft: daysLeft,
    fnFlags: fnFlagsOf(state),
    unsent: unsentOf(state),
    clockMs: state.nowMs,
    paperSupply: paperSupplyOf(state.faults),
    ffdVersion,
    registrationNumber,
    serialNumber,
    taxationSystems,
  }
}
