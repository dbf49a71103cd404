import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import { checked } from '@kkt/platform/error_answers.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { HeartbeatLedger } from './ledger.ts'
import { type accepted, counters, heartbeat } from './schema.ts'

/** A heartbeat has only a few fields. */
export const MAX_HEARTBEAT_BYTES = 64 * 1024

/** The routes that Odoo offers to the adapter. */
export function odooProtocol(deps: { kit: FaultKit; ledger: HeartbeatLedger; logger: Logger }) {
  const { kit, ledger, logger } = deps
  const health = z.object({
    status: z.literal('healthy').meta({ description: 'Always: health answers whatever faults are on' }),
    ...counters.shape,
    ...kit.faults.healthShape,
  })

  return new Elysia({ prefix: '/api/v1' })
    .post(
      '/kkt/heartbeat',
      async ({ request }) => {
        const visit = kit.begin(request, 'submit')
        const { value } = await visit.read(MAX_HEARTBEAT_BYTES, 'kkt_id')
        const beat = checked('body', heartbeat, value)
        await visit.beforeEffect()
        const receivedAtMs = ledger.take(beat)
        visit.took(true)
        logger.debug('heartbeat_accepted', { kkt_id: beat.kkt_id, status: beat.status })
        const answer: z.output<typeof accepted> = { status: 'accepted', timestamp: Math.floor(receivedAtMs / 1000) }
        return await visit.answer(200, answer)
      },
      { parse: 'none' },
    )
    .get('/health', () => ({ status: 'healthy' as const, ...ledger.counters(), ...kit.faults.health() }), {
      response: { 200: health },
    })
}
