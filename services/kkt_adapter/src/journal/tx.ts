import { getRandomValues } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { nextReceiptId, nextTaskId } from '../domain/receipt_clock.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import type { DeliveryWay } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { createAttempts } from './attempts.ts'
import { createConfirmed } from './confirmed.ts'
import { createCorrections, createNoteRefused, createPruneCorrections } from './corrections.ts'
import { createDocuments, type Documents } from './documents.ts'
import { createDrawer } from './drawer.ts'
import { createEvents } from './events.ts'
import { createFailures } from './failures.ts'
import { createFiscalMemories } from './fiscal_memories.ts'
import { createGathered, type Gathered } from './gathered.ts'
import { createHandedOver } from './handed_over.ts'
import { createInsertReceipt, createIntake } from './intake.ts'
import { createKeyReceipts } from './key_receipts.ts'
import { createLeases } from './leases.ts'
import { createJournalNew } from './new_receipts.ts'
import { createOfds } from './ofds.ts'
import { createKeptOriginals } from './originals.ts'
import { createQueries, type Queries } from './queries.ts'
import { RecentContents } from './recent_contents.ts'
import { createRefunds, type Refunds } from './refunds.ts'
import { createRemoval } from './removal.ts'
import { createRestored } from './restored.ts'
import { createPruneOriginals, createRetention } from './retention.ts'
import { createSeqs, type Seqs } from './seqs.ts'
import { createShifts } from './shifts.ts'
import { createPruneTasks, createTasks } from './tasks.ts'
import { createTillThousands } from './till_thousands.ts'
import { createTotals, type HybridClock } from './totals.ts'
import { createTransitions } from './transitions.ts'
import { createTwins } from './twins.ts'

/**
 * `maxUndelivered`: the places in the buffer. `way`: of delivery, which says the receipts that take one; @default 'http'.
 * `twinWindowMs`: receipts with one content are twins within this time. @default 0, for none
 */
export type StatementsDeps = { clock: Clock; maxUndelivered: number; way?: DeliveryWay; twinWindowMs?: number }

/** Assembles the journal's modules, once for a journal. */
export function createStatements(db: Database, deps: StatementsDeps) {
  const { maxUndelivered, way = 'http', twinWindowMs = 0 } = deps
  const { wallMs } = deps.clock
  const { mintId, mintTaskId } = mintsBy(wallMs)
  const contents = new RecentContents()
  const [queries, gathered] = [createQueries(db, contents), createGathered(db)]
  const totals = createTotals(db, { wallMs, gathered })
  const { seqs, insertReceipt, remove } = createRows(db, gathered)
  const refunds = createRefunds(db, { wallMs, queries })
  const twins = createTwins(db, { wallMs, windowMs: twinWindowMs, statusOf: queries.statusOf })
  const [documents, keyReceipts] = [createDocuments(db, { wallMs, gathered }), createKeyReceipts(db)]
  const ofKkt = createOfKkt(db, { wallMs, gathered, documents, mintTaskId, keyOwners: keyReceipts.owners })
  const room = { most: maxUndelivered, way }
  const taking = { wallMs, gathered, contents, insertReceipt, mintId, room, refunds, twins, keyReceipts }
  const { intake, corrections } = createTaking(db, { ...taking, taskOfKey: ofKkt.taskOfKey })
  const { failures, transitions } = createMoving(db, { wallMs, gathered, seqs, refunds, documents })
  const fiscalMemories = createFiscalMemories(db, { wallMs, gathered, statusOf: queries.statusOf })
  const [ofds, events] = [createOfds(db), createEvents(db, { wallMs, gathered })]
  const handedOver = createHandedOver(db)
  const leases = createLeases(db, { wallMs, gathered })
  return {
    /** The verbs' reports, written once at the end of their transaction. */
    gathered,
    reads: {
      queries,
      totals: totals.reads,
      intake: intake.reads,
      corrections: corrections.reads,
      refunds: refunds.reads,
      twins: twins.reads,
      fiscalMemories: fiscalMemories.reads,
      ofds: ofds.reads,
      events: events.reads,
      leases: leases.reads,
      lastFailure: failures.last,
      ...createConfirmed(db),
      handedOver,
      ...ofKkt.reads,
    },
    tx: {
      ...intake.verbs,
      ...corrections.verbs,
      ...transitions,
      ...ofKkt.verbs,
      ...createRestored(db, { wallMs, insertReceipt, remove, queries, transitions, refunds, twins }),
      ...fiscalMemories.verbs,
      ...ofds.verbs,
      ...events.verbs,
      ...totals.verbs,
      ...leases.verbs,
      ...createPruning(db, { wallMs, gathered, remove, keepKnown: fiscalMemories.keepKnown, ...ofKkt.pruning }),
      ...readsInside({ queries, tasks: ofKkt.reads.tasks, handedOver, fnInKkt: fiscalMemories.reads.inKkt }),
    },
  }
}

