import type { FencingToken } from '@kkt/adapter/src/domain/fencing_token.ts'
import type { MockDevice, Moment } from '../device/device.ts'
import type { FiscalMemory } from '../device/fiscal_memory.ts'
import { NO_ANSWER, NO_MEMORY, outdated } from './answers.ts'

type NotServed = typeof NO_ANSWER | ReturnType<typeof outdated>
export type Exchange = <T>(token: FencingToken, work: (device: Moment) => T) => T | NotServed

/**
 * Does the work at once for the holder of the newest token. Noting a newer token and doing the work are one transaction, so
 * nothing of an older holder can come after it.
 */
export const exchangeWith =
  ({ memory, device }: { memory: FiscalMemory; device: MockDevice }): Exchange =>
  (token, work) => {
    try {
      return memory.transaction(() => {
        const now = device.now()
        if (now.faults.gone) return NO_ANSWER
        if (token < now.newestToken) return outdated(now.newestToken)
        if (token > now.newestToken) memory.raiseToken(token)
        return work(now)
      })
    } catch {
      return NO_MEMORY
    }
  }
