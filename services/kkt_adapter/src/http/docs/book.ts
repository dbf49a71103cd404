import { type Book, entriesOf } from '@kkt/platform/docs/book.ts'
import { tooManyReaders } from '@kkt/platform/hub.ts'
import { adapterProblem } from '../adapter_problems.ts'
import { deliveryProblem } from '../delivery_problems.ts'
import { settleProblem } from '../settle_problems.ts'
import { taskProblem } from '../task_problems.ts'
import { bufferEntries } from './buffer_entries.ts'
import { correctionEntries } from './correction_entries.ts'
import { RECEIPT_ENTRY, RECEIPT_ID } from './examples.ts'
import { healthEntries } from './health_entries.ts'
import { loginEntries } from './login_entries.ts'
import { receiptEntries } from './receipt_entries.ts'
import { shiftEntries } from './shift_entries.ts'
import { slipEntries } from './slip_entries.ts'
import { streamEntries } from './stream_entries.ts'
import { taskEntries } from './task_entries.ts'
import { testEntries } from './test_entries.ts'

/** The words of the adapter's OpenAPI document, without those of its mock KKT's control. */
export const routesBook: Book = {
  title: 'KKT adapter',
  description:
    "Takes receipts from a shop's tills, journals them, has the cash register (KKT) fiscalise and print them, and delivers each to the fiscal data operator (OFD). An answered receipt is never lost and never doubled. Money is in roubles. An error is a problem document (RFC 9457) with a `code` for programs and a `detail` that says what to do next. An adapter that has tokens asks each client for one; without them it is open to all who reach it.",
  tags: [
    { name: 'Receipts', description: 'For tills.' },
    {
      name: 'Shift and cash',
      description: "For tills: the shop's day, its reports, and the cash in the drawer. Each is a task of the KKT.",
    },
    { name: 'Corrections', description: 'For tills and operators: wrong receipts that are put right.' },
    { name: 'Slips', description: 'For tills whose KKT prints nothing.' },
    { name: 'Buffer', description: 'For operators: how delivery stands.' },
    { name: 'Dead letters', description: 'For operators: receipts that the OFD refused.' },
    { name: 'Access', description: 'Where the adapter has tokens.' },
    { name: 'Health', description: 'For those who watch the adapter.' },
    {
      name: "The tests' side",
      description: 'The mock KKT, the pace, and a switch for the mock OFD. It is there with TEST_CONTROL=true only.',
    },
  ],
  problems: entriesOf([
    adapterProblem.tokenMissing(),
    adapterProblem.tokenUnknown(),
    adapterProblem.tooManyWrongTokens(60_000),
    adapterProblem.roleNotAllowed('till'),
    adapterProblem.receiptNotFound(RECEIPT_ID),
    adapterProblem.originalNotFound(),
    adapterProblem.refundTooEarly({ id: RECEIPT_ID, status: 'pending' }),
    adapterProblem.refundExceeds(5000),
    adapterProblem.refundIncomplete([0], false),
    adapterProblem.keyUndecided(),
    adapterProblem.noFiscalDocument(RECEIPT_ID, 'accepted'),
    adapterProblem.correctionNotFound(RECEIPT_ID),
    adapterProblem.alreadyCorrected(RECEIPT_ID),
    adapterProblem.correctionNotOpen(RECEIPT_ID),
    taskProblem.shiftOpen(),
    taskProblem.shiftExpired(),
    taskProblem.shiftClosed(),
    taskProblem.shiftNotFound(12),
    taskProblem.drawerTooLow(),
    taskProblem.taskNotFound(RECEIPT_ID),
    taskProblem.taskNotUnclear(RECEIPT_ID),
    taskProblem.noSlip(),
    taskProblem.taskRefused(RECEIPT_ID, 'the drawer holds less'),
    taskProblem.kktSilent(),
    taskProblem.tooManyTasks(),
    adapterProblem.notInDlq(RECEIPT_ID, 'synced'),
    deliveryProblem.dlqAbsent(),
    deliveryProblem.nothingUntraced('9999322233119332'),
    settleProblem.notUntold(RECEIPT_ID, 'pending'),
    settleProblem.documentTaken('9999322233119332', 12),
    settleProblem.documentNotMade('9999322233119332', 12, 7),
    settleProblem.documentOpen('9999322233119332', 12),
    adapterProblem.keyReused(RECEIPT_ID),
    adapterProblem.vatRefused(() => ({
      why: 'The item at /items/0/vat has the VAT rate vat20 on 2026-01-31, and it ended on 2026-01-01 for new business.',
      errors: [],
    })),
    adapterProblem.kktCannot({
      pointer: '/items/0/agent',
      reason: {
        en: 'is a business for which the KKT is not registered: register it again with that mark, or use another KKT',
        ru: 'относится к тому, для чего ККТ не зарегистрирована: перерегистрируйте её с этим признаком или возьмите другую',
      },
    }),
    adapterProblem.kktRefused(RECEIPT_ID, 'the FN takes no more documents'),
    adapterProblem.bufferFull(1000),
    adapterProblem.journalUnavailable('SQLITE_FULL'),
    adapterProblem.kktUnfit('fn_full'),
    adapterProblem.shuttingDown(),
    adapterProblem.waitTimedOut(RECEIPT_ENTRY, 'synced', 10_000),
    adapterProblem.outOfReach(RECEIPT_ENTRY, 'unknown'),
    adapterProblem.tooManyWaits(),
    adapterProblem.ofdControlUnavailable(),
    tooManyReaders(),
  ]),
  access: {
    schemes: {
      token: { type: 'http', scheme: 'bearer', description: 'A token that make_token.ts has printed.' },
      page: {
        type: 'apiKey',
        in: 'cookie',
        name: 'kkt_token_KKT-001',
        description: "The same of a page that has logged in. Its name ends with the adapter's KKT_ID.",
      },
    },
    missing: 'token_missing',
    wrong: ['token_unknown', 'too_many_wrong_tokens'],
    notAllowed: 'not_allowed',
  },
  operations: {
    ...loginEntries,
    ...receiptEntries,
    ...correctionEntries,
    ...shiftEntries,
    ...taskEntries,
    ...slipEntries,
    ...bufferEntries,
    ...streamEntries,
    ...healthEntries,
    ...testEntries,
  },
}
