/** The kills of a run whose cash register is one of its own, with the troubles of its service. */
import { TASK_KINDS, type TaskKind } from '@kkt/adapter/src/domain/task.ts'
import { scenesAround as both, CALM, calmly, type Draw, type Kill, pick, type Scene, shuffled } from './plan.ts'
import type { TaskStep } from './points.ts'

/**
 * A deed at the register's service. `kill`: it dies, and is back after a moment. `lose_queue`: it comes back without its earlier
 * requests, as one that was installed again. `delete_results`: those of all requests that have ended. `swap_fn`: another FN is put in.
 * `swap_and_forget`: both. `cancel`: a person takes all waiting requests out of its queue.
 */
export type RegisterDeed = 'kill' | 'lose_queue' | 'delete_results' | 'swap_fn' | 'swap_and_forget' | 'cancel'

/** `faults`: of the mock. `deedAfterMs`: from the start of the life; null does the deed before the adapter starts. */
export type RegisterTrouble = {
  faults: Readonly<Record<string, unknown>>
  deed: RegisterDeed | null
  deedAfterMs: number | null
}

const trouble = (given: Partial<RegisterTrouble>): { register: RegisterTrouble } => ({
  register: { ...CALM.register, ...given },
})
const before = (deed: RegisterDeed) => trouble({ deed })
const faults = (some: RegisterTrouble['faults']) => trouble({ faults: some })

/** Long enough for an adapter to listen, to look up what is unclear, and to print the next. */
const LOOKED_UP_MS = 1500
const SALES = ['sell', 'sellReturn', 'buy', 'buyReturn']
/** A count that questions use up would strike no document. */
const atSales = (how: object) => SALES.map((task) => ({ ...how, match: { task } }))

const pairScenes = (side: 'before_commit' | 'after_commit'): Scene[][] =>
  (['put_right', 'reversal_recorded', 'right_recorded', 'reversal_synced', 'right_synced'] as const).map((step) => [
    { at: `${step}.${side}`, count: 1 },
  ])

/** The kills at each step of a kind of task, each with the state that the crash before it has left. */
function taskChains(office: TaskKind): Scene[][] {
  const around = (step: TaskStep): Scene[] => both(`${office}_${step}`, { office })
  return [
    around('accepted'),
    [{ at: `${office}_asked.before_commit`, office }],
    [{ at: `${office}_asked.after_commit`, office }, ...around('unknown'), ...around('absent')],
    [{ at: `${office}_done.before_commit`, office }, ...around('found')],
    [{ at: `${office}_done.after_commit`, office }],
  ]
}

/** The places at which a receipt is under way at the register. */
const UNDER_WAY: readonly Scene[] = [
  { at: 'attempt.after_commit', count: 2 },
  { at: 'receipt_request.before_it_leaves', count: 2 },
  { at: 'receipt_request.in_flight', count: 2 },
  { at: 'receipt_request.after_reply', count: 2 },
  { at: 'result.after_reply', count: 3 },
]
const DEEDS: readonly RegisterDeed[] = ['kill', 'lose_queue', 'delete_results', 'swap_fn', 'swap_and_forget']

/** A receipt is under way, the adapter dies, and then this happens to the register. The next adapter has to find out. */
const FOUND_OUT: readonly (readonly Scene[])[] = UNDER_WAY.flatMap((scene) =>
  DEEDS.map((deed) => [scene, { at: null, afterMs: LOOKED_UP_MS, ...before(deed) }]),
)

const REACHING: readonly (readonly Scene[])[] = [
  both('lease_taken', { count: 1 }),
  both('lease_released', { deed: 'stop' }),
  both('intake'),
  ...pairScenes('before_commit'),
  ...pairScenes('after_commit'),
  [{ at: 'mark_printing.before_commit' }],
  [{ at: 'mark_printing.after_commit' }, ...both('record_unknown'), ...both('record_absent')],
  [{ at: 'attempt.before_commit' }],
  [{ at: 'attempt.after_commit' }],
  [{ at: 'receipt_request.before_it_leaves' }],
  [{ at: 'receipt_request.in_flight' }, ...both('record_found')],
  [{ at: 'receipt_request.after_reply' }],
  [{ at: 'result.before_it_leaves' }],
  [{ at: 'result.in_flight' }],
  [{ at: 'result.after_reply' }],
  [{ at: 'reading.before_it_leaves' }],
  [{ at: 'reading.in_flight' }],
  [{ at: 'reading.after_reply' }],
  [{ at: 'question.before_it_leaves' }],
  [{ at: 'question.in_flight' }],
  [{ at: 'question.after_reply' }],
  ...(['before_it_leaves', 'in_flight', 'after_reply'] as const).map((moment): Scene[] => [
    { at: `task_request.${moment}`, office: 'x_report' },
  ]),
  both('record_printed'),
  both('record_handed_over'),
  both('record_on_paper', faults({ not_printed: atSales({ times: 3 }) })),
  both('record_refused', faults({ task_error: atSales({ code: 110, at: 'position' }) })),
  both('task_put_off', { office: 'x_report', ...faults({ task_error: { code: 55, match: { task: 'reportX' } } }) }),
  both('task_refused', { office: 'cash_in', ...faults({ task_error: { code: 110, match: { task: 'cashIn' } } }) }),
  [{ at: 'answer.before_it_leaves' }, { at: 'answer.after_it_left' }],
  // Nothing tells of a receipt whose FN was taken out before it was looked up. An attempt may be that of a task.
  [{ at: 'receipt_request.before_it_leaves' }, { at: 'record_untold.before_commit', ...before('swap_and_forget') }],
  [{ at: 'receipt_request.in_flight' }, { at: 'record_untold.after_commit', ...before('swap_and_forget') }],
  [
    { at: 'receipt_request.before_it_leaves' },
    { at: null, afterMs: LOOKED_UP_MS, ...before('swap_and_forget') },
    ...both('settled_not_printed', { deed: 'operate' }),
  ],
  [
    { at: 'result.after_reply', count: 2 },
    { at: null, afterMs: LOOKED_UP_MS, ...before('swap_and_forget') },
    ...both('settled_printed', { deed: 'operate' }),
  ],
  // Cash leaves nothing in the FN, so a queue that is lost takes what it knew of it along.
  [
    { at: 'task_request.in_flight', office: 'cash_in', ...faults({}) },
    { at: 'task_unclear.before_commit', ...before('lose_queue') },
    { at: 'task_unclear.after_commit' },
    ...both('task_settled', { deed: 'operate' }),
  ],
  // The OFD is away, and the FN is taken out with what it has not got.
  [
    { at: null, afterMs: LOOKED_UP_MS, ofd: { permanent_failure: true } },
    { at: null, afterMs: LOOKED_UP_MS, ofd: { permanent_failure: true }, ...before('swap_fn') },
    ...both('record_untraced_closed', { deed: 'operate' }),
  ],
  ...TASK_KINDS.flatMap(taskChains),
]

