import { mintedAtMs } from '../domain/receipt_clock.ts'
import { STATUSES, TRANSITIONS } from '../domain/state.ts'
import type { LoggedEntries } from '../journal/audit.ts'
import type { Committed } from '../journal/group_commit.ts'
import type { MetricRegistry } from './registry.ts'

/** The label of a new receipt, which comes from no status. */
const NEW = 'new'

/** From an SSD that lies about its cache to a disk that is about to fail. */
const FSYNC_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
/** Up to the most works that one commit takes. */
const WORKS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
/** From a fast KKT to half an hour without paper. */
const PRINT_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]

/** Counts what each commit of this process has put on the disk. It costs a commit a few increments. */
export function createCommitMetrics(registry: MetricRegistry): (committed: Committed) => void {
  const transitions = transitionCounters(registry)
  const fsync = registry.histogram(
    'kkt_adapter_commit_fsync_seconds',
    'Time of a commit until it was on the disk, mostly the fsync.',
    FSYNC_SECONDS,
  )
  const works = registry.histogram('kkt_adapter_commit_works', 'Writes that shared one commit and its fsync.', WORKS)
  const print = registry.histogram(
    'kkt_adapter_print_seconds',
    'Time from taking a receipt to the record of its fiscal document.',
    PRINT_SECONDS,
  )

  function count(entries: LoggedEntries): void {
    const { kind, from, to, atMs, receiptIds } = entries
    if (kind !== 'receipt') return
    transitions.get(nameOf(from, to))?.inc(receiptIds.length)
    if (to !== 'pending' || (from !== 'printing' && from !== 'unknown')) return
    // An id may be from a clock that is ahead of this one.
    for (const id of receiptIds) print.observe(Math.max(0, atMs - mintedAtMs(id)) / 1000)
  }

  return ({ logged, works: shared, syncMs }) => {
    fsync.observe(syncMs / 1000)
    works.observe(shared)
    for (const entries of logged) count(entries)
  }
}

const nameOf = (from: string | null, to: string) => `${from ?? NEW} ${to}`

/** One counter for each transition that there is, at 0 before the first, so that a rate sees the first. */
function transitionCounters(registry: MetricRegistry) {
  const counter = registry.counter(
    'kkt_adapter_receipt_transitions_total',
    'Transitions of receipts that this process has recorded; from="new" for each receipt that was taken.',
    ['from', 'to'],
  )
  const known = [[NEW, 'accepted'], ...STATUSES.flatMap((from) => TRANSITIONS[from].map((to) => [from, to]))]
  return new Map(
    known.map(([from = '', to = '']) => {
      const one = counter.labels(from, to)
      one.inc(0)
      return [nameOf(from, to), one]
    }),
  )
}
