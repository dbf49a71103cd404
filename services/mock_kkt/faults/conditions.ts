import { defineFault, type Fault } from '@kkt/fault-kit/fault.ts'
import type { KktFaultsChange } from '../device/faults.ts'
import type { Register } from '../register.ts'

/** The conditions of the device that faults hold, as they are without any. */
const NONE: KktFaultsChange = {
  paper_out: false,
  paper_near_end: false,
  cover_open: false,
  printer_fault: false,
  shift_expired: false,
  not_registered: false,
  fn_full: false,
  fn_expired: false,
  fn_broken: false,
  unsent_for_days: 0,
  clock_ahead_seconds: 0,
  clock_behind_seconds: 0,
}

export type Conditions = ReturnType<typeof createConditions>

/**
 * The conditions of the device. Where several faults hold the same, the newest wins. Those of an earlier process have ended.
 * Each touches its own only, because the device itself ends some: closing a shift that has expired does.
 */
export function createConditions(register: Pick<Register, 'setFaults'>) {
  const held: KktFaultsChange[] = []
  register.setFaults(NONE)

  function letGo(condition: KktFaultsChange): void {
    held.splice(held.indexOf(condition), 1)
    const left = Object.assign({}, NONE, ...held)
    register.setFaults(Object.fromEntries(Object.keys(condition).map((name) => [name, left[name]])))
  }

  return {
    /** @returns lets go of it */
    hold(condition: KktFaultsChange): () => void {
      held.push(condition)
      register.setFaults(condition)
      return () => letGo(condition)
    },
  }
}

/** A fault that the device has for as long as it is switched on. */
export const conditionFault = (
  conditions: Conditions,
  { name, summary, condition }: { name: string; summary: string; condition: KktFaultsChange },
): Fault =>
  defineFault({
    name,
    summary,
    example: true,
    stage: 'arrival',
    operation: 'any',
    takes: 'switch',
    parameters: {},
    begin: (_parameters, { whenOver, struck }) => {
      whenOver(conditions.hold({ ...condition }))
      struck()
      return () => undefined
    },
  })
