import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import { checked } from '@kkt/platform/error_answers.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { ReceiptLedger } from './ledger.ts'
import type { Taken } from './ledger_book.ts'
import {
  absent,
  type accepted,
  counters,
  found,
  lookupHeaders,
  lookupParams,
  receiptHeaders,
  refusal,
} from './schema.ts'
import { anyDocument, submissionOf } from './submission.ts'
import { lookupAnswers, MAX_RECEIPT_BYTES, refusableFindings, told } from './taking.ts'

/** The routes that the OFD offers to an adapter. */
export function ofdProtocol(deps: { kit: FaultKit; ledger: ReceiptLedger; logger: Logger }) {
  const { kit, ledger, logger } = deps
  const answers = lookupAnswers(ledger)
  const health = z.object({
    status: z.literal('healthy').meta({ description: 'Always: health answers whatever faults are on' }),
    ...counters.shape,
    ...kit.faults.healthShape,
  })

  return new Elysia({ prefix: '/ofd/v1' })
    .post(
      '/receipt',
      async ({ request, status }) => {
        ledger.countCall()
        const visit = kit.begin(request, 'submit')
        const { text, value } = await visit.read(MAX_RECEIPT_BYTES, 'receipt_id', 'pos_id', 'kkt_id')
        const token = fencingTokenOf(request.headers)
        const submission = submissionOf(checked('body', anyDocument, value), text, null)
        const { receiptId, kktId } = submission
        visit.judged(submission.findings)
        const how = await visit.beforeEffect({
          isKnown: () => ledger.find(receiptId) !== undefined,
          findings: () => refusableFindings(submission, ledger, visit),
        })
        // Checked only now: while the effect was delayed, a newer sender may have come.
        if (kktId !== null && !ledger.admits(kktId, token)) {
          return status(412, await visit.answer(412, { error: 'Fencing token is stale' }))
        }
        const { taken, isNew, findings } = ledger.take(submission, how)
        visit.judged(findings)
        visit.took(isNew)
        logger.debug('receipt_accepted', { receipt_id: receiptId, ofd_id: taken.ofdId })
        return await visit.answer(200, acceptance(taken, receiptId))
      },
      // The handler reads and checks the body: a route's own `parse`, with schemas for headers and answer, costs Elysia
      // as much again as all the work here.
      { parse: 'none' },
    )
    .get(
      '/receipt/:receipt_id',
      async ({ params: { receipt_id }, headers, request, status }) => {
        const { 'kkt-id': kktId, 'fencing-token': token } = headers
        const visit = kit.begin(request, 'lookup')
        await visit.arrive(receipt_id, kktId ?? null)
        await visit.beforeEffect()
        // After a newer sender's look-up nothing from an older one may be taken: the receipt would be taken twice.
        if (kktId !== undefined && !ledger.admits(kktId, token)) {
          return status(412, await visit.answer(412, { error: 'Fencing token is stale' }))
        }
        const taken = ledger.find(receipt_id)
        const another = answers.another(receipt_id)
        if (!taken) return status(404, await visit.answer(404, { status: 'not_found' as const, receipt_id }, another))
        return await visit.answer(200, answers.ofReceipt({ receiptId: receipt_id, taken }), another)
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

/** Names the receipt, so that the client can tell a stray answer from its own. */
const acceptance = (taken: Taken, receiptId: string | null): z.output<typeof accepted> =>
  receiptId === null ? told(taken) : { ...told(taken), receipt_id: receiptId }
