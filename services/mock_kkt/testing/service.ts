/** The service in its initial state, for one test, and the operations of a client on it. */

import { newKktDatabase, requestsDatabase } from '@kkt/adapter/src/testing/memory_database.ts'
import { asking, createKeptLog } from '@kkt/fault-kit/testing.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { openRegister } from '../device/open_register.ts'
import { deviceFaults } from '../faults/device.ts'
import { createKktService, type ServiceDeps } from '../service.ts'
import { results } from '../wire/schema.ts'
import { sharedKktService } from './shared.ts'
import { tinyExecutor } from './tiny_executor.ts'

const START_MS = 1_769_860_800_500
const ACCOUNT = { login: 'kkt', password: 'Mock-register-1' }
export const basic = (login: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
})
export const AUTH = basic(ACCOUNT.login, ACCOUNT.password)
/** Longer than any task of the tiny executor takes. */
export const TASK_MS = 500

export const uuidOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
export const sale = { type: 'sell', total: 100 }

/** With routes of its own: on a port, and where a schema is a part, as an import's and the documents' are. */
export const buildWhole = (change: Partial<ServiceDeps> = {}) => build(change, createKktService)

export function build(change: Partial<ServiceDeps> = {}, start: typeof sharedKktService = sharedKktService) {
  const clock = new TestClock(START_MS)
  const log = createKeptLog()
  const executor = tinyExecutor()
  const register = openRegister(newKktDatabase(), { kktNumber: 'KKT-001' }, { clock })
  const told: { url: string; body: object }[] = []
  const mock = start({
    clock,
    logger: log.logger,
    executor,
    register,
    deviceFaults: deviceFaults(register),
    db: requestsDatabase(),
    account: ACCOUNT,
    startsActive: true,
    tell: async (url, body) => void told.push({ url, body }),
    ...change,
  })
  const ask = asking(mock.app)
  const asClient = (method: string, path: string, body?: unknown) => ask(method, path, body, { headers: AUTH })
  const post = (n: number, ...tasks: unknown[]) =>
    asClient('POST', '/api/v2/requests', { uuid: uuidOf(n), request: tasks.length > 0 ? tasks : [sale] })
  const get = (n: number) => asClient('GET', `/api/v2/requests/${uuidOf(n)}`)
  return {
    ...mock,
    clock,
    log,
    executor,
    told,
    ask,
    asClient,
    post,
    get,
    /** The statuses of a request's tasks. */
    statuses: async (n: number): Promise<string[]> => {
      const { status, body } = await get(n)
      return status === 200 ? results.parse(body).results.map((one) => one.status) : [String(status)]
    },
    config: (to: unknown) => ask('POST', '/_test/config', to),
    cancel: (n: number) => asClient('DELETE', `/api/v2/requests/${uuidOf(n)}`),
    queueStatus: async () => (await asClient('GET', '/api/v2/getRequestsQueueStatus')).body,
    advance: (ms: number) => clock.advance(ms),
    settle,
  }
}
