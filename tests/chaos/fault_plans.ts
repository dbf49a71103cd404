/** What the mocks are told to do wrong, drawn from their catalogues. */
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { type Draw, POISONED_TILL, pick } from '../crash/plan.ts'
import { POS_IDS } from '../crash/tills.ts'

type Fields = Record<string, unknown>
/** A turn of a fault: what the mock is configured with, and which faults that puts on. */
export type FaultTurn = { faults: string[]; change: Fields }

/** Longer than any other part of a plan: it ends one whose calls do not come. */
const LONGEST_SECONDS = 2
/**
 * An OFD that goes on for longer with what it was cut off from than its client waits before asking, may take a receipt
 * twice: that is not for the adapter to prevent.
 */
const LATEST_EFFECT_SECONDS = 0.25

const between = (draw: Draw, min: number, max: number) =>
  Math.round((min + (draw(1001) / 1000) * (max - min)) * 1000) / 1000
const poisoned = { match: { pos_id: POISONED_TILL } }

/** What a receipt may be a dead letter for is done to one till, of which the checker knows. */
const OF_ONE_TILL = ['refuse', 'conflict_on_duplicate', 'accepted_then_rejected']

/** What these faults cannot do without, or what they are worth nothing without. */
const FIELDS: Readonly<Record<string, (draw: Draw) => Fields>> = {
  refuse: (draw) => ({ pos_id: POISONED_TILL, status: pick([400, 409, 413, 422], draw) }),
  conflict_on_duplicate: () => poisoned,
  accepted_then_rejected: (draw) => ({ ...poisoned, seconds: between(draw, 0, 0.5), times: 1 + draw(2) }),
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
  // Of an OFD that has answered none, such an answer says that it has no look-up: then a receipt may be sent again.
  lookup_not_routed: (draw) => ({ status: pick([404, 405, 501], draw), json: draw(2) === 0, after: 1 + draw(3) }),
  refuse_to_accept: (draw) => ({ seconds: between(draw, 0.1, 1.5) }),
}

function fieldsOf({ name, parameters }: Fault, draw: Draw): Fields {
  const fields = FIELDS[name]?.(draw) ?? {}
  return 'effect' in parameters.shape ? { ...fields, effect: draw(2) === 0 } : fields
}

/** Which calls a plan strikes. It always ends by itself. */
function whenOf({ operation }: Fault, isOfTills: boolean, draw: Draw): Fields {
  const times = 1 + draw(8)
  const ttl = between(draw, 0.3, LONGEST_SECONDS)
  const kinds: Fields[] = [
    { times, ttl: LONGEST_SECONDS },
    { after: 1 + draw(5), times, ttl: LONGEST_SECONDS },
    { probability: between(draw, 0.1, 0.9), ttl },
    { down: between(draw, 0.1, 0.5), up: between(draw, 0.1, 0.5), ttl },
    { ttl: Math.min(ttl, 1.5) },
  ]
  if (isOfTills) kinds.push({ match: { pos_id: pick(POS_IDS, draw) }, times, ttl })
  if (isOfTills && operation === 'any') kinds.push({ operation: pick(['submit', 'lookup'], draw), times, ttl })
  return pick(kinds, draw)
}

/** @param isOfTills whether the calls are of receipts, which can be told apart by their tills */
export function faultTurn(fault: Fault, isOfTills: boolean, draw: Draw): FaultTurn {
  const { name, takes } = fault
  if (takes === 'switch') return inSequence([name], { [name]: fault.switchedOnBy }, draw)
  if (takes === 'count') return { faults: [name], change: { [name]: 1 + draw(8) } }
  const fields = fieldsOf(fault, draw)
  if (takes === 'parameters') return { faults: [name], change: { [name]: fields } }
  const plan = { ...whenOf(fault, isOfTills && !OF_ONE_TILL.includes(name), draw), ...fields }
  if (name === 'accepted_then_rejected') return rejectedUnheard(plan, draw)
  return draw(SEQUENCES) === 0
    ? inSequence([name], { [name]: plan }, draw)
    : { faults: [name], change: { [name]: plan } }
}

/** Of so many turns one is part of a sequence. */
const SEQUENCES = 5
const MOST_CALLS = 6

/** After some calls that get through, and for a while. */
const inSequence = (faults: string[], change: Fields, draw: Draw): FaultTurn => ({
  faults,
  change: {
    sequence: [{ calls: 1 + draw(MOST_CALLS) }, { ...change, seconds: between(draw, 0.2, 1.5) }],
  },
})

/** Whoever hears that it is accepted does not ask again, and so does not hear that it is rejected. */
function rejectedUnheard(plan: Fields, draw: Draw): FaultTurn {
  const lost = pick(['effect_then_error', 'effect_then_cut', 'effect_then_silence'], draw)
  const change = { accepted_then_rejected: plan, [lost]: { ...poisoned, times: 2, ttl: LONGEST_SECONDS } }
  return { faults: ['accepted_then_rejected', lost], change }
}

/** Ends every fault of a catalogue, but what an OFD is all the time. */
export const noFaults = (catalogue: readonly Fault[]): Fields => ({
  ...Object.fromEntries(
    catalogue.map(({ name, takes, switchedOnBy }) => [name, takes === 'switch' ? !switchedOnBy : 0]),
  ),
  sequence: null,
})
