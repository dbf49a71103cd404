import { errorFields } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../../domain/fencing_token.ts'
import type { KktTask, ToFiscalize } from '../../domain/kkt_outcome.ts'
import type { ReceiptId } from '../../domain/receipt.ts'
import type { KktDriver } from '../driver.ts'
import { refusalBy } from './capabilities.ts'
import { type AtolClientDeps, createAtolClient } from './client.ts'
import { unknown } from './outcomes.ts'
import { createReceipts, type WorkDeps } from './receipts.ts'
import { createRegister } from './register.ts'
import { createRequests, type RequestsDeps } from './requests.ts'
import { createTasks } from './tasks.ts'

export type AtolDeps = AtolClientDeps &
  Pick<RequestsDeps, 'logger' | 'newUuid'> &
  Pick<WorkDeps, 'attempts' | 'receipt' | 'signOf' | 'cashier'> & {
    /** The shop's own number for the KKT. */
    kktNumber: string
  }

/** A cash register of ATOL behind its Web Requests. No token fences it: the journal of attempts does. */
export function createAtolDriver(deps: AtolDeps): KktDriver {
  const client = createAtolClient(deps)
  const { clock, logger } = deps
  const requests = createRequests({ client, clock, logger, newUuid: deps.newUuid })
  const register = createRegister({ client, requests, kktNumber: deps.kktNumber, clock, logger })
  const parts: WorkDeps = {
    requests,
    register,
    attempts: deps.attempts,
    receipt: deps.receipt,
    signOf: deps.signOf,
    cashier: deps.cashier,
    clock,
    logger,
    stopping: client.stopping,
  }
  const receipts = createReceipts(parts)
  const tasks = createTasks(parts)

  /** The lease was lost, or the disk failed. Nothing is known of what the register was asked for. */
  async function orFailed<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | ReturnType<typeof unknown>> {
    try {
      return await work()
    } catch (error) {
      // Only the log tells a fault of the program from a lost lease.
      logger.error('kkt_not_asked', errorFields(error))
      const name = error instanceof Error ? error.name : 'Error'
      return unknown(`the journal of what the KKT was asked for failed (${name})`)
    }
  }

  return {
    isMock: false,
    cannot(content) {
      const registered = register.lastRegistered()
      return registered && refusalBy(registered, content)
    },
    /** Takes the first one: a printer prints one receipt at a time. */
    async fiscalize([first]: readonly ToFiscalize[], token: FencingToken) {
      return first === undefined ? [] : [await orFailed(() => receipts.fiscalize(first, token))]
    },
    lookup: (id: ReceiptId) => orFailed(() => receipts.lookup(id)),
    /** The journal's attempts, and the receipts' ids in the documents of the FN, keep a receipt from being made twice. */
    lookupKey: null,
    perform: (task: KktTask, token: FencingToken) => orFailed(() => tasks.perform(task, token)),
    lookupTask: (task: KktTask) => orFailed(() => tasks.lookup(task)),
    documentsAfter: register.documentsAfter,
    reprint: (id: ReceiptId) => orFailed(() => tasks.reprint(id)),
    confirmThrough: null,
    state: register.state,
    shiftReport: register.report,
    close: client.close,
  }
}
