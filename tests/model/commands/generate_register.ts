import type { KktFaultsChange } from '@kkt/mock-kkt/device/faults.ts'
import fc from 'fast-check'
import { OFD_FAULTS, type OfdFault } from '../world/ofd_faults.ts'
import { REGISTER_FAULTS, type RegisterFault, STRUCK_TASKS, type TaskFault } from '../world/register_faults.ts'
import { type Command, FOR_EVER } from './command.ts'
import { from, just, names, node, one, type Weighed, weighed } from './drawing.ts'

/** Errors after which the FN is asked, after which there is certainly no document, that pass, and one that has no rule. */
const CODES = [2, 4, 115, 44, 55, 73, 151, 66, 999] as const

const taskFault = weighed<TaskFault>(
  [
    4,
    fc.record({
      what: one('blocked' as const),
      made: fc.boolean(),
      seconds: weighed<number>([3, from(1, 5)], [1, from(10, 60)]),
      code: one(2, 115),
    }),
  ],
  [
    4,
    fc.record({ what: one('task_error' as const), code: one(...CODES), at: one('open' as const, 'position', 'close') }),
  ],
  [2, fc.record({ what: one('not_printed' as const, 'close_fails_but_closed') })],
  [1, fc.record({ what: one('slow' as const), seconds: from(1, 40) })],
  [3, fc.record({ what: one('request_unknown' as const, 'query_busy') })],
)

const conditions = weighed<KktFaultsChange>(
  [2, fc.constant({ paper_out: true })],
  [1, one({ cover_open: true }, { printer_fault: true }, { shift_expired: true }, { clock_behind_seconds: 90 })],
  [1, one({ fn_full: true }, { fn_broken: true }, { not_registered: true }, { unsent_for_days: 31 })],
  [1, fc.record({ busy: from(1, 3) })],
)

/** Faults of a register behind its service. */
export const registerFaults: Weighed<Command>[] = [
  [
    12,
    fc.record({
      do: just('register_wire'),
      plan: names<RegisterFault>(REGISTER_FAULTS),
      on: one('requests', 'requests', 'requests', 'questions', 'all'),
      times: weighed([6, from(1, 4)], [1, one(FOR_EVER)]),
    }),
  ],
  [
    12,
    fc.record({
      do: just('register_tasks'),
      plan: fc.record({ fault: taskFault, task: one(...STRUCK_TASKS, 'sell', 'sell', 'sell'), times: from(1, 3) }),
    }),
  ],
  [
    6,
    fc.record({
      do: just('register_dies'),
      how: fc.record({
        queue: one('kept', 'kept', 'lost'),
        made: fc.boolean(),
        ms: weighed([3, from(100, 2000)], [1, from(2000, 20_000)]),
      }),
    }),
  ],
  [3, fc.record({ do: just('delete_results') })],
  [4, fc.record({ do: just('kkt'), faults: conditions })],
  [1, fc.record({ do: just('kkt_late'), node, ms: from(1, 3000) })],
  [
    4,
    fc.record({
      do: just('ofd'),
      fault: names<OfdFault>(OFD_FAULTS),
      on: one('all', 'all', 'posts', 'lookups'),
      times: weighed([4, from(1, 3)], [1, one(FOR_EVER)]),
    }),
  ],
  [8, fc.record({ do: just('heal'), what: one('ofd', 'kkt', 'kkt', 'disk') })],
  [1, fc.record({ do: just('close_untraced'), node })],
]
