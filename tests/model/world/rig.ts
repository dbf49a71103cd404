import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { type MockKkt, openMockKkt } from '@kkt/adapter/src/kkt/mock/mock_kkt.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { Disk } from './disk.ts'
import { Front } from './front.ts'
import { SimProcess } from './process.ts'
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
  fronts: readonly [Front, Front]
}

export function createRig(): Rig {
  const time = new SimTime()
  const clock = time.clockOf(new SimProcess('the device', time))
  const journalDisk = new Disk(openDatabase(':memory:'))
  const kktDisk = new Disk(openDatabase(':memory:'))
  createJournal(journalDisk.db, { clock, maxUndelivered: 1 })
  const kkt = openMockKkt(kktDisk.db, { kktNumber: KKT_ID, ...PRINTING }, { clock, random: () => 0 })
  journalDisk.remember()
  kktDisk.remember()
  return { journalDisk, kktDisk, kkt, fronts: [new Front(), new Front()] }
}
