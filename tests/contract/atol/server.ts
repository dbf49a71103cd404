import { onTestFinished } from 'bun:test'
import { newKktDatabase, requestsDatabase } from '@kkt/adapter/src/testing/memory_database.ts'
import { openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import { sharedMockKkt } from '@kkt/mock-kkt/testing/shared.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import type { Fixture } from './fixtures/fixture.ts'
import type { Server } from './wire.ts'

const ACCOUNT = { login: 'till', password: 'Ten-and-2-more' }

type Start = { device?: 'none'; taxationSystems?: NonNullable<Fixture['taxationSystems']> }

/** Where the tables touch the mock: everything else goes by the wire. */
export function newServer({ device, taxationSystems }: Start = {}): Server {
  const clock = new TestClock()
  const register = openRegister(newKktDatabase(), { kktNumber: 'KKT-001', taxationSystems }, { clock })
  onTestFinished(() => register.close())
  const { app } = sharedMockKkt({
    clock,
    logger: createLogger('contract', 'error', () => undefined),
    register,
    db: requestsDatabase(),
    account: ACCOUNT,
    startsActive: device !== 'none',
    times: { receiptMinMs: 200, receiptMaxMs: 500 },
  })
  return { handle: (request) => app.handle(request), clock, ...ACCOUNT, control: '/_test' }
}
