import type { Clock } from '@kkt/platform/clock.ts'
import type { Drained } from './drain.ts'
import type { Kill } from './plan.ts'
import type { RegisterGround } from './register_ground.ts'

export type Ended = { kill: Kill; how: 'reached' | 'missed' | 'at an instant' }

export type Outcome = Drained & {
  ended: Ended[]
  /** The lines of the starts that were refused because the journal had lost something. */
  refusals: string[]
  /** The number of times that each damage was done to the buffer's files. */
  damages: Record<'wal_flipped' | 'wal_lost' | 'moved_away', number>
  /** How often each deed was done at a register of its own, and each fault put on, and what its operator settled. Null without one. */
  register: RegisterReport | null
  /** From a process's start to its first answer. */
  slowestStartMs: number
  /** From a process's start to the first receipt that it delivers or fails to deliver. */
  slowestMoveMs: number
}

export type RegisterReport = { done: ReadonlyMap<string, number>; settled: RegisterGround['operator']['counts'] }

export type CrashOptions = {
  kills: number
  /** The cash register: the adapter's own mock, or one behind ATOL's service. @default 'in_process' */
  kkt?: 'in_process' | 'register'
  seed: number
  /** It holds the buffer, the KKT's memory and the logs. */
  folder: string
  onKill?: (ended: Ended, count: number) => void
  /** Told how far a long step at the end of the run is. */
  onProgress?: (line: string) => void
  clock?: Clock
}
