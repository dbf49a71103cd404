import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { createFaultRegistry } from '@kkt/fault-kit/registry.ts'
import { createWaitRoom } from '@kkt/fault-kit/wait_room.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problems } from '@kkt/platform/problem.ts'
import { ANY_HOST } from '@kkt/platform/serve.ts'
import { Elysia } from 'elysia'
import { ofdControl } from './control.ts'
import { createLedger } from './ledger.ts'
import { ofdProtocol } from './protocol.ts'

/** An OFD that fails on demand. `app.fetch` serves it, in this process or behind a port. */
export function createMockOfd({ clock, logger }: { clock: Clock; logger: Logger }) {
  const faults = createFaultRegistry('OFD', receiptFaults, clock)
  const waitRoom = createWaitRoom({ clock, count: () => ledger.count() })
  const ledger = createLedger({ clock, onTaken: waitRoom.changed })

  const base = new Elysia(ANY_HOST)
  const app = base
    .use(problems({ logger, routes: () => base.routes }))
    .use(ofdProtocol({ faults, ledger, logger }))
    .use(ofdControl({ faults, ledger, waitRoom }))
  return { app }
}
