import { testControl } from '@kkt/fault-kit/control.ts'
import type { FaultRegistry } from '@kkt/fault-kit/registry.ts'
import type { WaitRoom } from '@kkt/fault-kit/wait_room.ts'
import type { ReceiptLedger } from './ledger.ts'

/** The tests' side: how the OFD shall behave, and what it has got. */
export const ofdControl = (deps: { faults: FaultRegistry; ledger: ReceiptLedger; waitRoom: WaitRoom }) =>
  testControl({ ...deps, prefix: '/ofd/v1/_test', counted: 'receipts', filter: 'pos_id' })
