import { ask, Refused } from '../kit/ask.ts'
import type { Call, CallInFull, Configuration, Counters, Fault } from './wire.ts'

/** Attributes of the body. `counted`: the name of the documents that the mock takes. `control`: where its control side is. */
export type MockFacts = { service: string; counted: string; control: string }

export const factsOf = ({ service = '', counted = '', control = '' }: DOMStringMap): MockFacts => ({
  service,
  counted,
  control,
})

export type Control = ReturnType<typeof createControl>

/**
 * The mock's test control.
 * @param base the page's address: the control side is asked relative to it, so that a proxy's prefix is kept
 */
export function createControl({ control, counted }: MockFacts, base: string) {
  const url = (path: string) => new URL(`${control}/${path}`, base).href
  return {
    url,
    /** @returns the whole configuration */
    configure: (change: Configuration) => ask<Configuration>(url('config'), { method: 'POST', body: change }),
    reset: () => ask(url('reset'), { method: 'POST' }),
    /** @param file an exported state */
    import: (file: File) => ask(url('import'), { method: 'POST', body: file }),
    faults: async () => (await ask<{ faults: Fault[] }>(url('faults'))).faults,
    /** @returns oldest first */
    calls: async (limit: number) => (await ask<{ calls: Call[] }>(url(`calls?limit=${limit}`))).calls,
    callInFull: (number: number) => ask<CallInFull>(url(`calls/${number}`)),
    counters: () => ask<Counters>(url('counters')),
    /** The newest document that the mock took from one sender or for one receipt, if any. */
    async taken(filter: Record<string, string>): Promise<unknown> {
      const query = new URLSearchParams({ ...filter, limit: '1' })
      const answer = await ask<Record<string, unknown[] | undefined>>(url(`${counted}?${query}`))
      return answer[counted]?.[0]
    },
  }
}

/** Why a request was not done, in words. */
export function inWords(error: unknown): string {
  if (!(error instanceof Refused)) throw error
  if (error.code === 'unreachable') return 'The mock cannot be reached.'
  return error.message || `Answered with ${error.code}.`
}
