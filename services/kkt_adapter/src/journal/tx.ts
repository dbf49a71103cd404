import { randomBytes } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import { nextReceiptId } from '../domain/receipt_clock.ts'
import type { Database } from '../sqlite/database.ts'
import { createDocuments } from './documents.ts'
import { createEvents } from './events.ts'
import { createFailures } from './failures.ts'
import { createFiscalMemories } from './fiscal_memories.ts'
import { createGathered } from './gathered.ts'
import { createInsertReceipt, createIntake } from './intake.ts'
import { createLeases } from './leases.ts'
import { createOfds } from './ofds.ts'
import { createQueries, type Queries } from './queries.ts'
import { createRemoval } from './removal.ts'
import { createRestored } from './restored.ts'
import { createRetention } from './retention.ts'
import { createSeqs } from './seqs.ts'
import { createTillThousands } from './till_thousands.ts'
import { createTotals, type HybridClock } from './totals.ts'
import { createTransitions } from './transitions.ts'

/** Assembles the journal's modules, once for a journal. */
export function createStatements(db: Database, { clock, maxUndelivered }: { clock: Clock; maxUndelivered: number }) {
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
  const intake = createIntake(db, { wallMs, gathered, insertReceipt, mintId, maxUndelivered })
  const failures = createFailures(db, { wallMs, gathered })
  const documents = createDocuments(db, { wallMs, gathered })
  const transitions = createTransitions(db, { wallMs, gathered, failures, documents, seqs })
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
      fiscalMemories: fiscalMemories.reads,
      ofds: ofds.reads,
      events: events.reads,
      leases: leases.reads,
      lastFailure: failures.last,
    },
    tx: {
      ...intake.verbs,
      ...transitions,
      ...createRestored(db, { wallMs, insertReceipt, remove, queries, transitions }),
      ...fiscalMemories.verbs,
      ...ofds.verbs,
      ...events.verbs,
      ...totals.verbs,
      ...leases.verbs,
      ...createRetention(db, { wallMs, gathered, remove, keepKnown: fiscalMemories.keepKnown }),
      /**
       * They see the changes of earlier works to receipts in the same commit. They have no counts, because those are
       * written only at its end.
       */
      queries: withoutCounts(queries),
    },
  }
}

const withoutCounts = (queries: Queries): Omit<Queries, 'counts'> => queries

/**
 * The verbs that change the journal. Only a transaction hands them to its works, so a change outside of one is a type
 * error. A work must not keep them or wait: its transaction ends when it returns.
 */
export type Tx = Readonly<ReturnType<typeof createStatements>['tx']>
