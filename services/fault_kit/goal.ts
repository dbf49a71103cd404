/** The goal of a long poll, and the report when it was not reached. */
import { decimal, integer } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import { type Call, shownCall } from './calls.ts'
import { type Filter, filterFields, fits, isFilterEmpty, misfits } from './filter.ts'
import type { FaultKit } from './kit.ts'
import type { Ledger } from './ledger.ts'

/** Longer than a test should wait; shorter than the time limits of proxies and clients. */
const MAX_WAIT_SECONDS = 60
const DEFAULT_WAIT_SECONDS = '10'
/** More than any test sends to a mock. */
const MAX_WAIT_COUNT = 1_000_000
/** Enough to see the mistake. */
export const NEAR_MISSES = 5

export type Goal = { counter: string; target: number; filter: Filter; timeoutMs: number }

/** `?receipts=5`, any other counter, or a match such as `?receipt_id=…`, with `receipts` or `calls` for the number. */
export function goalSchema({ counted, counterNames }: Pick<FaultKit, 'counted' | 'counterNames'>): z.ZodType<Goal> {
  const names = [counted, ...counterNames]
  const targets = Object.fromEntries(
    names.map(
      (name) =>
        [
          name,
          integer({ min: 0, max: MAX_WAIT_COUNT })
            .optional()
            .meta({ description: `Waits until \`${name}\` is at least this` }),
        ] as const,
    ),
  )
  const timeout = decimal({ min: 0, max: MAX_WAIT_SECONDS })
    .prefault(DEFAULT_WAIT_SECONDS)
    .meta({ description: 'The longest that it waits, in seconds' })

  return z.strictObject({ ...targets, ...filterFields, timeout }).transform((query, ctx): Goal => {
    const given: Record<string, unknown> = query
    const wanted = names.filter((name) => given[name] !== undefined)
    const [counter = counted] = wanted
    const target = given[counter]
    const { receipt_id, pos_id, kkt_id, operation, fault } = query
    const filter = { receipt_id, pos_id, kkt_id, operation, fault }
    const wrong = wrongWith(wanted, filter)
    if (wrong !== undefined) ctx.addIssue({ code: 'custom', message: wrong })
    return { counter, target: typeof target === 'number' ? target : 1, filter, timeoutMs: query.timeout * 1000 }
  })

  function wrongWith(wanted: string[], filter: Filter): string | undefined {
    const [counter = counted, ...others] = wanted
    if (others.length > 0) return 'takes one counter'
    if (isFilterEmpty(filter))
      return wanted.length === 1 ? undefined : `takes a counter (${names.join(', ')}) or a match`
    return [counted, 'calls'].includes(counter) ? undefined : `takes a match with ${counted} or calls`
  }
}

export function countOf(goal: Goal, kit: FaultKit): number {
  const { counter, filter } = goal
  if (!isFilterEmpty(filter)) return kit.calls.ring.all().filter((call) => counts(call, goal, kit)).length
  if (counter === kit.counted) return kit.ledger.count()
  return Number(kit.counters()[counter] ?? 0)
}

/** The ledger comes last, because it has to look up each receipt. */
const counts = (call: Call, { counter, filter }: Goal, { ledger }: FaultKit) =>
  fits(call, filter) && (counter === 'calls' || isCounted(call, ledger))

const isCounted = ({ effect, receiptId }: Call, ledger: Ledger) => effect && ledger.counts(receiptId)

/** The calls that came instead of those waited for. */
export function nearMiss(goal: Goal, kit: FaultKit) {
  const { counter, filter } = goal
  const others = kit.calls.ring.all().filter((call) => !counts(call, goal, kit))
  return {
    counters: kit.counters(),
    last_calls: others.slice(-NEAR_MISSES).map((call) => ({
      ...shownCall(call),
      why_not: [...misfits(call, filter), ...(counter === 'calls' ? [] : notTaken(call, kit))],
    })),
  }
}

function notTaken(call: Call, { counted, ledger }: FaultKit): string[] {
  const { operation, effect, fault, status, isReplied, isUnderWay } = call
  if (effect) return isCounted(call, ledger) ? [] : [`it is none of the ${counted}`]
  if (operation === 'lookup') return ['it is a look-up']
  if (fault !== null) return [`${fault} kept it from being taken`]
  if (status === 200) return ['it was there already']
  if (isUnderWay) return ['it is still under way']
  return [isReplied ? `it was answered ${status}` : 'it was never answered']
}
