import type { FaultRegistry } from '@kkt/fault-kit/registry.ts'
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
export function odooProtocol(deps: { faults: FaultRegistry; ledger: HeartbeatLedger; logger: Logger }) {
  const { faults, ledger, logger } = deps
  const health = z.object({ status: z.literal('healthy'), ...counters.shape, ...faults.healthShape })

  return new Elysia({ prefix: '/api/v1' })
    .post(
      '/kkt/heartbeat',
      async ({ body, request }) => {
        await faults.strike('before_effect', { request, operation: 'submit', about: body })
        const receivedAtMs = ledger.take(body)
        logger.debug('heartbeat_accepted', { kkt_id: body.kkt_id, status: body.status })
        return { status: 'accepted' as const, timestamp: Math.floor(receivedAtMs / 1000) }
      },
      {
        parse: async ({ request }) => {
          await faults.strike('arrival', { request, operation: 'submit' })
          return await readHeartbeat({ request })
        },
        body: heartbeat,
        response: { 200: accepted },
      },
    )
    .get('/health', () => ({ status: 'healthy' as const, ...ledger.counters(), ...faults.health() }), {
      response: { 200: health },
    })
}
