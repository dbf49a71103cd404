import type { FaultRegistry } from '@kkt/fault-kit/registry.ts'
import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { ReceiptLedger, Taken } from './ledger.ts'
import { absent, accepted, counters, found, lookupParams, receipt, receiptHeaders, refusal } from './schema.ts'

/** A till's receipt is at most 256 KiB; here it comes with its fiscal document. */
const MAX_RECEIPT_BYTES = 512 * 1024
const readReceipt = jsonBody(MAX_RECEIPT_BYTES)

/** The OFD as its clients know it. */
export function ofdProtocol(deps: { faults: FaultRegistry; ledger: ReceiptLedger; logger: Logger }) {
  const { faults, ledger, logger } = deps
  const health = z.object({ status: z.literal('healthy'), ...counters.shape, ...faults.healthShape })

  return new Elysia({ prefix: '/ofd/v1' })
    .post(
      '/receipt',
      async ({ body, headers, request, status }) => {
        const { takeAgain } = await faults.strike('before_effect', { request, operation: 'submit', about: body })
        // No earlier: where the effect is late, a newer sender may have come meanwhile.
        if (!ledger.admits(body.kkt_id, headers['fencing-token'])) {
          return status(412, { error: 'Fencing token is stale' })
        }
        const taken = ledger.take(body, { again: takeAgain })
        logger.debug('receipt_accepted', { receipt_id: body.receipt_id, ofd_id: taken.ofdId })
        const reply = acceptance(taken)
        await faults.strike('after_effect', { request, operation: 'submit', about: body, reply })
        return reply
      },
      {
        parse: async ({ request }) => {
          ledger.countCall()
          await faults.strike('arrival', { request, operation: 'submit' })
          return await readReceipt({ request })
        },
        headers: receiptHeaders,
        body: receipt,
        response: { 200: accepted, 412: refusal },
      },
    )
    .get(
      '/receipt/:receipt_id',
      async ({ params: { receipt_id }, request, status }) => {
        await faults.strike('arrival', { request, operation: 'lookup' })
        const taken = ledger.find(receipt_id)
        if (!taken) return status(404, { status: 'not_found' as const, receipt_id })
        return { receipt_id, ...acceptance(taken) }
      },
      { params: lookupParams, response: { 200: found, 404: absent } },
    )
    .get('/health', () => ({ status: 'healthy' as const, ...ledger.counters(), ...faults.health() }), {
      response: { 200: health },
    })
}

const acceptance = ({ ofdId, receivedAtMs }: Taken) => ({
  status: 'accepted' as const,
  ofd_id: ofdId,
  timestamp: Math.floor(receivedAtMs / 1000),
})
