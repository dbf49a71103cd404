/** Faults for the service of a cash register, drawn from its catalogue. */
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { kktFaults } from '@kkt/mock-kkt/catalogue.ts'
import { deviceFaults } from '@kkt/mock-kkt/faults/device.ts'
import { type Draw, pick } from '../crash/plan.ts'
import { between, type Calls, type FieldsOf } from './fault_plans.ts'

const service = { restart: () => undefined, deleteResults: () => undefined }
const register = { setFaults: () => undefined, replaceFn: () => ({ oldFnNumber: '', newFnNumber: '' }) }

/** The adapter asks for results, and names no address for them. */
export const REGISTER_FAULTS: readonly Fault[] = kktFaults(service, deviceFaults(register)).filter(
  ({ name }) => name !== 'callback_lost',
)

/**
 * Errors of each kind in ATOL's list: busy, without paper, in another mode, wrong receipt, connection lost, document not found,
 * and one that the adapter does not know.
 */
const ERRORS = [55, 44, 12, 60, 2, 4, 123, 900]
/** Lost connections, after which the service asks the register what became of the document. */
const CONNECTION_ERRORS = [2, 4]

/** A count that questions use up would strike no document. */
const receipts = (draw: Draw) => ({ match: { task: pick(['sell', 'sell', 'sellReturn', 'sellCorrection'], draw) } })

const FIELDS: FieldsOf = {
  task_error: (draw) => ({
    ...receipts(draw),
    code: pick(ERRORS, draw),
    at: pick(['open', 'position', 'close'], draw),
  }),
  blocked: (draw) => ({
    ...receipts(draw),
    made: draw(2) === 0,
    seconds: between(draw, 0.1, 2),
    code: pick(CONNECTION_ERRORS, draw),
  }),
  slow: (draw) => ({ ...receipts(draw), seconds: between(draw, 0.1, 2) }),
  not_printed: receipts,
  close_fails_but_closed: receipts,
  restart: (draw) => ({
    seconds: between(draw, 0.1, 1.5),
    queue: pick(['kept', 'lost'], draw),
    made: draw(2) === 0,
  }),
  results_deleted: () => ({ seconds: 1 }),
  fn_swapped: () => ({ seconds: 1 }),
  // A document by a clock that is ahead would leave the register waiting for that time.
  clock_off: (draw) => ({ seconds: -between(draw, 60, 7200) }),
  unsent: (draw) => ({ days: 30 + draw(10) }),
}

/** The calls of the adapter, and the tasks that it sends. */
export const REGISTER_CALLS: Calls = {
  fields: FIELDS,
  matches: ({ operation }: Fault, draw: Draw) =>
    operation === 'any' ? [{ operation: pick(['submit', 'lookup'], draw) }] : [],
}
