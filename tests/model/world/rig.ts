import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { type MockKkt, openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { Disk } from './disk.ts'
import { Front } from './front.ts'
import { SimProcess } from './process.ts'
import { RegisterService } from './register_service.ts'
import { SimTime } from './time.ts'

export const KKT_ID = 'KKT-001'
/** The time that a document prints. */
export const PRINTING = { printDelayMinMs: 100, printDelayMaxMs: 300 }

/** Parts that are expensive to make and serve all histories. */
export type Rig = {
  journalDisk: Disk
  kktDisk: Disk
  /** The device, apart from the processes that drive it. */
  kkt: MockKkt
  /** The same device by another clock. */
  kktBy: (clock: Clock) => MockKkt
  /** A register behind its service, for the worlds that have one. */
  register: () => RegisterService
  fronts: readonly [Front, Front]
}

export function createRig(): Rig {
  const time = new SimTime()
  const clock = time.clockOf(new SimProcess('the device', time))
  const journalDisk = new Disk(openDatabase(':memory:'))
  const kktDisk = new Disk(openDatabase(':memory:'))
  createJournal(journalDisk.db, { clock, maxUndelivered: 1 })
  const kktBy = (by: Clock) =>
    openMockKkt(kktDisk.db, { kktNumber: KKT_ID, ...PRINTING }, { clock: by, random: () => 0 })
  const kkt = kktBy(clock)
  journalDisk.remember()
  kktDisk.remember()
  let service: RegisterService | null = null
  const register = () => {
    service ??= new RegisterService()
    return service
  }
  return { register, journalDisk, kktDisk, kkt, kktBy, fronts: [new Front(), new Front()] }
}
