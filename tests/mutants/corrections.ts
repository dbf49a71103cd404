import { adapter, type Mutant } from './mutant.ts'
import { REFUNDS } from './refunds.ts'

const CORRECTIONS_TEST = adapter('journal/corrections.test.ts')
const ROUTES_TEST = adapter('http/correction_routes.test.ts')
const REFUSALS_TEST = adapter('http/correction_refusals.test.ts')

/** Bugs in putting wrong receipts right, and in money back. */
export const CORRECTIONS: readonly Mutant[] = [
  ...REFUNDS,
  {
    name: 'repeat the operation of a wrong receipt in its reversal',
    breaks: 'the law of corrections',
    file: adapter('domain/put_right.ts'),
    find: 'type: OPPOSITE[wrong.type]',
    replace: 'type: wrong.type',
    caughtBy: adapter('domain/put_right.test.ts'),
  },
  {
    name: 'take back the change with the cash',
    breaks: 'the law of corrections',
    file: adapter('domain/put_right.ts'),
    find: 'const { payments } = settle(wrong.payments, wrong.totalKopecks, wrong.type)',
    replace: 'const { payments } = wrong',
    caughtBy: adapter('domain/put_right.test.ts'),
  },
  {
    name: 'put a document right twice',
    breaks: 'the law of corrections',
    file: adapter('journal/corrections.ts'),
    find: 'wrong && ofDocument.get(wrong.fnNumber, wrong.fdNumber)',
    replace: 'null as { correction_id: ReceiptId } | null',
    caughtBy: REFUSALS_TEST,
  },
  {
    name: 'take a correction where there is room for one receipt',
    breaks: 'invariant 9',
    file: adapter('journal/corrections.ts'),
    find: '(reversal && right ? 2 : 1)',
    replace: '1',
    caughtBy: REFUSALS_TEST,
  },
  {
    name: 'forget which key a correction had',
    breaks: 'invariant 2',
    file: adapter('journal/corrections.ts'),
    find: 'const known = reads.ofKey(wanted, actor.owner, isFormer)',
    replace: 'const known = reads.ofKey({ ...wanted, key: partKey(key, 2) }, actor.owner, isFormer)',
    caughtBy: adapter('printing/fiscalize_correction.test.ts'),
  },
  {
    name: 'take another body under the key of a correction for the same one',
    breaks: 'invariant 2',
    file: adapter('http/correction_routes.ts'),
    find: 'if (known.digest !== digest) throw',
    replace: 'if (known.digest === null) throw',
    caughtBy: ROUTES_TEST,
  },
  {
    name: 'give a correction the key of a receipt',
    breaks: 'invariant 2',
    file: adapter('journal/corrections.ts'),
    find: 'key}§',
    replace: 'key}/',
    caughtBy: CORRECTIONS_TEST,
  },
  {
    name: 'journal the reversal and forget what is right',
    breaks: 'invariant 1',
    file: adapter('journal/corrections.ts'),
    find: 'const rightId = right && journal(right, reversal ? 2 : 1)',
    replace: 'const rightId = null',
    caughtBy: ROUTES_TEST,
  },
  {
    name: 'tell nobody of a correction that is half done',
    breaks: 'that an operator is told',
    file: adapter('journal/print_transitions.ts'),
    find: 'deps.noteRefused(id)',
    replace: '',
    caughtBy: ROUTES_TEST,
  },
  {
    name: 'remove a correction while one of its receipts is kept',
    breaks: 'invariant 2',
    file: adapter('journal/corrections.ts'),
    find: "isThere('right_receipt')",
    replace: "isThere('NULL')",
    caughtBy: CORRECTIONS_TEST,
  },
  {
    name: 'lose a correction whose first receipt came back from the KKT',
    breaks: 'invariant 2',
    file: adapter('journal/corrections.ts'),
    find: 'WHERE correction_id IN (SELECT receipt_id FROM receipt_aliases WHERE is_now = ?1)',
    replace: 'WHERE correction_id = ?1 AND false',
    caughtBy: CORRECTIONS_TEST,
  },
  {
    name: 'let a till put the receipts of another right',
    breaks: 'who may do what',
    file: adapter('http/correction_routes.ts'),
    find: 'if (right !== null && !maySellFor(caller, right.posId)) throw adapterProblem.posNotAllowed()',
    replace: '',
    caughtBy: ROUTES_TEST,
  },
]
