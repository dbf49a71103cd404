import { TASK_KINDS, type TaskKind } from '@kkt/adapter/src/domain/task.ts'
import type { KktFaultsChange } from '@kkt/mock-kkt/device/faults.ts'
import type { Damage } from './damage.ts'
import { POINTS, type Point, type Step, type TaskStep } from './points.ts'
import type { RegisterTrouble } from './register_plan.ts'

/** The till whose receipts the OFD is told to refuse now and then. */
export const POISONED_TILL = 'poisoned'

/** A configuration of the mock OFD. */
export type OfdTrouble = Readonly<Record<string, number | boolean | Readonly<Record<string, unknown>>>>

/** One life of the adapter, and its end. */
export type Kill = {
  /** Null means at a random instant. */
  at: Point | null
  /** The ordinal, from 1, of the arrival at the point. */
  count: number
  /** For a kill at a random instant: the time from the start, the start-up included. */
  afterMs: number
  ofd: OfdTrouble
  kkt: KktFaultsChange
  /**
   * Done once the adapter listens. `move_away` moves the buffer's files, which are back before the next life. `operate`: a person
   * settles what only a person can.
   */
  deed: 'requeue' | 'close' | 'stop' | 'move_away' | 'operate' | null
  /** The task that the office asks for in this life, over and over. */
  office: TaskKind | null
  /** Whether the kill waits until the adapter delivers. */
  isPatient: boolean
  /** Done to the buffer's files after the kill. */
  damage: Damage | null
  /** Of a cash register of its own. */
  register: RegisterTrouble
}

/** An OFD that works. */
export const NO_TROUBLE = {
  permanent_failure: false,
  failure_count: 0,
  refuse: null,
  effect_delay: 0,
  deduplicate: false,
  effect_then_silence: 0,
  effect_then_cut: 0,
  effect_then_error: 0,
  second_answer: 0,
  lookup_mixed_up: 0,
  judge: 'strict',
}

/** The conditions under which a point is reached. */
type Provoked = Pick<Kill, 'ofd' | 'kkt' | 'deed' | 'count' | 'office' | 'afterMs' | 'register'>
export type Scene = { at: Point | null } & Partial<Provoked>

export const scenesAround = (step: Step, more: Partial<Provoked> = {}): Scene[] => [
  { at: `${step}.before_commit`, ...more },
  { at: `${step}.after_commit`, ...more },
]
const both = scenesAround
const REFUSING = { ofd: { refuse: { pos_id: POISONED_TILL, status: 422 } } }

/** Longer than the next adapter's start, shorter than the time that an OFD has to finish a request that was cut off. */
const LATE_SECONDS = 0.25

const STEPS_OF_A_PAIR: readonly Step[] = [
  'put_right',
  'reversal_signed',
  'reversal_recorded',
  'right_signed',
  'right_recorded',
  'reversal_synced',
  'right_synced',
]
/** Tills put receipts right now and then only, so the first to come counts. */
const pairScenes = (side: 'before_commit' | 'after_commit'): Scene[][] =>
  STEPS_OF_A_PAIR.map((step) => [{ at: `${step}.${side}`, count: 1 }])

/** The kills at each step of a kind of task, each with the state that the crash before it has left. */
function taskChains(office: TaskKind): Scene[][] {
  const at = (step: TaskStep, moment: 'before_commit' | 'after_commit'): Scene => ({
    at: `${office}_${step}.${moment}`,
    office,
  })
  const around = (step: TaskStep): Scene[] => [at(step, 'before_commit'), at(step, 'after_commit')]
  return [
    around('accepted'),
    [at('asked', 'before_commit')],
    [at('asked', 'after_commit'), ...around('unknown'), ...around('looked_up'), ...around('absent')],
    [at('performed', 'before_commit')],
    [at('performed', 'after_commit'), ...around('found')],
    around('done'),
  ]
}

/** Reached only where there is no file yet. */
const IN_A_NEW_FOLDER: readonly Scene[] = [...both('device_made'), ...both('journal_made')]

/** In a chain, each crash needs the state that the crash before it has left. */
const CHAINS: readonly (readonly Scene[])[] = [
  both('lease_taken', { count: 1 }),
  both('lease_released', { deed: 'stop' }),
  both('intake'),
  ...pairScenes('before_commit'),
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
  // Tills do not sell in the life of this office, so that no receipt is told first that the KKT is busy. Each look at its state counts.
  both('task_put_off', { office: 'open_shift', kkt: { busy: 20 } }),
  both('task_refused', { office: 'close_shift', kkt: { fn_broken: true } }),
  ...TASK_KINDS.flatMap(taskChains),
  both('record_not_asked', { kkt: { connection_lost: 3 } }),
  both('record_refused', { kkt: { receipt_refused: 3 } }),
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
  // The submission takes effect only after the next adapter has started.
  [{ at: 'submission.in_flight', ofd: { effect_delay: LATE_SECONDS } }, ...both('record_synced')],
  both('record_undelivered', { ofd: { failure_count: 5 } }),
  // Two dead letters: one to close and one to requeue.
  [
    { at: 'record_dead_letter.before_commit', ...REFUSING },
    { at: 'record_dead_letter.after_commit', ...REFUSING, count: 2 },
    ...both('record_closed', { deed: 'close' }),
    ...both('record_requeued', { deed: 'requeue' }),
  ],
]

