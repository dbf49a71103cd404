import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { testControl } from '@kkt/fault-kit/control.ts'
import { controlPage } from '@kkt/fault-kit/control_page.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { createFaultKit } from '@kkt/fault-kit/kit.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { docs } from '@kkt/platform/docs/routes.ts'
import { errorAnswers } from '@kkt/platform/error_answers.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { ANY_HOST } from '@kkt/platform/serve.ts'
import { Elysia } from 'elysia'
import { type Tell, tellClient } from './callbacks.ts'
import { kktFaults } from './catalogue.ts'
import { type Archive, controlRoutes } from './control.ts'
import { createDesk } from './desk.ts'
import { createDevices } from './devices.ts'
import type { Executor } from './executor.ts'
import { openRequests } from './journal/requests.ts'
import { createLedger } from './ledger.ts'
import manifest from './package.json' with { type: 'json' }
import { firstTypeIn } from './queue/made.ts'
import { createServiceSettings } from './service_settings.ts'
import { type Account, createAuth } from './wire/auth.ts'
import { deviceRoutes } from './wire/device_routes.ts'
import { requestRoutes } from './wire/request_routes.ts'
import { serviceRoutes } from './wire/service_routes.ts'

const { version } = manifest

export const CONTROL = '/_test'
const API = '/api/v2'

export type ServiceDeps = {
  clock: Clock
  logger: Logger
  executor: Executor
  register: Archive
  /** Of the register behind the service. */
  deviceFaults: readonly Fault[]
  /** For the requests, the settings and the devices of the service. */
  db: Database
  account: Account
  /** Whether a new service has an active device. */
  startsActive: boolean
  /** Posts a callback. @default over the network */
  tell?: Tell
  /** Called when a task may have made a document. */
  onWorked?: () => void
}

/** The service around a register: its routes, its queue and its faults. */
export function createKktService(deps: ServiceDeps) {
  const parts = kktParts(deps)
  return { app: kktApp(parts), ...doings(parts) }
}

export type KktParts = ReturnType<typeof kktParts>

/** All of the service but its routes. Its queue works from now on. */
export function kktParts(deps: ServiceDeps) {
  const { clock, logger, executor, register, db, account, startsActive, tell = tellClient(logger) } = deps
  const { onWorked = () => undefined } = deps
  const journal = openRequests(db)
  const settings = createServiceSettings(journal)
  const devices = createDevices(journal, startsActive)
  const ledger = createLedger(journal, { reset: () => desk.reset(), restored: () => desk.start() })
  const catalogue = kktFaults(
    { restart: (how) => void desk.restart(how), deleteResults: () => desk.deleteResults() },
    deps.deviceFaults,
  )
  const kit = createFaultKit({ service: 'KKT', counted: 'receipts', catalogue, clock, ledger, taskIn: firstTypeIn })
  const desk = createDesk({ clock, logger, executor, journal, settings, devices, kit, tell, onWorked })
  desk.start()
  return { kit, auth: createAuth(account), desk, devices, settings, journal, register, logger }
}

export function kktApp(parts: KktParts) {
  const { kit, journal, register, logger } = parts
  const base = new Elysia(ANY_HOST)
  return base
    .use(errorAnswers({ logger, routes: () => base.routes, onProblem: kit.onProblem }))
    .use(requestRoutes({ ...parts, prefix: API, isHidden: false }))
    .use(requestRoutes({ ...parts, prefix: '', isHidden: true }))
    .use(deviceRoutes({ ...parts, prefix: API }))
    .use(serviceRoutes({ ...parts, prefix: API }))
    .use(controlRoutes({ kit, journal, register, prefix: CONTROL }))
    .use(testControl(kit, CONTROL))
    .use(controlPage(kit, CONTROL, { forPrograms: () => new Response('Mock KKT\n') }))
    .use(docs({ app: base, book: async () => (await import('./docs/book.ts')).kktBook(kit), version }))
}

/** The service beside its routes. */
export const doings = ({ kit }: KktParts) => ({
  listenOn: kit.connections.listenOn,
  callsUnderWay: kit.callsUnderWay,
})
