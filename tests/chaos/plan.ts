import { receiptFaults, serviceFaults } from '@kkt/fault-kit/catalogue.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import type { KktFaultsChange } from '@kkt/mock-kkt/device/faults.ts'
import { seededRandom } from '@kkt/platform/testing.ts'
import { type Draw, passingKktTroubles, pick, shuffled } from '../crash/plan.ts'
import type { Kkt } from '../harness/asked.ts'
import { type Calls, DOCUMENTS, type FaultTurn, faultTurn, HEARTBEATS, TILLS } from './fault_plans.ts'
import { REGISTER_CALLS, REGISTER_FAULTS } from './register_faults.ts'

/** Each actor does one thing at a time. `register`: the process of the service behind which `kkt` is. */
export const ACTORS = ['ofd', 'odoo', 'kkt', 'register', 'adapter 1', 'adapter 2', 'redis', 'operator'] as const
export type Actor = (typeof ACTORS)[number]
export const actorsWith = (kkt: Kkt): Actor[] => ACTORS.filter((actor) => actor !== 'register' || kkt === 'atol')

export type Trouble =
  | ({ do: 'faults' } & FaultTurn)
  | { do: 'kkt'; faults: KktFaultsChange }
  | { do: 'kill' }
  | { do: 'pause' }
  | { do: 'flush' }
  | { do: 'refuse' }
  /** The service of the register ends, and its queue is gone with all results. */
  | { do: 'lose_queue' }
  | { do: 'requeue' }
  /** Says of receipts what only a person can tell. */
  | { do: 'settle' }
  /** Changes the settings of the tills. */
  | { do: 'settings' }

/** How often each thing was done. */
export type Counts = Record<
  | 'kills'
  | 'pauses'
  | 'redisRestarts'
  | 'redisPauses'
  | 'flushes'
  | 'refusals'
  | 'kktFaults'
  | 'registerKills'
  | 'registerPauses'
  | 'lostQueues',
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
const OFD_FAULTS = receiptFaults.filter(({ name }) => name !== 'deduplicate' && name !== 'judge')
const ODOO_FAULTS = serviceFaults
/** A register tries for ever to hand over a document that the OFD has taken back, and keeps back all behind it. */
const REGISTER_OFD_FAULTS = OFD_FAULTS.filter(({ name }) => name !== 'accepted_then_rejected')

/** The faults that strike each mock. */
export const faultsOf = (kkt: Kkt): Readonly<Record<'ofd' | 'odoo' | 'kkt', readonly Fault[]>> => ({
  ofd: kkt === 'atol' ? REGISTER_OFD_FAULTS : OFD_FAULTS,
  odoo: ODOO_FAULTS,
  kkt: kkt === 'atol' ? REGISTER_FAULTS : [],
})

type Lane = { gapMs: [min: number, max: number]; next: (draw: Draw) => Trouble & { forMs: number } }

/** The run's troubles and their times. The same length, seed and register give the same schedule. */
export function planChaos(ms: number, seed: number, kkt: Kkt = 'mock'): Schedule {
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
  const hasRegister = kkt === 'atol'
  const adapterGapMs: Lane['gapMs'] = hasRegister ? [1500, 6000] : [500, 6000]
  // Of documents that a register hands over, none is a dead letter.
  const errand = hasRegister ? 'settle' : 'requeue'
  const { ofd, odoo, kkt: ofRegister } = faultsOf(kkt)
  return {
    ofd: lane('ofd', faultLane(ofd, hasRegister ? DOCUMENTS : TILLS, ms)),
    odoo: lane('odoo', faultLane(odoo, HEARTBEATS, ms)),
    kkt: lane(
      'kkt',
      hasRegister
        ? { ...faultLane(ofRegister, REGISTER_CALLS, ms), gapMs: REGISTER_GAP_MS }
        : { gapMs: [500, 5000], next: kktTrouble },
    ),
    register: hasRegister ? lane('register', { gapMs: [2500, 9000], next: registerTrouble }) : [],
    'adapter 1': lane('adapter 1', { gapMs: adapterGapMs, next: adapterTrouble }),
    'adapter 2': lane('adapter 2', { gapMs: adapterGapMs, next: adapterTrouble }),
    redis: lane('redis', { gapMs: [500, 4000], next: redisTrouble }),
    operator: lane('operator', {
      gapMs: [1000, 4000],
      next: (draw) => ({ do: draw(2) === 0 ? errand : 'settings', forMs: 0 }),
    }),
  }
}

const within = (draw: Draw, min: number, max: number) => min + draw(max - min + 1)

const LONGEST_TURN_MS = 2000
/** A register has one queue, and a register in trouble is asked again only after seconds: it is left alone for a while. */
const REGISTER_GAP_MS: Lane['gapMs'] = [700, 2500]

/** Each fault gets its turn again and again, and at least once in the shortest run. */
function faultLane(catalogue: readonly Fault[], calls: Calls, ms: number): Lane {
  const longestMs = Math.max(1, Math.min(LONGEST_TURN_MS, Math.floor(ms / (catalogue.length + 1))))
  let order: Fault[] = []
  return {
    gapMs: [Math.ceil(longestMs / 3), longestMs],
    next(draw) {
      if (order.length === 0) order = shuffled(catalogue, draw)
      const fault = order.pop() ?? pick(catalogue, draw)
      return { do: 'faults', forMs: 0, ...faultTurn(fault, calls, draw) }
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
      { cover_open: true },
      { receipt_refused: 1 },
      { slow_print_seconds: 0.3 },
    ],
    draw,
  ),
})

/** A pause may be longer or shorter than the lease. */
const adapterTrouble = (draw: Draw): ReturnType<Lane['next']> =>
  draw(3) > 0 ? { do: 'kill', forMs: within(draw, 20, 1500) } : { do: 'pause', forMs: within(draw, 200, 5000) }

/**
 * A document that the OFD takes late must have come before the next life of the register looks for it. That life would send it
 * again.
 */
const SHORTEST_DEATH_MS = 300
const REGISTER_TROUBLES = ['kill', 'kill', 'pause', 'lose_queue'] as const

function registerTrouble(draw: Draw): ReturnType<Lane['next']> {
  const kind = pick(REGISTER_TROUBLES, draw)
  return { do: kind, forMs: kind === 'pause' ? within(draw, 200, 4000) : within(draw, SHORTEST_DEATH_MS, 1500) }
}

const REDIS_TROUBLES = ['flush', 'kill', 'pause', 'refuse'] as const

function redisTrouble(draw: Draw): ReturnType<Lane['next']> {
  const kind = REDIS_TROUBLES[draw(REDIS_TROUBLES.length)] ?? 'flush'
  return { do: kind, forMs: kind === 'flush' ? 0 : within(draw, 100, 4000) }
}
