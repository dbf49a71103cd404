import { jsonBody } from '@kkt/platform/json_body.ts'
import { decimal, integer } from '@kkt/platform/settings.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { FaultRegistry } from './registry.ts'
import type { WaitRoom } from './wait_room.ts'

/** A configuration is a handful of fields. */
const MAX_CONFIG_BYTES = 64 * 1024
/** Longer than a test should wait for anything, shorter than what proxies and clients cut off. */
const MAX_WAIT_SECONDS = 60
const DEFAULT_WAIT_SECONDS = '10'
/** Beyond what a mock is ever sent in one test. */
const MAX_WAIT_COUNT = 1_000_000
const MAX_FILTER_LENGTH = 128

/** What a mock has accepted, oldest first. */
export type Ledger = {
  count(): number
  list(filter: string | undefined): readonly Record<string, unknown>[]
  reset(): void
}

/**
 * The tests' side of a mock: `config`, `reset`, `wait` and the ledger under the name of what it holds.
 * @param counted what the mock takes, as paths and answers call it: `receipts`
 * @param filter the query's name for the ledger's filter: `pos_id`
 */
export function testControl(deps: {
  prefix: string
  counted: string
  filter: string
  faults: FaultRegistry
  ledger: Ledger
  waitRoom: WaitRoom
}) {
  const { prefix, counted, filter, faults, ledger, waitRoom } = deps
  const waited = z.object({ status: z.enum(['reached', 'timeout', 'reset']), [counted]: z.int() })

  return new Elysia({ prefix })
    .post(
      '/config',
      ({ body }) => {
        faults.configure(body)
        return faults.current()
      },
      { parse: jsonBody(MAX_CONFIG_BYTES), body: faults.change, response: { 200: faults.configuration } },
    )
    .post(
      '/reset',
      () => {
        faults.reset()
        ledger.reset()
        waitRoom.reset()
        return { status: 'reset' as const }
      },
      { parse: 'none', response: { 200: z.object({ status: z.literal('reset') }) } },
    )
    .get(
      `/${counted}`,
      ({ query }) => {
        const found = ledger.list(query[filter])
        return { count: found.length, [counted]: found }
      },
      { query: z.strictObject({ [filter]: z.string().max(MAX_FILTER_LENGTH).optional() }) },
    )
    .get(
      '/wait',
      async ({ query, request, set }) => {
        const outcome = await waitRoom.until(query.target, query.timeoutMs, request.signal)
        set.status = outcome === 'reached' ? 200 : 408
        return { status: outcome, [counted]: ledger.count() }
      },
      {
        query: z
          .strictObject({
            [counted]: integer({ min: 0, max: MAX_WAIT_COUNT }),
            timeout: decimal({ min: 0, max: MAX_WAIT_SECONDS }).prefault(DEFAULT_WAIT_SECONDS),
          })
          .transform(({ timeout, [counted]: target }) => ({ target: target ?? 0, timeoutMs: (timeout ?? 0) * 1000 })),
        response: { 200: waited, 408: waited },
      },
    )
}
