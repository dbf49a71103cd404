import type { Fault } from '@kkt/fault-kit/fault.ts'
import type { Register } from '../register.ts'
import { clockOff } from './clock_off.ts'
import { createConditions } from './conditions.ts'
import { coverOpen } from './cover_open.ts'
import { fnBroken } from './fn_broken.ts'
import { fnExpired } from './fn_expired.ts'
import { fnFull } from './fn_full.ts'
import { fnSwapped } from './fn_swapped.ts'
import { notRegistered } from './not_registered.ts'
import { paperNearEnd } from './paper_near_end.ts'
import { paperOut } from './paper_out.ts'
import { printerFault } from './printer_fault.ts'
import { shiftExpired } from './shift_expired.ts'
import { unsent } from './unsent.ts'

/** The faults of the register behind the service, in the order in which the catalogue shows them. */
export function deviceFaults(register: Pick<Register, 'setFaults' | 'replaceFn'>): readonly Fault[] {
  const conditions = createConditions(register)
  return [
    paperOut(conditions),
    paperNearEnd(conditions),
    coverOpen(conditions),
    printerFault(conditions),
    shiftExpired(conditions),
    notRegistered(conditions),
    fnFull(conditions),
    fnExpired(conditions),
    fnBroken(conditions),
    fnSwapped(register),
    clockOff(conditions),
    unsent(conditions),
  ]
}
