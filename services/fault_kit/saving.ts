import { jsonBody } from '@kkt/platform/json_body.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { savedCalls } from './calls.ts'
import type { FaultKit } from './kit.ts'

/** More than the fullest mock saves. */
const MAX_STATE_BYTES = 256 * 1024 * 1024
/** Raised when what is saved changes its form. */
const STATE_VERSION = 1

/** The whole state of a mock in one file: what it is told, what it was sent and what it took. Plans begin anew by it. */
export function saving(kit: FaultKit) {
  const { service, calls, ledger, faults } = kit
  const saved = z.strictObject({
    version: z.literal(STATE_VERSION, `takes ${STATE_VERSION}`),
    service: z.literal(service, `takes ${service}`),
    configuration: faults.change,
    calls: savedCalls,
    ledger: ledger.savedSchema,
    counters: z.unknown(),
  })

  return new Elysia()
    .get('/export', () => ({
      version: STATE_VERSION,
      service,
      configuration: faults.shown(),
      counters: kit.counters(),
      calls: calls.saved(),
      ledger: ledger.saved(),
    }))
    .post(
      '/import',
      ({ body }) => {
        kit.reset()
        calls.restore(body.calls)
        ledger.restore(body.ledger)
        faults.configure(body.configuration)
        return { status: 'imported' as const, counters: kit.counters() }
      },
      { parse: jsonBody(MAX_STATE_BYTES), body: saved },
    )
}
