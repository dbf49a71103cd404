import { randomBytes } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { nextReceiptId } from '../domain/receipt_clock.ts'
import type { Database } from '../sqlite/database.ts'
import { createCorrections, createNoteRefused, createPruneCorrections } from './corrections.ts'
import { createDocuments } from './documents.ts'
import { createEvents } from './events.ts'
import { createFailures } from './failures.ts'
import { createFiscalMemories } from './fiscal_memories.ts'
import { createGathered, type Gathered } from './gathered.ts'
import { createInsertReceipt, createIntake } from './intake.ts'
import { createKeyReceipts } from './key_receipts.ts'
import { createLeases } from './leases.ts'
import { createJournalNew } from './new_receipts.ts'
import { createOfds } from './ofds.ts'
import { createKeptOriginals } from './originals.ts'
import { createQueries, type Queries } from './queries.ts'
import { createRefunds, type Refunds } from './refunds.ts'
import { createRemoval } from './removal.ts'
import { createRestored } from './restored.ts'
import { createPruneOriginals, createRetention } from './retention.ts'
import { createSeqs, type Seqs } from './seqs.ts'
import { createTillThousands } from './till_thousands.ts'
import { createTotals, type HybridClock } from './totals.ts'
import { createTransitions } from './transitions.ts'
import { createTwins } from './twins.ts'

/** `twinWindowMs`: receipts with one content are twins within this time. @default 0, for none */
export type StatementsDeps = { clock: Clock; maxUndelivered: number; twinWindowMs?: number }

/** Assembles the journal's modules, once for a journal. */
export function createStatements(db: Database, { clock, maxUndelivered, twinWindowMs = 0 }: StatementsDeps) {
  const { wallMs } = clock
  const mintId = ({ lastReceiptId, mergedMs }: HybridClock) =>
    nextReceiptId(lastReceiptId, { wallMs: () => Math.max(wallMs(), mergedMs), randomBytes })
  const queries = createQueries(db)
  const gathered = createGathered(db)
  const totals = createTotals(db, { wallMs, gathered })
  const seqs = createSeqs(db, gathered)
  const thousands = createTillThousands(db)
  const insertReceipt = createInsertReceipt(db, { gathered, seqs, thousands })
  const remove = createRemoval(db, { gathered, thousands })
  const refunds = createRefunds(db, { wallMs, queries })
  const twins = createTwins(db, { wallMs, windowMs: twinWindowMs, statusOf: queries.statusOf })
  const taking = { wallMs, gathered, insertReceipt, mintId, maxUndelivered, refunds, twins }
  const { intake, corrections } = createTaking(db, taking)
  const { failures, transitions } = createMoving(db, { wallMs, gathered, seqs, refunds })
  const fiscalMemories = createFiscalMemories(db, { wallMs, statusOf: queries.statusOf })
  const ofds = createOfds(db)
  const events = createEvents(db, { wallMs, gathered })
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
    },
    tx: {
      ...intake.verbs,
      ...corrections.verbs,
      ...transitions,
      ...createRestored(db, { wallMs, insertReceipt, remove, queries, transitions, refunds, twins }),
      ...fiscalMemories.verbs,
      ...ofds.verbs,
      ...events.verbs,
      ...totals.verbs,
      ...leases.verbs,
      ...createPruning(db, { wallMs, gathered, remove, keepKnown: fiscalMemories.keepKnown }),
      /**
       * They see the changes of earlier works to receipts in the same commit. They have no counts, because those are
       * written only at its end.
       */
      queries: withoutCounts(queries),
    },
  }
}

type MovingDeps = { wallMs: () => number; gathered: Gathered; seqs: Seqs; refunds: Refunds }

/** The modules that move receipts from one state to the next. */
function createMoving(db: Database, deps: MovingDeps) {
  const failures = createFailures(db, deps)
  const documents = createDocuments(db, deps)
  const noteOfCorrection = createNoteRefused(db)
  const noteRefused = (id: ReceiptId): void => {
    noteOfCorrection(id)
    deps.refunds.refused(id)
  }
  return { failures, transitions: createTransitions(db, { ...deps, failures, documents, noteRefused }) }
}

/** The modules that remove what is old. */
function createPruning(db: Database, deps: Omit<Parameters<typeof createRetention>[1], 'originals'>) {
  const originals = createKeptOriginals(db)
  return {
    ...createRetention(db, { ...deps, originals }),
    pruneOriginals: createPruneOriginals(originals, createPruneCorrections(db)),
  }
}

type TakingDeps = Omit<Parameters<typeof createIntake>[1], 'keyReceipts' | 'journalNew'> &
  Pick<Parameters<typeof createJournalNew>[1], 'mintId'>

/** The modules that journal new receipts. */
function createTaking(db: Database, deps: TakingDeps) {
  const keyReceipts = createKeyReceipts(db)
  const journalNew = createJournalNew(db, deps)
  return {
    intake: createIntake(db, { ...deps, keyReceipts, journalNew }),
    corrections: createCorrections(db, { ...deps, keyReceipts, journalNew }),
  }
}

const withoutCounts = (queries: Queries): Omit<Queries, 'counts'> => queries

/**
 * The verbs that change the journal. Only a transaction hands them to its works, so a change outside of one is a type
 * error. A work must not keep them or wait: its transaction ends when it returns.
 */
export type Tx = Readonly<ReturnType<typeof createStatements>['tx']>
