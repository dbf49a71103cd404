import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { HeartbeatLedger } from './ledger.ts'
import { accepted, counters, heartbeat } from './schema.ts'

/** A heartbeat is a handful of fields. */
const MAX_HEARTBEAT_BYTES = 64 * 1024
const readHeartbeat = jsonBody(MAX_HEARTBEAT_BYTES)

/** Odoo as the adapter knows it. */
export function odooProtocol(deps: { kit: FaultKit; ledger: HeartbeatLedger; logger: Logger }) {
  const { kit, ledger, logger } = deps
  const health = z.object({ status: z.literal('healthy'), ...counters.shape, ...kit.faults.healthShape })

  return new Elysia({ prefix: '/api/v1' })
    .post(
      '/kkt/heartbeat',
      async ({ body, request }) => {
        const visit = kit.visitOf(request)
        visit.isAbout({ kktId: body.kkt_id }, body.kkt_id)
        await visit.beforeEffect()
        const receivedAtMs = ledger.take(body)
        visit.took(true)
        logger.debug('heartbeat_accepted', { kkt_id: body.kkt_id, status: body.status })
        return await visit.answer(200, { status: 'accepted' as const, timestamp: Math.floor(receivedAtMs / 1000) })
      },
      {
        parse: async ({ request }) => {
          await kit.begin(request, 'submit').arrive()
          return await readHeartbeat({ request })
        },
        body: heartbeat,
        response: { 200: accepted },
      },
    )
    .get('/health', () => ({ status: 'healthy' as const, ...ledger.counters(), ...kit.faults.health() }), {
      response: { 200: health },
    })
}
