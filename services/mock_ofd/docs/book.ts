import { findingsForm } from '@kkt/fault-kit/docs/answers.ts'
import { controlEntries, controlProblems, controlTag } from '@kkt/fault-kit/docs/control_entries.ts'
import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import type { Book } from '@kkt/platform/docs/book.ts'
import { z } from 'zod'
import { CONTROL } from '../app.ts'
import { MAX_RECEIPT_BYTES } from '../protocol.ts'
import { receipt } from '../receipt_form.ts'
import { absent, accepted, counters, found, receiptHeaders, refusal } from '../schema.ts'
import { ACCEPTED, CALL, COUNTERS, EMPTY_LEDGER, LEDGER_ROW, RECEIPT, RECEIPT_ID } from './examples.ts'

const TAG = 'OFD'

const unavailable = {
  description: 'A fault is on. Other faults give other answers, or none.',
  schema: refusal,
  example: { error: 'OFD unavailable' },
}
const stale = {
  description: 'A newer sender has come: the fencing token is lower than the highest seen of this KKT.',
  schema: refusal,
  example: { error: 'Fencing token is stale' },
}

const ledgerRow = z.object({
  ofd_id: z.string().meta({ description: "The OFD's own name of the receipt" }),
  receipt_id: z.string().nullable().meta({ description: "The receipt's id. Null where it was sent without one" }),
  pos_id: z.string().meta({ description: "The till's name" }),
  kkt_id: z.string().nullable().meta({ description: "The cash register's name. Null where it was not sent" }),
  fiscal_doc_number: z.int().nullable().meta({ description: "The document's number in the FN. Null without one" }),
  status: z.enum(['accepted', 'rejected']).meta({ description: 'Whether the OFD keeps it' }),
  received_at: z.iso.datetime().nullable().meta({ description: 'The time at which it was taken' }),
  times_sent: z.int().meta({ description: 'The submissions that this entry stands for' }),
  findings: findingsForm,
  document: z.looseObject({}).meta({ description: 'The receipt as it was sent' }),
})

const ofdEntries: Book['operations'] = {
  'POST /ofd/v1/receipt': {
    tag: TAG,
    summary: 'Submit a receipt',
    description:
      'A receipt that is sent again gets its first answer. Unknown fields are kept. Whatever has a pos_id is taken: how far it is of the form below, the judge tells in the ledger and in the calls. A strict judge (`judge` in the configuration) refuses it with 422.',
    headers: receiptHeaders,
    parameters: { 'fencing-token': 7 },
    body: {
      description: 'A fiscalised receipt, in the form that the judge wants.',
      limitBytes: MAX_RECEIPT_BYTES,
      schema: receipt,
      examples: { 'A sale': RECEIPT },
    },
    answers: {
      200: { description: 'The OFD holds it.', schema: accepted, example: ACCEPTED },
      412: stale,
      503: unavailable,
    },
  },
  'GET /ofd/v1/receipt/{receipt_id}': {
    tag: TAG,
    summary: 'Look a receipt up',
    description: 'After a look-up with a token, nothing is taken from a sender with a lower one.',
    parameters: { receipt_id: RECEIPT_ID, 'fencing-token': 7, 'kkt-id': 'KKT-001' },
    answers: {
      200: { description: 'The OFD has it.', schema: found, example: ACCEPTED },
      404: {
        description: 'The OFD has no such receipt.',
        schema: absent,
        example: { status: 'not_found', receipt_id: RECEIPT_ID },
      },
      412: stale,
      503: unavailable,
    },
  },
  'GET /ofd/v1/health': {
    tag: TAG,
    summary: 'The counters, and the state of the plainest faults',
    answers: {
      200: {
        description: 'It answers whatever faults are on.',
        example: { status: 'healthy', ...COUNTERS, permanent_failure: false, failure_count: 0 },
      },
    },
  },
}

/** The words of the mock OFD's OpenAPI document. */
export const ofdBook = (kit: FaultKit): Book => ({
  title: 'Mock OFD',
  description:
    'A fiscal data operator (OFD) for tests: it takes receipts, answers look-ups, and fails on demand. Money is in roubles.',
  tags: [{ name: TAG, description: 'The routes that the adapter calls.' }, controlTag],
  problems: controlProblems,
  operations: {
    ...ofdEntries,
    ...controlEntries({
      kit,
      prefix: CONTROL,
      call: CALL,
      sent: JSON.stringify(RECEIPT),
      counters: { form: counters, example: COUNTERS },
      ledger: { form: ledgerRow, example: LEDGER_ROW, filter: { pos_id: RECEIPT.pos_id } },
      emptyLedger: EMPTY_LEDGER,
    }),
  },
})
