import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { testControl } from '@kkt/fault-kit/control.ts'
import { controlPage } from '@kkt/fault-kit/control_page.ts'
import { createFaultKit } from '@kkt/fault-kit/kit.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { docs } from '@kkt/platform/docs/routes.ts'
import { errorAnswers } from '@kkt/platform/error_answers.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { ANY_HOST } from '@kkt/platform/serve.ts'
import { Elysia } from 'elysia'
import { documentsTaken } from './documents_taken.ts'
import { createLedger } from './ledger.ts'
import manifest from './package.json' with { type: 'json' }
import { ofdProtocol } from './protocol.ts'
import { registerProtocol } from './register_protocol.ts'

const { version } = manifest

export const CONTROL = '/ofd/v1/_test'

/** An OFD that fails on demand. `app.fetch` serves it, in this process or behind a port. */
export function createMockOfd({ clock, logger }: { clock: Clock; logger: Logger }) {
  const ledger = createLedger(clock)
  const kit = createFaultKit({ service: 'OFD', counted: 'receipts', catalogue: receiptFaults, clock, ledger })

  const base = new Elysia(ANY_HOST)
  const app = base
    .use(errorAnswers({ logger, routes: () => base.routes, onProblem: kit.onProblem }))
    .use(ofdProtocol({ kit, ledger, logger }))
    .use(registerProtocol({ kit, ledger, logger }))
    .use(documentsTaken(ledger, CONTROL))
    .use(testControl(kit, CONTROL))
    .use(controlPage(kit, CONTROL))
    .use(docs({ app: base, book: async () => (await import('./docs/book.ts')).ofdBook(kit), version }))
  return { app, listenOn: kit.connections.listenOn, callsUnderWay: kit.callsUnderWay }
}
