import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import { whoOf } from './callers.ts'
import { deliveryProblem } from './delivery_problems.ts'
import { closeReason } from './dlq_close_route.ts'
import { originalFields } from './receipt_body/correction.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'

/** So many in one commit delay a till by milliseconds. */
const BATCH = 200
/** Greater than each FD. */
const ANY_FD = 2 ** 32

type UntracedDeps = { journal: Journal; delivery: Pick<Delivery, 'way'>; access: Access; logger: Logger }

type Said = { reason: string; who: string | null }

/** An operator says how the receipts of a replaced FN were settled, of which its KKT cannot tell whether the OFD holds them. */
export const untracedRoute = ({ journal, delivery, access, logger }: UntracedDeps) =>
  new Elysia({ name: 'untraced' }).post(
    '/v1/kkt/buffer/untraced/close',
    async ({ body: { fn_number: fnNumber, reason }, request }) => {
      const who = whoOf(access, request)
      const closed = delivery.way === 'kkt' ? await closeAll(journal, fnNumber, { reason, who }) : 0
      if (closed === 0) throw deliveryProblem.nothingUntraced(fnNumber)
      logger.warn('untraced_receipts_closed', { fn: fnNumber, count: closed, by: who })
      return { closed }
    },
    {
      parse: jsonBody(MAX_BODY_BYTES),
      body: z.strictObject({
        fn_number: originalFields.shape.fn.unwrap().meta({ description: 'The FN that was replaced' }),
        reason: closeReason,
      }),
      response: {
        200: z.object({ closed: whole.meta({ description: 'Receipts that are closed' }) }),
        400: problemDocument,
        409: problemDocument,
        413: problemDocument,
        422: problemDocument,
      },
    },
  )

/** In batches, so that tills get in between. Batches before a disk failure stay closed; another call does the rest. */
async function closeAll(journal: Journal, fnNumber: string, said: Said): Promise<number> {
  for (let closed = 0; ; ) {
    const count = await journal.write((tx) => closeSome(tx, fnNumber, said))
    if (count === 0) return closed
    closed += count
  }
}

/** Inside of the commit: another call may have closed some meanwhile, and the FN may be back in the KKT. */
function closeSome(tx: Tx, fnNumber: string, { reason, who }: Said): number {
  if (tx.fnInKkt()?.fnNumber === fnNumber) return 0
  const batch = tx.handedOver.pendingThrough(fnNumber, ANY_FD, BATCH)
  for (const { id } of batch) tx.closeUntraced(id, reason, who)
  return batch.length
}
