import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { Journal } from '../journal/journal.ts'
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

/** An operator says how the receipts of a replaced FN were settled, of which its KKT cannot tell whether the OFD holds them. */
export const untracedRoute = ({ journal, delivery, access, logger }: UntracedDeps) =>
  new Elysia({ name: 'untraced' }).post(
    '/v1/kkt/buffer/untraced/close',
    async ({ body: { fn_number: fnNumber, reason }, request }) => {
      const who = whoOf(access, request)
      const isUntraced = delivery.way === 'kkt' && journal.fiscalMemories.inKkt()?.fnNumber !== fnNumber
      const closed = isUntraced ? await closeAll(journal, fnNumber, { reason, who }) : 0
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
async function closeAll(journal: Journal, fnNumber: string, said: { reason: string; who: string | null }) {
  for (let closed = 0; ; ) {
    const batch = journal.handedOver.pendingThrough(fnNumber, ANY_FD, BATCH)
    if (batch.length === 0) return closed
    await journal.write((tx) => {
      for (const { id } of batch) tx.closeUntraced(id, said.reason, said.who)
    })
    closed += batch.length
  }
}
