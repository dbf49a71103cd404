/** Tasks as a client sends them, and the driver of a register. */

import type { KktFaultsChange } from '../../device/faults.ts'
import type { DeviceOptions } from '../../device/open_device.ts'
import { OPERATOR, POSITION, SALE } from '../../docs/examples.ts'
import type { Blocked, TaskEnd, TaskFault } from '../../executor.ts'
import { setUp as setUpRegister } from '../../testing/registers.ts'
import { createExecutor } from '../executor.ts'

/** As the documents show them. */
export { OPERATOR, POSITION, SALE }

/** A sale with some fields of its position, of its total and payment as well. */
export const saleOf = (position: object, total = 1250, more: object = {}) => ({
  ...SALE,
  items: [{ ...POSITION, price: total, amount: total, ...position }],
  payments: [{ type: 'cash', sum: total }],
  total,
  ...more,
})

type Told = { fault?: TaskFault | null; blocksOnPrintErrors?: boolean }

let uuids = 0

export function setUp(options: Partial<DeviceOptions> = {}) {
  const { register, clock } = setUpRegister(options)
  const executor = createExecutor(register, { receiptMinMs: 200, receiptMaxMs: 500 })
  const run = (task: unknown, { fault = null, blocksOnPrintErrors = false }: Told = {}): TaskEnd =>
    executor.run(task, { uuid: `uuid-${++uuids}`, fault, blocksOnPrintErrors })
  return {
    register,
    clock,
    /** Sets faults of the device. */
    set: (change: KktFaultsChange) => register.setFaults(change),
    executor,
    run,
    /** The code that the task ends with, or 0. */
    code: (task: unknown, told: Told = {}): number => codeOf(run(task, told)),
    /** The result of a task that is ready. */
    result(task: unknown, told: Told = {}): object | null {
      const end = run(task, told)
      if (end.status !== 'ready') throw new Error(`the task ended as ${JSON.stringify(end)}`)
      return end.result
    },
    blocked(task: unknown, told: Told): Blocked {
      const end = run(task, told)
      if (end.status !== 'blocked') throw new Error(`the task ended as ${JSON.stringify(end)}`)
      return end.blocked
    },
  }
}

const codeOf = (end: TaskEnd): number => (end.status === 'error' ? end.error.code : 0)
