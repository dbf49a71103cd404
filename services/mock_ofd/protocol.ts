import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import { parseJson, readText } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { checked } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { ReceiptLedger, Taken } from './ledger.ts'
import {
  absent,
  type accepted,
  counters,
  found,
  lookupHeaders,
  lookupParams,
  receipt,
  receiptHeaders,
  refusal,
} from './schema.ts'

/** A till's receipt is at most 256 KiB; here it comes with its fiscal document. */
const MAX_RECEIPT_BYTES = 512 * 1024

/** The OFD as its clients know it. */
export function ofdProtocol(deps: { kit: FaultKit; ledger: ReceiptLedger; logger: Logger }) {
  const { kit, ledger, logger } = deps
  const health = z.object({ status: z.literal('healthy'), ...counters.shape, ...kit.faults.healthShape })

  return new Elysia({ prefix: '/ofd/v1' })
    .post(
      '/receipt',
      async ({ request, status }) => {
        ledger.countCall()
        const visit = kit.begin(request, 'submit')
        await visit.arrive()
        const token = fencingTokenOf(request.headers)
        const text = await readText(request, MAX_RECEIPT_BYTES)
        const document = checked('body', receipt, parseJson(text))
        const { receipt_id, pos_id, kkt_id } = document
        visit.isAbout({ receiptId: receipt_id, posId: pos_id, kktId: kkt_id }, receipt_id)
        const how = await visit.beforeEffect(() => ledger.find(receipt_id) !== undefined)
        // No earlier: where the effect is late, a newer sender may have come meanwhile.
        if (!ledger.admits(kkt_id, token)) {
          return status(412, await visit.answer(412, { error: 'Fencing token is stale' }))
        }
        const { taken, isNew } = ledger.take(document, text, how)
        visit.took(isNew)
        logger.debug('receipt_accepted', { receipt_id, ofd_id: taken.ofdId })
        return await visit.answer(200, acceptance(taken, receipt_id))
      },
      // Read and checked by the handler: a route's own `parse`, with schemas for the headers and the answer, costs Elysia as
      // much again as all that is done here.
      { parse: 'none' },
    )
    .get(
      '/receipt/:receipt_id',
      async ({ params: { receipt_id }, headers, request, status }) => {
        const { 'kkt-id': kktId, 'fencing-token': token } = headers
        const visit = kit.begin(request, 'lookup')
        visit.isAbout({ receiptId: receipt_id, ...(kktId !== undefined && { kktId }) }, receipt_id)
        await visit.arrive()
        await visit.beforeEffect()
        // After the look-up of a newer sender nothing of an older one may come in: it would be taken twice.
        if (kktId !== undefined && !ledger.admits(kktId, token)) {
          return status(412, await visit.answer(412, { error: 'Fencing token is stale' }))
        }
        const taken = ledger.find(receipt_id)
        if (!taken) return status(404, await visit.answer(404, { status: 'not_found' as const, receipt_id }))
        const rejected = ledger.isRejected(taken) ? { status: 'rejected' as const } : {}
        return await visit.answer(200, { ...acceptance(taken, receipt_id), ...rejected })
      },
      { params: lookupParams, headers: lookupHeaders, response: { 200: found, 404: absent, 412: refusal } },
    )
    .get('/health', () => ({ status: 'healthy' as const, ...ledger.counters(), ...kit.faults.health() }), {
      response: { 200: health },
    })
}

function fencingTokenOf(headers: Headers): number | undefined {
  const given = headers.get('fencing-token')
  return given === null ? undefined : checked('headers', receiptHeaders, { 'fencing-token': given })['fencing-token']
}

/** Names the receipt: a client must be able to tell a stray answer from its own. */
const acceptance = ({ ofdId, receivedAtMs }: Taken, receiptId: string): z.output<typeof accepted> => ({
  status: 'accepted',
  ofd_id: ofdId,
  timestamp: Math.floor(receivedAtMs / 1000),
  receipt_id: receiptId,
})
