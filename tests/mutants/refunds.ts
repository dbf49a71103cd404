import { adapter, type Mutant } from './mutant.ts'

const ROUTE_TEST = adapter('http/refund_receipts.test.ts')
const JOURNAL_TEST = adapter('journal/refunds.test.ts')
const LEFT_OUT_TEST = adapter('http/refund_left_out.test.ts')
const QUANTITY_TEST = adapter('http/refund_quantity.long.test.ts')
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
    find: 'const kopecks = gone ? 0 :',
    replace: 'const kopecks = gone && refunds.length > 0 ? 0 :',
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
    file: adapter('journal/originals.ts'),
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
    caughtBy: adapter('pruner.long.test.ts'),
  },
  {
    name: 'leave the sign of the original out of a refund',
    breaks: 'the law of refunds',
    file: adapter('domain/filled_in.ts'),
    find: 'refundOf: from.numbers ?? undefined',
    replace: 'refundOf: undefined',
    caughtBy: ROUTE_TEST,
  },
  {
    name: 'take another rate than that of the original',
    breaks: 'the law of refunds',
    file: adapter('domain/refund.ts'),
    find: 'open.push(index)',
    replace: 'alike.push(...sold.slice(0, 1))',
    caughtBy: LEFT_OUT_TEST,
  },
  {
    name: 'refuse a refund of a lost journal that the KKT has printed',
    breaks: 'the same answer for the same key',
    file: adapter('http/receipt_routes.ts'),
    find: 'const isLost = ',
    replace: 'const isLost = first.kind === "known" && ',
    caughtBy: LEFT_OUT_TEST,
  },
  {
    name: 'forget the pieces that came back',
    breaks: BREAKS,
    file: adapter('journal/refunds.ts'),
    find: 'JSON.stringify(findings), wallMs(), kept)',
    replace: "JSON.stringify(findings), wallMs(), '[]')",
    caughtBy: QUANTITY_TEST,
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
