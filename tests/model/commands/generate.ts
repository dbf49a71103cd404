import type { TaskKind } from '@kkt/adapter/src/domain/task.ts'
import type { KktFaultsChange } from '@kkt/mock-kkt/device/faults.ts'
import fc from 'fast-check'
import { DISK_FAULTS, type DiskFault } from '../world/disk.ts'
import { REFUSALS, type Refusal } from '../world/ofd.ts'
import { OFD_FAULTS, type OfdFault } from '../world/ofd_faults.ts'
import { REACHES } from '../world/redis.ts'
import type { Settings } from '../world/settings.ts'
import { MORTAL_POINTS, RESTING_POINTS, type Strike } from '../world/strikes.ts'
import { type Command, FOR_EVER, type History, type TaskKey } from './command.ts'
import { from, just, names, node, one, simplestFirst, type Weighed, weighed } from './drawing.ts'
import { registerFaults } from './generate_register.ts'

/** Long enough for faults to meet each other's consequences, short enough for ten thousand histories. */
const MOST_COMMANDS = 80

const HOUR_MS = 3_600_000

const till = one(0, 1, 2)

/** Ranges begin at their simplest value, towards which fast-check shrinks. */
const wait = weighed<number>([4, from(0, 60)], [6, from(0, 1000)], [5, from(0, 5000)], [1, from(0, 20_000)])
/** Some are shorter than the wait for a lease, most are longer. */
const pauseMs = from(1, 10_000)

const kktFaults = weighed<KktFaultsChange>(
  [3, fc.record({ reply_lost: from(1, 2) })],
  [2, fc.record({ connection_lost: from(1, 2) })],
  [2, fc.record({ lookup_lost: from(1, 2) })],
  [1, fc.record({ busy: from(1, 3) })],
  [1, fc.record({ slow_print_seconds: one(1, 3) })],
  [2, fc.constant({ paper_out: true })],
  [1, fc.record({ receipt_refused: from(1, 2) })],
  [1, one({ gone: true }, { shift_expired: true }, { clock_behind_seconds: 30 })],
  [1, one({ fn_full: true }, { cover_open: true }, { closing_reply_lost: 1, shift_expired: true })],
  [1, one({ fn_broken: true }, { not_registered: true }, { printer_fault: true }, { unsent_for_days: 31 })],
  [3, fc.constant({ task_lookup_untellable: true, reply_lost: 2 })],
  [1, fc.constant({ keeps_no_drawer_sum: true })],
)

/**
 * Left to the journal's disk, because a real KKT is no file: no process keeps a transaction on it open and locks out another, and
 * its FN cannot be lost by moving it.
 */
const ONLY_OF_A_FILE: readonly DiskFault[] = ['error_at_end', 'moved_away']
const anyDiskFault = names<DiskFault>(DISK_FAULTS)
const diskFault = weighed<Pick<Extract<Command, { do: 'disk' }>, 'disk' | 'fault'>>(
  [3, fc.record({ disk: one('journal'), fault: anyDiskFault })],
  [1, fc.record({ disk: one('kkt'), fault: anyDiskFault.filter((name) => !ONLY_OF_A_FILE.includes(name)) })],
)

const resting = { point: one(...RESTING_POINTS), nth: from(1, 4) }
const mortal = fc.record({
  deed: one('crash'),
  point: one(...MORTAL_POINTS),
  side: one('before' as const, 'after'),
  nth: weighed([3, from(1, 4)], [2, from(1, 30)]),
})
const strike: fc.Arbitrary<Strike> = weighed<Strike>(
  [4, mortal],
  [2, fc.record({ deed: one('crash'), ...resting })],
  [4, fc.record({ deed: one('pause'), ...resting, ms: pauseMs })],
  [1, fc.record({ deed: one('wake_others'), ...resting })],
)

const MOST_SEEDS = 2 ** 31
/** 0, towards which it shrinks, makes a small sale. */
const receiptSeed = simplestFirst([1, one(0)], [3, from(1, MOST_SEEDS)])

