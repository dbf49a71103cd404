import type { KktFaultsChange } from '@kkt/adapter/src/kkt/mock/faults.ts'
import type { Damage } from './damage.ts'
import { POINTS, type Point, type Step } from './points.ts'

/** The till whose receipts the OFD is told to refuse now and then. */
export const POISONED_TILL = 'poisoned'

/** What the mock OFD is told to do wrong. */
export type OfdTrouble = Readonly<Record<string, number | boolean | Readonly<Record<string, unknown>>>>

/** A life of the adapter, and its end. */
export type Kill = {
  /** Null is at a random instant. */
  at: Point | null
  /** The how manieth time the point is reached. */
  count: number
  /** At a random instant: so long after the start, which takes some of it. */
  afterMs: number
  ofd: OfdTrouble
  kkt: KktFaultsChange
  /** What somebody does once it listens. `move_away` is of the buffer's files, which are back for the next life. */
  deed: 'requeue' | 'close' | 'stop' | 'move_away' | null
  /** It is left alone until it delivers. */
  isPatient: boolean
  /** What becomes of the buffer's files after it. */
  damage: Damage | null
}

/** What makes a point be reached, once a life where it says so. */
type Provoked = Pick<Kill, 'ofd' | 'kkt' | 'deed' | 'count'>
type Scene = { at: Point } & Partial<Provoked>

const both = (step: Step, more: Partial<Provoked> = {}): Scene[] => [
  { at: `${step}.before_commit`, ...more },
  { at: `${step}.after_commit`, ...more },
]
const REFUSING = { ofd: { refuse: { pos_id: POISONED_TILL, status: 422 } } }

/** Longer than the next adapter takes to start, and within the time that an OFD has to finish. */
const LATE_SECONDS = 0.25

/** Only where there is no file yet. */
const IN_A_NEW_FOLDER: readonly Scene[] = [...both('device_made'), ...both('journal_made')]

/** Each crash but a chain's first needs what the one before it has left. */
const CHAINS: readonly (readonly Scene[])[] = [
  both('lease_taken', { count: 1 }),
  both('lease_released', { deed: 'stop' }),
  both('intake'),
  [{ at: 'mark_printing.before_commit' }],
  [
    { at: 'mark_printing.after_commit' },
    ...both('record_unknown'),
    ...both('device_looked_up'),
    ...both('record_absent'),
  ],
  [{ at: 'device_signed.before_commit' }],
  [{ at: 'device_signed.after_commit' }, ...both('record_found'), ...both('record_on_paper')],
  both('device_printed'),
  both('record_printed'),
  both('record_not_asked', { kkt: { connection_lost: 3 } }),
  both('record_refused', { kkt: { fn_full: true } }),
  [{ at: 'answer.before_it_leaves' }, { at: 'answer.after_it_left' }],
  [{ at: 'mark_syncing.before_commit' }],
  [
    { at: 'mark_syncing.after_commit' },
    ...both('record_reclaimed'),
    { at: 'ofd_lookup.before_it_leaves' },
    { at: 'ofd_lookup.in_flight' },
    { at: 'ofd_lookup.after_reply' },
  ],
  [{ at: 'submission.before_it_leaves' }],
  [{ at: 'submission.after_reply' }],
  // What the one that died has sent takes effect when the next one is there already.
  [{ at: 'submission.in_flight', ofd: { effect_delay: LATE_SECONDS } }, ...both('record_synced')],
  both('record_undelivered', { ofd: { failure_count: 5 } }),
  // Two dead letters: one to be closed, and one to be requeued.
  [
    { at: 'record_dead_letter.before_commit', ...REFUSING },
    { at: 'record_dead_letter.after_commit', ...REFUSING, count: 2 },
    ...both('record_closed', { deed: 'close' }),
    ...both('record_requeued', { deed: 'requeue' }),
  ],
]

/** Gives a whole number from 0 to below its argument. */
export type Draw = (limit: number) => number

export const CALM: Omit<Kill, 'at'> = {
  count: 1,
  afterMs: 0,
  ofd: {},
  kkt: {},
  deed: null,
  isPatient: false,
  damage: null,
}

/** Long enough for an adapter to listen, and for tills to be refused. */
const MOVED_MS = 1500

