import type { Config } from '@kkt/adapter/src/config.ts'
import { createAtolDriver } from '@kkt/adapter/src/kkt/atol/driver.ts'
import type { KktDriver } from '@kkt/adapter/src/kkt/driver.ts'
import type { AtolSettings } from '@kkt/adapter/src/kkt_variables.ts'
import { createDriverJournal, type DriverJournal } from '@kkt/adapter/src/printing/driver_journal.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import type { TillSettings } from '@kkt/adapter/src/till_settings.ts'
import { ALL_OTHERS } from '@kkt/adapter/src/tills_file.ts'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'

/** The cash register as one process drives it. */
export type OpenedKkt = { driver: KktDriver; driverJournal: DriverJournal | null }

/** The KKT inside the process. */
export const openMock = (
  db: Database,
  { kktId, kkt }: Config,
  deps: { clock: Clock; random: () => number },
): OpenedKkt => ({ driver: openMockKkt(db, { kktNumber: kktId, ...kkt }, deps), driverJournal: null })

type AtolDeps = {
  clock: Clock
  logger: Logger
  tills: TillSettings
  send: (request: Request) => Promise<Response>
  newUuid: () => string
}

/** ATOL's driver, as open_kkt.ts makes it. */
export function openAtol({ url, account, device }: AtolSettings, kktNumber: string, deps: AtolDeps): OpenedKkt {
  const { tills, ...others } = deps
  const driverJournal = createDriverJournal()
  const driver = createAtolDriver({
    ...others,
    url,
    ...account,
    device,
    kktNumber,
    cashier: () => tills.of(ALL_OTHERS).ofReceipt.cashier ?? null,
    attempts: driverJournal.attempts,
    receipt: driverJournal.receipt,
    signOf: driverJournal.signOf,
  })
  return { driver, driverJournal }
}
