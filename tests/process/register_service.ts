/** The mock of ATOL's service with a register, on a port of this process. */
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { createMockKkt } from '@kkt/mock-kkt/app.ts'
import { openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { type Listening, serve } from '@kkt/platform/serve.ts'

export const ACCOUNT = { login: 'kkt', password: 'Mock-register-1' }

const servers: Listening[] = []

export async function stopServices(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.stop('now')))
}

/** `url`: of the service. It has the account above. */
export async function startRegister({ startsActive = true } = {}) {
  const clock = systemClock
  const options = { kktNumber: 'KKT-001', timeZone: 'Europe/Moscow' }
  const register = openRegister(openDatabase(':memory:'), options, { clock })
  const { app } = createMockKkt({
    clock,
    logger: createLogger('mock_kkt', 'error'),
    register,
    times: { receiptMinMs: 0, receiptMaxMs: 0 },
    db: openDatabase(':memory:'),
    account: ACCOUNT,
    startsActive,
  })
  const server = await serve(app.fetch, { hostname: '127.0.0.1', port: 0 })
  servers.push(server)
  return { register, url: `http://127.0.0.1:${server.port}` }
}
