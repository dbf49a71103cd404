import type { KktFaultsChange } from '@kkt/adapter/src/kkt/mock/faults.ts'
import { receiptFaults, serviceFaults } from '@kkt/fault-kit/catalogue.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { seededRandom } from '@kkt/platform/testing.ts'
import { type Draw, passingKktTroubles, pick, shuffled } from '../crash/plan.ts'
import { type FaultTurn, faultTurn } from './fault_plans.ts'

/** Each actor does one thing at a time. */
export const ACTORS = ['ofd', 'odoo', 'kkt', 'adapter 1', 'adapter 2', 'redis', 'operator'] as const
export type Actor = (typeof ACTORS)[number]

export type Trouble =
  | ({ do: 'faults' } & FaultTurn)
  | { do: 'kkt'; faults: KktFaultsChange }
  | { do: 'kill' }
  | { do: 'pause' }
  | { do: 'flush' }
  | { do: 'refuse' }
  | { do: 'requeue' }
  /** Changes the settings of the tills. */
  | { do: 'settings' }

/** How often each thing was done. */
export type Counts = Record<
  'kills' | 'pauses' | 'redisRestarts' | 'redisPauses' | 'flushes' | 'refusals' | 'kktFaults',
  number
>
/** A trouble that lasts: its beginning, and its end after the deed's time. */
export type Outage = { counted: keyof Counts; begin(): unknown; end(): unknown }
export type Outages = Partial<Record<Trouble['do'], Outage>>

/** Begins `atMs` after the start and lasts for `forMs`. */
export type Deed = Trouble & { atMs: number; forMs: number }
export type Schedule = Readonly<Record<Actor, readonly Deed[]>>

/**
 * Deduplication is off for the whole run, because it would hide duplicates. The judge is strict for the whole run: a receipt
 * that it refuses is a dead letter that no fault explains.
 */
export const OFD_FAULTS = receiptFaults.filter(({ name }) => name !== 'deduplicate' && name !== 'judge')
export const ODOO_FAULTS = serviceFaults

type Lane = { gapMs: [min: number, max: number]; next: (draw: Draw) => Trouble & { forMs: number } }

/** The run's troubles and their times. The same length and seed give the same schedule. */
export function planChaos(ms: number, seed: number): Schedule {
  const drawOf = (actor: Actor) => seededRandom(seed * ACTORS.length + ACTORS.indexOf(actor))
  const lane = (actor: Actor, { gapMs: [min, max], next }: Lane): Deed[] => {
    const draw = drawOf(actor)
    const deeds: Deed[] = []
    // The first deed always fits, so that each actor has one in the shortest run.
    let atMs = within(draw, min, Math.min(max, Math.floor(ms / 2)))
    for (;;) {
      const deed = { atMs, ...next(draw) }
      if (deeds.length === 0) deed.forMs = Math.min(deed.forMs, ms - atMs)
      if (atMs + deed.forMs > ms) return deeds
      deeds.push(deed)
      atMs += deed.forMs + within(draw, min, max)
    }
  }
  return {
    ofd: lane('ofd', faultLane(OFD_FAULTS, true, ms)),
    odoo: lane('odoo', faultLane(ODOO_FAULTS, false, ms)),
    kkt: lane('kkt', { gapMs: [500, 5000], next: kktTrouble }),
    'adapter 1': lane('adapter 1', { gapMs: [500, 6000], next: adapterTrouble }),
    'adapter 2': lane('adapter 2', { gapMs: [500, 6000], next: adapterTrouble }),
    redis: lane('redis', { gapMs: [500, 4000], next: redisTrouble }),
    operator: lane('operator', {
      gapMs: [1000, 4000],
      next: (draw) => ({ do: draw(2) === 0 ? 'requeue' : 'settings', forMs: 0 }),
    }),
  }
}

const within = (draw: Draw, min: number, max: number) => min + draw(max - min + 1)

const LONGEST_TURN_MS = 2000

/** Each fault gets its turn again and again, and at least once in the shortest run. */
function faultLane(catalogue: readonly Fault[], isOfTills: boolean, ms: number): Lane {
  const longestMs = Math.max(1, Math.min(LONGEST_TURN_MS, Math.floor(ms / (catalogue.length + 1))))
  let order: Fault[] = []
  return {
    gapMs: [Math.ceil(longestMs / 3), longestMs],
    next(draw) {
      if (order.length === 0) order = shuffled(catalogue, draw)
      const fault = order.pop() ?? pick(catalogue, draw)
      return { do: 'faults', forMs: 0, ...faultTurn(fault, isOfTills, draw) }
    },
  }
}

const kktTrouble = (draw: Draw): ReturnType<Lane['next']> => ({
  do: 'kkt',
  forMs: within(draw, 100, 1200),
  faults: pick(
    [
      ...passingKktTroubles(draw),
      { paper_out: true },
      { shift_expired: true },
      { gone: true },
      { fn_full: true },
      { slow_print_seconds: 0.3 },
    ],
    draw,
  ),
})

/** A pause may be longer or shorter than the lease. */
const adapterTrouble = (draw: Draw): ReturnType<Lane['next']> =>
  draw(3) > 0 ? { do: 'kill', forMs: within(draw, 20, 1500) } : { do: 'pause', forMs: within(draw, 200, 5000) }

const REDIS_TROUBLES = ['flush', 'kill', 'pause', 'refuse'] as const

function redisTrouble(draw: Draw): ReturnType<Lane['next']> {
  const kind = REDIS_TROUBLES[draw(REDIS_TROUBLES.length)] ?? 'flush'
  return { do: kind, forMs: kind === 'flush' ? 0 : within(draw, 100, 4000) }
}