const sales: Weighed<Command>[] = [
  [20, fc.record({ do: just('sell'), node, till, count: weighed([5, one(1)], [1, from(2, 4)]), seed: receiptSeed })],
  [2, fc.record({ do: just('sell_wrong'), node, till, seed: from(0, MOST_SEEDS) })],
  [2, fc.record({ do: just('settings') })],
  [4, fc.record({ do: just('repeat'), node, back: from(0, 5) })],
  [1, fc.record({ do: just('misuse'), node, back: from(0, 5) })],
  [
    5,
    fc.record({
      do: just('put_right'),
      node,
      till,
      back: from(0, 3),
      by: one('id', 'id', 'id', 'numbers', 'numbers', 'nothing'),
      right: weighed<number | null>([1, one(null)], [2, one(0)], [2, from(1, MOST_SEEDS)]),
    }),
  ],
  [2, fc.record({ do: just('repeat_right'), node, back: from(0, 3), other: one(false, false, true) })],
  [
    6,
    fc.record({
      do: just('refund'),
      node,
      till,
      back: from(0, 3),
      by: one('id', 'id', 'numbers'),
      how: one('part', 'part', 'rest', 'beyond', 'two_at_once', 'unknown'),
    }),
  ],
  [3, fc.record({ do: just('prune'), node, what: one('receipts', 'receipts', 'all') })],
  [2, fc.record({ do: just('sync'), node })],
]

const looks: Weighed<Command>[] = [[1, fc.record({ do: just('look'), node })]]

/** Dead letters are of adapters that deliver by themselves. */
const deadLetters: Weighed<Command>[] = [
  [2, fc.record({ do: just('requeue'), node, what: one('one', 'all') })],
  [1, fc.record({ do: just('close'), node })],
]

const kind = weighed<TaskKind>(
  [2, one('open_shift', 'close_shift')],
  [1, one('x_report', 'copy')],
  [3, one('cash_in', 'cash_out')],
)
const tasks: Weighed<Command>[] = [
  [
    12,
    fc.record({
      do: just('task'),
      node,
      kind,
      kopecks: from(1, 5000),
      back: from(0, 3),
      key: weighed<TaskKey>([4, one('own')], [4, one('none')], [1, one('of_receipt')]),
      twice: weighed([4, one(false)], [1, one(true)]),
    }),
  ],
  [4, fc.record({ do: just('repeat_task'), node, back: from(0, 3), other: weighed([4, one(false)], [1, one(true)]) })],
  [2, fc.record({ do: just('replace_fn') })],
  [1, fc.record({ do: just('settle_task'), node })],
  [1, fc.record({ do: just('settle_receipt'), node })],
]

const times: Weighed<Command>[] = [
  [30, fc.record({ do: just('wait'), ms: wait })],
  [1, fc.record({ do: just('set_clock'), byMs: one(...[-24, -2, -1, 1, 2, 25].map((hours) => hours * HOUR_MS)) })],
]

const faults: Weighed<Command>[] = [
  [
    8,
    fc.record({
      do: just('ofd'),
      fault: names<OfdFault>(OFD_FAULTS),
      on: one('all', 'all', 'all', 'posts', 'posts', 'posts', 'lookups'),
      times: weighed([4, from(1, 3)], [1, one(FOR_EVER)]),
    }),
  ],
  [3, fc.record({ do: just('ofd_power_cycle') })],
  // Answers of something else than the receipt's own: those to look-ups decide whether it is sent again.
  [3, fc.record({ do: just('ofd'), fault: one('proxy_page', 'mixed_up'), on: one('lookups'), times: from(1, 3) })],
  [3, fc.record({ do: just('ofd'), fault: one('second_answer'), on: one('all'), times: from(1, 3) })],
  [
    2,
    fc.record({
      do: just('refuse'),
      what: weighed<Refusal['what']>([4, one('next')], [1, one('till', 'all')]),
      till,
      status: weighed<Refusal['status']>([1, one(...REFUSALS)], [1, one(500)]),
    }),
  ],
  [5, fc.record({ do: just('kkt'), faults: kktFaults })],
  [1, fc.record({ do: just('kkt_late'), node, ms: weighed([1, from(1, 1000)], [1, from(1, 8000)]) })],
  [
    3,
    fc
      .record({ what: diskFault, times: weighed([8, from(1, 5)], [1, one(FOR_EVER)]) })
      .map(({ what, times }) => ({ do: 'disk', ...what, times })),
  ],
  [2, fc.record({ do: just('redis'), node, reach: one(...REACHES) })],
  [1, fc.record({ do: just('flush_redis') })],
  [1, fc.record({ do: just('spoil_redis') })],
  [2, fc.record({ do: just('other_host'), ms: from(100, 20_000), dies: fc.boolean() })],
  [6, fc.record({ do: just('heal'), what: one('ofd', 'kkt', 'disk', 'redis') })],
]

