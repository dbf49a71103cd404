import { Problem } from '@kkt/platform/problem.ts'
import { integer } from '@kkt/platform/settings.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { shownCall } from './calls.ts'
import { filterFields, fits } from './filter.ts'
import { countOf, goalSchema, nearMiss } from './goal.ts'
import type { FaultKit } from './kit.ts'
import { MAX_CALLS_WITH_WIRE, shownWire } from './wire.ts'

/** The number of calls listed when the query does not say. */
const USUAL_CALLS = '100'

/** Routes that show what a mock was sent, what it took, and what it still waits for. */
export function seeing(kit: FaultKit) {
  const { calls, counted, ledger, waitRoom, hub, faults } = kit
  const { receipt_id, pos_id, kkt_id } = filterFields
  const summaryOf = (name: string) => faults.catalogue.find((fault) => fault.name === name)?.summary ?? ''
  const atMost = (bound: number) => integer({ min: 1, max: bound })

  return new Elysia()
    .get(
      '/calls',
      ({ query: { limit, ...filter } }) => {
        const found = calls.ring.all().filter((call) => fits(call, filter))
        return { count: found.length, kept_at_most: calls.ring.bound, calls: found.slice(-limit).map(shownCall) }
      },
      {
        query: z.strictObject({
          ...filterFields,
          limit: atMost(calls.ring.bound)
            .prefault(USUAL_CALLS)
            .meta({ description: 'The most calls that are listed: the newest' }),
        }),
      },
    )
    .get(
      '/calls/:number',
      ({ params: { number } }) => {
        const call = calls.ring.at(number)
        if (!call)
          throw new Problem(
            404,
            'no_such_call',
            `No such call is kept. The mock keeps the newest ${calls.ring.bound} calls.`,
          )
        return {
          ...shownCall(call),
          wire_kept_of: MAX_CALLS_WITH_WIRE,
          wire: call.wire && shownWire(call.wire, summaryOf),
        }
      },
      {
        params: z.object({
          number: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).meta({
            description: "The call's ordinal since the reset",
          }),
        }),
      },
    )
    .get(
      `/${counted}`,
      ({ query: { limit, ...filter } }) => {
        const wanted = Object.entries(filter).filter(([, value]) => value !== undefined)
        const found = ledger.list().filter((row) => wanted.every(([field, value]) => row[field] === value))
        return { count: found.length, kept_at_most: ledger.keptAtMost, [counted]: found.slice(-limit) }
      },
      {
        query: z.strictObject({
          receipt_id,
          pos_id,
          kkt_id,
          limit: atMost(ledger.keptAtMost)
            .prefault(String(ledger.keptAtMost))
            .meta({ description: 'The most that are listed: the newest' }),
        }),
      },
    )
    .get('/counters', () => kit.counters())
    .get(
      '/wait',
      async ({ query: goal, request, set }) => {
        const isReached = () => countOf(goal, kit) >= goal.target
        const outcome = await waitRoom.until(isReached, goal.timeoutMs, request.signal)
        set.status = outcome === 'reached' ? 200 : 408
        const standing = { status: outcome, [goal.counter]: countOf(goal, kit) }
        return outcome === 'timeout' ? { ...standing, came_instead: nearMiss(goal, kit) } : standing
      },
      { query: goalSchema(kit) },
    )
    .get('/stream', () => hub.answer([{ event: 'config', data: faults.shown() }]))
}