/** The modules that add rows of receipts and remove them. */
function createRows(db: Database, gathered: Gathered) {
  const [seqs, thousands] = [createSeqs(db, gathered), createTillThousands(db)]
  const insertReceipt = createInsertReceipt(db, { gathered, seqs, thousands })
  return { seqs, insertReceipt, remove: createRemoval(db, { gathered, thousands }) }
}

function mintsBy(wallMs: () => number) {
  const source = (mergedMs: number) => ({
    wallMs: () => Math.max(wallMs(), mergedMs),
    randomBytes: (length: number) => getRandomValues(new Uint8Array(length)),
  })
  return {
    mintId: ({ lastReceiptId, mergedMs }: HybridClock) => nextReceiptId(lastReceiptId, source(mergedMs)),
    mintTaskId: ({ lastReceiptId, mergedMs }: HybridClock) => nextTaskId(lastReceiptId, source(mergedMs)),
  }
}

/** The modules of the KKT's work that is no receipt, and of its shifts. */
function createOfKkt(db: Database, deps: Omit<Parameters<typeof createTasks>[1], 'drawer'>) {
  const [drawer, shifts] = [createDrawer(db), createShifts(db)]
  const tasks = createTasks(db, { ...deps, drawer })
  const attempts = createAttempts(db, deps)
  return {
    taskOfKey: tasks.ofKey,
    reads: { tasks: tasks.reads, shifts: shifts.reads, ownDrawerKopecks: drawer.kopecks, ...attempts.reads },
    verbs: {
      ...tasks.verbs,
      ...attempts.verbs,
      recordShiftDocument: (doc: ShiftDocument): void => deps.documents.recordOfShift(doc),
    },
    pruning: { drawer, pruneTasks: createPruneTasks(db), pruneShifts: shifts.prune },
  }
}

type MovingDeps = { wallMs: () => number; gathered: Gathered; seqs: Seqs; refunds: Refunds; documents: Documents }

/** The modules that move receipts from one state to the next. */
function createMoving(db: Database, deps: MovingDeps) {
  const failures = createFailures(db, deps)
  const noteOfCorrection = createNoteRefused(db)
  const noteRefused = (id: ReceiptId): void => {
    noteOfCorrection(id)
    deps.refunds.refused(id)
  }
  return { failures, transitions: createTransitions(db, { ...deps, failures, noteRefused }) }
}

/** The modules that remove what is old. */
function createPruning(
  db: Database,
  deps: Omit<Parameters<typeof createRetention>[1], 'originals'> & Pick<OriginalsDeps, 'pruneShifts'>,
) {
  const originals = createKeptOriginals(db)
  return {
    ...createRetention(db, { ...deps, originals }),
    pruneOriginals: createPruneOriginals({ ...deps, originals, pruneCorrections: createPruneCorrections(db) }),
  }
}

type OriginalsDeps = Parameters<typeof createPruneOriginals>[0]

type TakingDeps = Omit<Parameters<typeof createIntake>[1], 'journalNew'> &
  Pick<Parameters<typeof createJournalNew>[1], 'mintId' | 'contents'>

/** The modules that journal new receipts. */
function createTaking(db: Database, deps: TakingDeps) {
  const journalNew = createJournalNew(db, deps)
  return {
    intake: createIntake(db, { ...deps, journalNew }),
    corrections: createCorrections(db, { ...deps, journalNew }),
  }
}

/**
 * They see the changes of earlier works to receipts in the same commit. They have no counts, because those are written
 * only at its end.
 */
const readsInside = <Reads extends { queries: Queries }>(
  reads: Reads,
): Omit<Reads, 'queries'> & { queries: Omit<Queries, 'counts'> } => reads

/**
 * The verbs that change the journal. Only a transaction hands them to its works, so a change outside of one is a type
 * error. A work must not keep them or wait: its transaction ends when it returns.
 */
export type Tx = Readonly<ReturnType<typeof createStatements>['tx']>