const processes: Weighed<Command>[] = [
  [9, fc.record({ do: just('strike'), node, strike })],
  [2, fc.record({ do: just('crash'), node })],
  [6, fc.record({ do: just('start'), node })],
  [1, fc.record({ do: just('stop'), node })],
  [2, fc.record({ do: just('pause'), node, ms: pauseMs })],
  [1, fc.record({ do: just('resume'), node })],
]

/** The first value of each is that of SIMPLEST. */
const settings: fc.Arbitrary<Settings> = fc.record({
  kkt: one('mock'),
  seed: from(0, MOST_SEEDS),
  nodes: one(1, 2, 2, 2),
  restartsInPlace: one(true, false),
  hasRedis: one(false, false, false, true),
  restartsAfterMs: one(null, 100, 2000, 6000),
  maxUndelivered: simplestFirst([2, one(12, 11, 10, 9, 8, 7, 6, 5, 4)], [1, from(1, 3)]),
  ofdLookup: simplestFirst<Settings['ofdLookup']>([5, one('offered')], [1, one(404, 405, 501)]),
  ofdNamesReceipts: one(true, true, false),
  // Only the longer ones let a paused sender still send, or hear an answer, after another has taken over.
  ofdTimeoutMs: one(1000, 1000, 2000, 2000, 10_000, 30_000),
  ofdSkewMs: one(0, 0, -HOUR_MS, 60_000, HOUR_MS),
  ofdTellsFractions: fc.boolean(),
  breakerThreshold: one(3, 2),
  breakerTimeoutMs: one(5000, 2000),
  printsAtOnce: fc.boolean(),
  syncIntervalMs: one(3000, 1000),
  maxInFlight: one(1, 2, 10),
  maxRetryAttempts: one(3, 2),
})

const command = weighed<Command>(...sales, ...deadLetters, ...looks, ...tasks, ...times, ...faults, ...processes)

/** Without Redis: the KKT delivers by itself, and only one host drives it. */
const settingsOfRegister: fc.Arbitrary<Settings> = settings.map((drawn) => ({
  ...drawn,
  kkt: 'atol',
  hasRedis: false,
  ofdLookup: 'offered',
}))

/** Disk faults of the journal. The register is another machine. */
const journalFaults: Weighed<Command>[] = [
  [
    2,
    fc.record({
      do: just('disk'),
      disk: one('journal'),
      fault: anyDiskFault,
      times: weighed([8, from(1, 5)], [1, one(FOR_EVER)]),
    }),
  ],
]

const commandOfRegister = weighed<Command>(
  ...sales,
  ...looks,
  ...tasks,
  ...times,
  ...registerFaults,
  ...journalFaults,
  ...processes,
)

const historiesOf = (settings: fc.Arbitrary<Settings>, command: fc.Arbitrary<Command>): fc.Arbitrary<History> =>
  fc.noBias(fc.record({ settings, commands: fc.array(command, { maxLength: MOST_COMMANDS, size: 'max' }) }))

/**
 * Histories as in real life, with far more faults, by the KKT of the adapters. fast-check shrinks towards SIMPLEST and towards few
 * commands.
 */
export const histories: Readonly<Record<Settings['kkt'], fc.Arbitrary<History>>> = {
  mock: historiesOf(settings, command),
  atol: historiesOf(settingsOfRegister, commandOfRegister),
}