/** A short run has some of them. */
const AFTER_STEPS_OF_A_PAIR = pairScenes('after_commit')

/** Gives a whole number from 0 to below its argument. */
export type Draw = (limit: number) => number

export const CALM: Omit<Kill, 'at'> = {
  count: 1,
  afterMs: 0,
  ofd: {},
  kkt: {},
  deed: null,
  office: null,
  isPatient: false,
  damage: null,
  register: { faults: {}, deed: null, deedAfterMs: null },
}

export const UNHARMED: Kill = { ...CALM, at: null }
/** The life after the last kill of a plan. */
export const RECOVERED: Kill = { ...UNHARMED, isPatient: true }

export const calmly = (scenes: readonly Scene[]): Kill[] => scenes.map((scene) => ({ ...CALM, ...scene }))

/** All that can be lived again. */
export const MOCK_CHAINS: readonly (readonly Kill[])[] = [...AFTER_STEPS_OF_A_PAIR, ...CHAINS].map(calmly)

/** Long enough for an adapter to listen and to turn tills away. */
const MOVED_MS = 1500

/** Lives whose files are damaged or moved away after the adapter has delivered for a while. */
const DAMAGED: readonly Kill[] = [
  { ...CALM, at: null, afterMs: 300, isPatient: true, damage: { kind: 'wal_flipped', at: 0.5 } },
  { ...CALM, at: null, afterMs: 300, isPatient: true, damage: { kind: 'wal_lost' } },
  { ...CALM, at: null, afterMs: MOVED_MS, deed: 'move_away' },
]

/** Troubles under which receipts still get through, if late. */
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
/** One in this many lives that end at an instant is damaged. */
const DAMAGES = 8
/** The resolution of a flipped byte's place in the WAL. */
const PARTS = 1_000_000
/** One in this many such lives has its files moved away. */
const DEEDS: readonly Kill['deed'][] = [null, null, null, null, null, null, null, 'move_away']
/** One in this many lives is killed only after it delivers. */
const PATIENCE = 8

/**
 * A plan of kills, the same for the same draws: first each damage and every point once, then points and instants at random,
 * while the OFD and the KKT fail at random.
 */
export function planKills(kills: number, draw: Draw): Kill[] {
  const ordered = [...shuffled(AFTER_STEPS_OF_A_PAIR, draw), ...shuffled(CHAINS, draw)].flat()
  const plan = [...calmly(IN_A_NEW_FOLDER), ...DAMAGED, ...calmly(ordered)]
  while (plan.length < kills) plan.push(...instantsByChance(draw), ...chainByChance(draw))
  return plan.slice(0, kills)
}

/** The number of kills in a new folder and of those that damage its files. Those after the steps of a pair follow. */
export const EVERY_DAMAGE = IN_A_NEW_FOLDER.length + DAMAGED.length
/** The number of kills that reaches every point once and does each damage. */
export const EVERY_POINT = POINTS.length + DAMAGED.length

function chainByChance(draw: Draw): Kill[] {
  return pick([...CHAINS, ...AFTER_STEPS_OF_A_PAIR], draw).map((scene, i) => ({
    ...CALM,
    ofd: pick(passingOfdTroubles(draw), draw),
    kkt: pick(passingKktTroubles(draw), draw),
    // A step that goes on all the time can be counted. A provoked one happens once in a life.
    count: i === 0 && !scene.ofd && !scene.kkt && !scene.deed && !scene.office ? 1 + draw(MOST_COUNTED) : 1,
    ...scene,
  }))
}

const someDamage = (draw: Draw): Damage =>
  draw(3) === 0 ? { kind: 'wal_lost' } : { kind: 'wal_flipped', at: draw(PARTS) / PARTS }

/** The same outage lasts for all of these lives. */
function instantsByChance(draw: Draw): Kill[] {
  const ofd = pick([...passingOfdTroubles(draw), { permanent_failure: true }, REFUSING.ofd], draw)
  const kkt = pick([...passingKktTroubles(draw), { paper_out: true }, { shift_expired: true }, { gone: true }], draw)
  return Array.from({ length: 1 + draw(MOST_INSTANTS) }, () => {
    const isPatient = draw(PATIENCE) === 0
    const deed = isPatient ? null : pick(DEEDS, draw)
    const afterMs = deed === 'move_away' ? MOVED_MS : EARLIEST_MS + draw(LATEST_MS - EARLIEST_MS)
    const damage = draw(DAMAGES) === 0 ? someDamage(draw) : null
    const office = isPatient || draw(2) === 0 ? null : pick(TASK_KINDS, draw)
    return { ...CALM, at: null, afterMs, ofd, kkt: isPatient ? {} : kkt, deed, office, isPatient, damage }
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
