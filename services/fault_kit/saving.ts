import { parseJson, readText } from '@kkt/platform/json_body.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { FaultKit } from './kit.ts'
import { checkSize, MAX_STATE_BYTES } from './saved.ts'
import { savedCalls } from './saved_calls.ts'

/** Raised when the saved form changes. */
export const STATE_VERSION = 1

/** A mock's whole state in one file: configuration, calls and ledger. An import restarts the plans. */
export function saving(kit: FaultKit) {
  const { service, calls, ledger, faults } = kit
  const saved = z.strictObject({
    version: z.literal(STATE_VERSION, `takes ${STATE_VERSION}`),
    service: z.literal(service, `takes ${service}`),
    configuration: faults.change,
    calls: savedCalls,
    ledger: ledger.savedForm,
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
        body.ledger.restore()
        faults.configure(body.configuration)
        return { status: 'imported' as const, counters: kit.counters() }
      },
      { parse: ({ request }) => readState(request), body: saved },
    )
}

async function readState(request: Request): Promise<unknown> {
  const text = await readText(request, MAX_STATE_BYTES)
  checkSize(text)
  return parseJson(text)
}
