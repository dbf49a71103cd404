import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { ReceiptLedger, Taken } from './ledger.ts'
import {
  absent,
  accepted,
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
const readReceipt = jsonBody(MAX_RECEIPT_BYTES)

/** The OFD as its clients know it. */
export function ofdProtocol(deps: { kit: FaultKit; ledger: ReceiptLedger; logger: Logger }) {
  const { kit, ledger, logger } = deps
  const health = z.object({ status: z.literal('healthy'), ...counters.shape, ...kit.faults.healthShape })

  return new Elysia({ prefix: '/ofd/v1' })
    .post(
      '/receipt',
      async ({ body, headers, request, status }) => {
        const visit = kit.visitOf(request)
        visit.isAbout({ receiptId: body.receipt_id, posId: body.pos_id, kktId: body.kkt_id }, body.receipt_id)
        const how = await visit.beforeEffect(() => ledger.find(body.receipt_id) !== undefined)
        // No earlier: where the effect is late, a newer sender may have come meanwhile.
        if (!ledger.admits(body.kkt_id, headers['fencing-token'])) {
          return status(412, await visit.answer(412, { error: 'Fencing token is stale' }))
        }
        const taken = ledger.take(body, how)
        visit.took(taken.isNew)
        logger.debug('receipt_accepted', { receipt_id: body.receipt_id, ofd_id: taken.ofdId })
        return await visit.answer(200, acceptance(taken))
      },
      {
        parse: async ({ request }) => {
          ledger.countCall()
          await kit.begin(request, 'submit').arrive()
          return await readReceipt({ request })
        },
        headers: receiptHeaders,
        body: receipt,
        response: { 200: accepted, 412: refusal },
      },
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
        return await visit.answer(200, { receipt_id, ...acceptance(taken), ...rejected })
      },
      { params: lookupParams, headers: lookupHeaders, response: { 200: found, 404: absent, 412: refusal } },
    )
    .get('/health', () => ({ status: 'healthy' as const, ...ledger.counters(), ...kit.faults.health() }), {
      response: { 200: health },
    })
}

const acceptance = ({ ofdId, receivedAtMs }: Taken) => ({
  status: 'accepted' as const,
  ofd_id: ofdId,
  timestamp: Math.floor(receivedAtMs / 1000),
})