/** Reached only where there is no file yet. */
const IN_A_NEW_FOLDER: readonly Scene[] = both('journal_made')

const lossOfAnswers = (draw: Draw): RegisterTrouble['faults'][] => [
  { reset_before_effect: { operation: 'submit', times: 1 + draw(3) } },
  { reset_after_effect: { operation: 'submit', times: 1 + draw(3) } },
  { effect_then_cut: { operation: 'submit', times: 1 + draw(3) } },
  { effect_then_error: { operation: 'submit', times: 1 + draw(3) } },
  { effect_then_silence: { operation: 'submit', times: 1 } },
  { malformed_json: { times: 1 + draw(3) } },
  { html_with_200: { times: 1 + draw(3) } },
  { empty_200: { times: 1 + draw(3) } },
  { wrong_schema: { times: 1 + draw(3) } },
  { request_unknown: 1 + draw(3) },
]

/** Troubles under which receipts still get through, if late. */
const passing = (draw: Draw): RegisterTrouble['faults'][] => [
  ...lossOfAnswers(draw),
  { blocked: atSales({ made: true, seconds: 0.4, times: 1 + draw(2) }) },
  { blocked: atSales({ made: false, seconds: 0.4, times: 1 + draw(2) }) },
  {
    task_error: atSales({ code: pick([2, 3, 44, 55, 68, 81, 999], draw), at: pick(['open', 'close'], draw), times: 1 }),
  },
  { close_fails_but_closed: atSales({ times: 1 + draw(3) }) },
  { not_printed: atSales({ times: 1 + draw(3) }) },
  { paper_out: true },
  { query_busy: 1 + draw(4) },
  { slow: { seconds: 0.3, times: 1 + draw(4) } },
  { unavailable: { times: 1 + draw(4) } },
  { shift_expired: true },
]

const DURING: readonly RegisterDeed[] = [
  'kill',
  'kill',
  'lose_queue',
  'delete_results',
  'delete_results',
  'swap_fn',
  'cancel',
]
const MOST_COUNTED = 12
const EARLIEST_MS = 300
const LATEST_MS = 1500

/** The lives that follow: a step or an instant, while the register fails and its service dies. */
function byChance(draw: Draw): Kill[] {
  const troubleOf = (): RegisterTrouble => ({
    faults: draw(3) === 0 ? {} : pick(passing(draw), draw),
    deed: draw(3) === 0 ? pick(DURING, draw) : null,
    deedAfterMs: draw(4) === 0 ? null : EARLIEST_MS + draw(LATEST_MS - EARLIEST_MS),
  })
  if (draw(3) === 0) {
    const office = draw(2) === 0 ? null : pick(TASK_KINDS, draw)
    const afterMs = EARLIEST_MS + draw(LATEST_MS - EARLIEST_MS)
    return [{ ...CALM, at: null, afterMs, office, register: troubleOf() }]
  }
  return pick([...REACHING, ...FOUND_OUT, ...FOUND_OUT], draw).map((scene, i) => ({
    ...CALM,
    register: troubleOf(),
    count: i === 0 && !scene.register && !scene.deed && !scene.office ? 1 + draw(MOST_COUNTED) : 1,
    ...scene,
  }))
}

/** All of them that come to a step of their own. */
export const REGISTER_CHAINS: readonly (readonly Kill[])[] = REACHING.map(calmly)

/**
 * A plan of kills, the same for the same draws: first every point once and each deed after each place at which a receipt is under
 * way, then points and instants at random, while the register and its service fail at random. A run that is too short for all has
 * both by turns.
 */
export function planRegisterKills(kills: number, draw: Draw): Kill[] {
  const isShort = kills < EVERY_REGISTER_POINT
  const chains = shuffled([...REACHING, ...FOUND_OUT], draw).map(calmly)
  const first = isShort ? chains.flatMap((chain) => [...chain, ...byChance(draw)]) : chains.flat()
  const plan = [...calmly(IN_A_NEW_FOLDER), ...first]
  while (plan.length < kills) plan.push(...byChance(draw))
  return plan.slice(0, kills)
}

/** The number of kills that reaches every point and does each deed. */
export const EVERY_REGISTER_POINT = [IN_A_NEW_FOLDER, ...REACHING, ...FOUND_OUT].flat().length