/** Lives whose files are damaged after they have delivered for a while, or are moved away. */
const DAMAGED: readonly Kill[] = [
  { ...CALM, at: null, afterMs: 300, isPatient: true, damage: { kind: 'wal_flipped', at: 0.5 } },
  { ...CALM, at: null, afterMs: 300, isPatient: true, damage: { kind: 'wal_lost' } },
  { ...CALM, at: null, afterMs: MOVED_MS, deed: 'move_away' },
]

/** Troubles in which receipts still get through, if late. */
const passingOfdTroubles = (draw: Draw): OfdTrouble[] => [
  {},
  {},
  { effect_then_silence: 1 + draw(4) },
  { effect_then_cut: 1 + draw(4) },
  { effect_then_error: 1 + draw(4) },
  { failure_count: 1 + draw(6) },
  { effect_delay: LATE_SECONDS },
  { second_answer: 1 + draw(4) },
  { lookup_mixed_up: { found: draw(2) === 0, times: 1 + draw(4) } },
]
export const passingKktTroubles = (draw: Draw): KktFaultsChange[] => [
  {},
  {},
  {},
  { reply_lost: 1 + draw(2) },
  { lookup_lost: 1 + draw(2) },
  { connection_lost: 1 + draw(2) },
  { busy: 1 + draw(2) },
]

const MOST_INSTANTS = 4
const MOST_COUNTED = 20
const EARLIEST_MS = 20
const LATEST_MS = 600
/** Of so many lives that end at an instant one is damaged. */
const DAMAGES = 8
/** A flipped byte is anywhere in the WAL. */
const PARTS = 1_000_000
/** Once in so many such lives the files are moved away. */
const DEEDS: readonly Kill['deed'][] = [null, null, null, null, null, null, null, 'move_away']
/** Of so many lives one is left alone until it delivers. */
const PATIENCE = 8

/**
 * So many kills, the same for the same numbers drawn: first with each damage and at every point once, then at points and
 * instants by chance, while by chance the OFD and the KKT fail.
 */
export function planKills(kills: number, draw: Draw): Kill[] {
  const calmly = (scenes: readonly Scene[]) => scenes.map((scene): Kill => ({ ...CALM, ...scene }))
  const plan = [...calmly(IN_A_NEW_FOLDER), ...DAMAGED, ...calmly(shuffled(CHAINS, draw).flat())]
  while (plan.length < kills) plan.push(...instantsByChance(draw), ...chainByChance(draw))
  return plan.slice(0, kills)
}

/** How many kills it takes to reach every point once, and to have each damage done. */
export const EVERY_POINT = POINTS.length + DAMAGED.length

function chainByChance(draw: Draw): Kill[] {
  return pick(CHAINS, draw).map((scene, i) => ({
    ...CALM,
    ofd: pick(passingOfdTroubles(draw), draw),
    kkt: pick(passingKktTroubles(draw), draw),
    // What goes on all the time can happen more than once in a life, and what is provoked cannot.
    count: i === 0 && !scene.ofd && !scene.kkt && !scene.deed ? 1 + draw(MOST_COUNTED) : 1,
    ...scene,
  }))
}

const someDamage = (draw: Draw): Damage =>
  draw(3) === 0 ? { kind: 'wal_lost' } : { kind: 'wal_flipped', at: draw(PARTS) / PARTS }

/** An outage may last for several lives. */
function instantsByChance(draw: Draw): Kill[] {
  const ofd = pick([...passingOfdTroubles(draw), { permanent_failure: true }, REFUSING.ofd], draw)
  const kkt = pick([...passingKktTroubles(draw), { paper_out: true }, { shift_expired: true }, { gone: true }], draw)
  return Array.from({ length: 1 + draw(MOST_INSTANTS) }, () => {
    const isPatient = draw(PATIENCE) === 0
    const deed = isPatient ? null : pick(DEEDS, draw)
    const afterMs = deed === 'move_away' ? MOVED_MS : EARLIEST_MS + draw(LATEST_MS - EARLIEST_MS)
    const damage = draw(DAMAGES) === 0 ? someDamage(draw) : null
    return { at: null, count: 1, afterMs, ofd, kkt: isPatient ? {} : kkt, deed, isPatient, damage }
  })
}

export function pick<T>(items: readonly T[], draw: Draw): T {
  const picked = items[draw(items.length)]
  if (picked === undefined) throw new Error('There is nothing to pick from')
  return picked
}

export function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  const order = [...items]
  for (let i = order.length - 1; i > 0; i--) {
    const j = draw(i + 1)
    const [a, b] = [order[i], order[j]]
    if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a]
  }
  return order
}
