import type { TaskEnd, TaskFault } from '../executor.ts'
import type { Register, RegisterState } from '../register.ts'
import { DriverError, taskError } from './errors.ts'
import type { Task } from './task.ts'

type Act = Extract<Task, { kind: 'act' }>

/** Does a task that makes no document. Where the connection breaks during it, it is not done. */
export function runAct(register: Register, { prints, act }: Act, fault: TaskFault | null): TaskEnd {
  if (fault?.kind === 'error' || fault?.kind === 'blocked') return { status: 'error', error: taskError(fault.code) }
  const state = register.state()
  if (state.trouble === 'busy') throw new DriverError(55)
  if (prints) checkPrinter(state)
  const { result, warnings = null } = act(register)
  return { status: 'ready', result, warnings }
}

function checkPrinter({ paper, isCoverOpen, trouble }: RegisterState): void {
  if (isCoverOpen) throw new DriverError(45)
  if (trouble === 'printer_fault') throw new DriverError(46)
  if (paper === 'out') throw new DriverError(44)
}
