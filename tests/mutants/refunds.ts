import { adapter, type Mutant } from './mutant.ts'

const ROUTE_TEST = adapter('http/refund_receipts.test.ts')
const JOURNAL_TEST = adapter('journal/refunds.test.ts')
const BREAKS = 'what a refund may take back'

/** Bugs in refunds that name their original. */
export const REFUNDS: readonly Mutant[] = [
  {
    name: 'forget what was refunded before',
    breaks: BREAKS,
    file: adapter('journal/intake.ts'),
    find: 'deps.refunds.record(receipt.id, refund, content.totalKopecks)',
    replace: 'void 0',
    caughtBy: ROUTE_TEST,
  },
  {
    name: 'refund a receipt that was put right',
    breaks: BREAKS,
    file: adapter('journal/refunds.ts'),
    find: 'return wasReversed ? 0 : totalKopecks',
    replace: 'return wasReversed && totalKopecks < 0 ? 0 : totalKopecks',
    caughtBy: ROUTE_TEST,
  },
  {
    name: 'count a refund that the KKT refused',
    breaks: BREAKS,
    file: adapter('journal/tx.ts'),
    find: 'deps.refunds.refused(id)',
    replace: '',
    caughtBy: ROUTE_TEST,
  },
  {
    name: 'let a till take a refund beyond the rest',
    breaks: BREAKS,
    file: adapter('http/receipt_routes.ts'),
    find: 'if (isForced && !isOperator(caller))',
    replace: 'if (isForced && caller === null)',
    caughtBy: ROUTE_TEST,
  },
  {
    name: 'forget what refunds need when a receipt is pruned',
    breaks: BREAKS,
    file: adapter('journal/retention.ts'),
    find: 'for (const { seq } of gone) deps.originals.keep(seq)',
    replace: '',
    caughtBy: JOURNAL_TEST,
  },
  {
    name: 'forget an old refund while its original is kept',
    breaks: BREAKS,
    file: adapter('journal/refunds.ts'),
    find: "isKept('sales', 'original')",
    replace: "isKept('sales', 'receipt_id')",
    caughtBy: JOURNAL_TEST,
  },
  {
    name: 'remove what refunds need with the receipts',
    breaks: BREAKS,
    file: adapter('pruner.ts'),
    find: 'receiptsBeforeMs - (refundsKeptDays - retentionDays) * DAY_MS',
    replace: 'receiptsBeforeMs',
    caughtBy: adapter('pruner.test.ts'),
  },
  {
    name: 'leave the sign of the original out of a refund',
    breaks: 'the law of refunds',
    file: adapter('journal/intake.ts'),
    find: 'withOriginal(filledIn, refund?.numbers ?? null)',
    replace: 'withOriginal(filledIn, null)',
    caughtBy: ROUTE_TEST,
  },
  {
    name: 'lose the warnings of a refund that came back from the KKT',
    breaks: 'the same answer for the same key',
    file: adapter('journal/restored.ts'),
    find: 'deps.refunds.renamed(id, found.id)',
    replace: '',
    caughtBy: JOURNAL_TEST,
  },
]
