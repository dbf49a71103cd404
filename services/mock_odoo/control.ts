import { testControl } from '@kkt/fault-kit/control.ts'
import type { FaultRegistry } from '@kkt/fault-kit/registry.ts'
import type { WaitRoom } from '@kkt/fault-kit/wait_room.ts'
import type { HeartbeatLedger } from './ledger.ts'

/** The tests' side: how Odoo shall behave, and what it has got. */
export const odooControl = (deps: { faults: FaultRegistry; ledger: HeartbeatLedger; waitRoom: WaitRoom }) =>
  testControl({ ...deps, prefix: '/api/v1/_test', counted: 'heartbeats', filter: 'kkt_id' })
