import { runMock } from '@kkt/fault-kit/run_mock.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { fetchOver } from '@kkt/platform/fetch.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { settingsOrExit } from '@kkt/platform/settings.ts'
import { openDatabase } from '#sqlite'
import { createMockKkt } from './app.ts'
import { FN_PAGE_BYTES } from './device/fiscal_memory.ts'
import { openRegister } from './device/open_register.ts'
import { createOfdDelivery } from './ofd/delivery.ts'
import type { Register } from './register.ts'
import { ownSettings, readState, SECRETS } from './settings.ts'

const settings = settingsOrExit(ownSettings, SECRETS)

/** The register's own name in its documents. */
const KKT_NUMBER = 'KKT-001'

const { register, db } = readState(settings.STATE_PATH, ({ registerPath, requestsPath }) => {
  const { KKT_TIMEZONE: timeZone, TAXATION_SYSTEMS: taxationSystems } = settings
  const options = { kktNumber: KKT_NUMBER, timeZone, taxationSystems }
  return {
    register: openRegister(openDatabase(registerPath, FN_PAGE_BYTES), options, { clock: systemClock }),
    db: openDatabase(requestsPath),
  }
})

void runMock('mock_kkt', 16_732, ({ clock, logger }) => {
  const { KKT_LOGIN: login, KKT_PASSWORD: password, DEVICE, OFD_API_URL: url } = settings
  const onWorked = url === undefined ? () => undefined : deliver(register, url, { clock, logger })
  return createMockKkt({
    clock,
    logger,
    register,
    db,
    account: { login, password },
    startsActive: DEVICE === 'active',
    times: { receiptMinMs: settings.KKT_PRINT_DELAY_MIN, receiptMaxMs: settings.KKT_PRINT_DELAY_MAX },
    onWorked,
  })
})

/** Hands the register's documents over to the OFD. @returns says that there may be a new one */
function deliver(from: Register, url: string, deps: { clock: Clock; logger: Logger }): () => void {
  const send = (request: Request) => fetchOver(request, 'fresh')
  const delivery = createOfdDelivery({ ...deps, register: from, url, send, random: Math.random })
  delivery.start()
  return delivery.nudge
}
