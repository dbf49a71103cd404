import { randomUUID } from 'node:crypto'
import { FISCAL_MEMORY, FN_PAGE_BYTES } from '@kkt/mock-kkt/device/fiscal_memory.ts'
import type { MockKkt, openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import type { Way } from '@kkt/platform/fetch.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { Config } from './config.ts'
import type { PaceKeeper } from './http/pace.ts'
import type { KktDriver } from './kkt/driver.ts'
import type { AtolSettings } from './kkt_variables.ts'
import { createDriverJournal, type DriverJournal } from './printing/driver_journal.ts'
import type { Database } from './sqlite/database.ts'
import { refuseUnfit } from './sqlite/fitness.ts'
import type { TillSettings } from './till_settings.ts'
import { ALL_OTHERS } from './tills_file.ts'

/** The cash register, by KKT_MODE. */
export type OpenedKkt =
  /** `path`: the file of its memory. */
  | { kind: 'mock'; driver: MockKkt; path: string }
  /** `journal`: what the driver needs of it, to be opened with it. */
  | { kind: 'atol'; driver: KktDriver; journal: DriverJournal }

/** The functions through which a cash register is reached. */
type KktHands = {
  openDatabase: (path: string, pageBytes?: number) => Database
  openMockKkt: typeof openMockKkt
  sendToKkt: (request: Request, way: Way) => Promise<Response>
  random: () => number
}

type KktDeps = { config: Config; pace: PaceKeeper; clock: Clock; logger: Logger; tills: TillSettings }

/** Opens the cash register that the settings name. A real one is reached at its first request. @throws StorageFailure */
export async function openKkt(hands: KktHands, deps: KktDeps): Promise<OpenedKkt> {
  const { register } = deps.config.kkt
  if (register.kind === 'atol') return await openAtol(hands, register, deps)
  return { kind: 'mock', driver: openMock(hands, register.path, deps), path: register.path }
}

async function openAtol(
  { sendToKkt }: KktHands,
  { url, ca, account, device }: AtolSettings,
  { config, clock, logger, tills }: KktDeps,
): Promise<OpenedKkt> {
  // Loaded on demand: most processes have a mock.
  const { createAtolDriver } = await import('./kkt/atol/driver.ts')
  const journal = createDriverJournal()
  const driver = createAtolDriver({
    url,
    ...account,
    device,
    kktNumber: config.kktId,
    clock,
    logger,
    newUuid: randomUUID,
    // A register is near, so that no proxy is between.
    send: (request) => sendToKkt(request, { proxy: null, ca }),
    cashier: () => tills.of(ALL_OTHERS).ofReceipt.cashier ?? null,
    attempts: journal.attempts,
    receipt: journal.receipt,
    signOf: journal.signOf,
  })
  return { kind: 'atol', driver, journal }
}

function openMock({ openDatabase, openMockKkt, random }: KktHands, path: string, { config, pace }: KktDeps): MockKkt {
  refuseUnfit(path, FISCAL_MEMORY, { kktId: config.kktId })
  const options = {
    kktNumber: config.kktId,
    timeZone: config.kkt.timeZone,
    get printDelayMinMs() {
      return pace.now.printDelayMinMs
    },
    get printDelayMaxMs() {
      return pace.now.printDelayMaxMs
    },
  }
  return openMockKkt(openDatabase(path, FN_PAGE_BYTES), options, { clock: systemClock, random })
}
