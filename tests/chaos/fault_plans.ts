/** Faults for the mocks, drawn from their catalogues. */
import { endOf } from '@kkt/fault-kit/document.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { type Draw, POISONED_TILL, pick } from '../crash/plan.ts'
import { POS_IDS } from '../crash/tills.ts'

type Fields = Record<string, unknown>
/** One turn: the change of a mock's configuration, and the faults that it puts on. */
export type FaultTurn = { faults: string[]; change: Fields }
/** Fields that faults need, or without which they would do nothing of interest. */
export type FieldsOf = Readonly<Record<string, (draw: Draw) => Fields>>
/**
 * The calls that a mock gets. `fields`: those of faults that differ here. `matches`: choices of calls, one of which a plan may
 * have.
 */
export type Calls = { fields: FieldsOf; matches: (fault: Fault, draw: Draw) => Fields[] }

/** Longer than any other part of a plan. It ends a fault whose calls never come. */
const LONGEST_SECONDS = 2
/**
 * An OFD that works on a request for longer than its client waits before asking may take the receipt twice. The adapter cannot
 * prevent that, so these runs do not provoke it.
 */
const LATEST_EFFECT_SECONDS = 0.25

export const between = (draw: Draw, min: number, max: number) =>
  Math.round((min + (draw(1001) / 1000) * (max - min)) * 1000) / 1000
const poisoned = { match: { pos_id: POISONED_TILL } }

/** Faults that make dead letters. They strike only the one till of which the checker knows. */
const OF_ONE_TILL = ['refuse', 'conflict_on_duplicate', 'accepted_then_rejected']

const FIELDS: FieldsOf = {
  effect_delay: (draw) => ({ seconds: between(draw, 0.02, LATEST_EFFECT_SECONDS) }),
  delay: (draw) =>
    draw(2) === 0
      ? { seconds: between(draw, 0.05, 0.6), jitter: 0.05 }
      : { median: between(draw, 0.05, 0.3), sigma: between(draw, 0.2, 1) },
  slow_start: (draw) => ({ seconds: between(draw, 1, LONGEST_SECONDS), slowest: between(draw, 0.2, 1) }),
  clock_skew: (draw) => ({ seconds: between(draw, -7200, 7200) }),
  rate_quota: (draw) => ({ per_second: 1 + draw(8) }),
  too_many_requests: (draw) => ({ retry_after: draw(3) }),
  unavailable: (draw) => ({ retry_after: draw(3) }),
  dribble: (draw) => ({ seconds: between(draw, 0.05, 1) }),
  lookup_mixed_up: (draw) => ({ found: draw(2) === 0 }),
  // Before an OFD has answered any look-up, such an answer means that it has none, and the receipt may be sent again.
  lookup_not_routed: (draw) => ({ status: pick([404, 405, 501], draw), json: draw(2) === 0, after: 1 + draw(3) }),
  refuse_to_accept: (draw) => ({ seconds: between(draw, 0.1, 1.5) }),
}

/** Receipts of tills. */
export const TILLS: Calls = {
  fields: {
    refuse: (draw) => ({ pos_id: POISONED_TILL, status: pick([400, 409, 413, 422], draw) }),
    conflict_on_duplicate: () => poisoned,
    accepted_then_rejected: (draw) => ({ ...poisoned, seconds: between(draw, 0, 0.5), times: 1 + draw(2) }),
  },
  matches: ({ name, operation }, draw) => {
    if (OF_ONE_TILL.includes(name)) return []
    const ofTill = { match: { pos_id: pick(POS_IDS, draw) } }
    return operation === 'any' ? [ofTill, { operation: pick(['submit', 'lookup'], draw) }] : [ofTill]
  },
}

/** Documents of a cash register, which name no till. One that is refused is sent again. */
export const DOCUMENTS: Calls = {
  fields: {
    refuse: (draw) => ({ share: between(draw, 0.1, 1), status: pick([400, 409, 413, 422], draw) }),
  },
  matches: ({ operation }, draw) => (operation === 'any' ? [{ operation: pick(['submit', 'lookup'], draw) }] : []),
}

/** They all tell the same. */
export const HEARTBEATS: Calls = { fields: {}, matches: () => [] }

function fieldsOf({ name, parameters }: Fault, calls: Calls, draw: Draw): Fields {
  const fields = (calls.fields[name] ?? FIELDS[name])?.(draw) ?? {}
  return 'effect' in parameters.shape ? { ...fields, effect: draw(2) === 0 } : fields
}

/** Which calls a plan strikes. Every plan ends by itself. */
function whenOf(fault: Fault, calls: Calls, draw: Draw): Fields {
  const times = 1 + draw(8)
  const ttl = between(draw, 0.3, LONGEST_SECONDS)
  const kinds: Fields[] = [
    { times, ttl: LONGEST_SECONDS },
    { after: 1 + draw(5), times, ttl: LONGEST_SECONDS },
    { probability: between(draw, 0.1, 0.9), ttl },
    { down: between(draw, 0.1, 0.5), up: between(draw, 0.1, 0.5), ttl },
    { ttl: Math.min(ttl, 1.5) },
    ...calls.matches(fault, draw).map((match) => ({ ...match, times, ttl })),
  ]
  return pick(kinds, draw)
}

export function faultTurn(fault: Fault, calls: Calls, draw: Draw): FaultTurn {
  const { name, takes } = fault
  if (takes === 'switch') return inSequence([name], { [name]: fault.switchedOnBy }, draw)
  if (takes === 'count') return { faults: [name], change: { [name]: 1 + draw(8) } }
  const fields = fieldsOf(fault, calls, draw)
  if (takes === 'parameters') {
    const endsItself = Number.isFinite(fault.lastsMs(fields))
    return endsItself ? { faults: [name], change: { [name]: fields } } : inSequence([name], { [name]: fields }, draw)
  }
  const plan = { ...whenOf(fault, calls, draw), ...fields }
  if (name === 'accepted_then_rejected') return rejectedUnheard(plan, draw)
  return draw(SEQUENCES) === 0
    ? inSequence([name], { [name]: plan }, draw)
    : { faults: [name], change: { [name]: plan } }
}

/** One turn in this many is a step of a sequence. */
const SEQUENCES = 5
const MOST_CALLS = 6

/** Lets some calls through first, and ends after a while. */
const inSequence = (faults: string[], change: Fields, draw: Draw): FaultTurn => ({
  faults,
  change: {
    sequence: [{ calls: 1 + draw(MOST_CALLS) }, { ...change, seconds: between(draw, 0.2, 1.5) }],
  },
})

/** The answer of acceptance is lost: a client that heard it would not ask again, and would never hear of the rejection. */
function rejectedUnheard(plan: Fields, draw: Draw): FaultTurn {
  const lost = pick(['effect_then_error', 'effect_then_cut', 'effect_then_silence'], draw)
  const change = { accepted_then_rejected: plan, [lost]: { ...poisoned, times: 2, ttl: LONGEST_SECONDS } }
  return { faults: ['accepted_then_rejected', lost], change }
}

/** Ends every fault of a catalogue. */
export const noFaults = (catalogue: readonly Fault[]): Fields => ({
  ...Object.fromEntries(catalogue.map((fault) => [fault.name, endOf(fault)])),
  sequence: null,
})
