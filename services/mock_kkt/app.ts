import { deviceFaults } from './faults/device.ts'
import type { Register } from './register.ts'
import { createKktService, type ServiceDeps } from './service.ts'
import { createExecutor, type TaskTimes } from './tasks/executor.ts'

export type MockKktDeps = Omit<ServiceDeps, 'executor' | 'register' | 'deviceFaults'> & {
  register: Register
  /** So long its tasks take. */
  times: TaskTimes
}

/** A cash register on the wire of ATOL's Web Requests that fails on demand. `app.fetch` serves it. */
export const createMockKkt = (deps: MockKktDeps) => createKktService(onDevice(deps))

/** The service's parts around a register that takes its time. */
export const onDevice = ({ register, times, ...deps }: MockKktDeps): ServiceDeps => ({
  ...deps,
  register,
  executor: createExecutor(register, times),
  deviceFaults: deviceFaults(register),
})
