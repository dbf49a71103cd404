import { findingsForm, ledgerPage } from '@kkt/fault-kit/docs/answers.ts'
import { controlEntries, controlProblems, controlTag } from '@kkt/fault-kit/docs/control_entries.ts'
import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import type { Book } from '@kkt/platform/docs/book.ts'
import { z } from 'zod'
import { CONTROL } from '../app.ts'
import { MAX_KEPT_RECEIPTS } from '../ledger_book.ts'
import { receipt, registerDocument } from '../receipt_form.ts'
import { DOCUMENT_KINDS } from '../register_document.ts'
import {
  absent,
  accepted,
  counters,
  documentAbsent,
  documentAccepted,
  documentFound,
  found,
  receiptHeaders,
  refusal,
} from '../schema.ts'
import { MAX_RECEIPT_BYTES } from '../taking.ts'
import {
  ACCEPTED,
  CALL,
  COUNTERS,
  DOCUMENT_ACCEPTED,
  DOCUMENT_ROW,
  EMPTY_LEDGER,
  LEDGER_ROW,
  RECEIPT,
  RECEIPT_ID,
  REGISTER_RECEIPT,
  SHIFT_OPENING,
} from './examples.ts'

const TAG = 'OFD'
const REGISTERS = 'Cash registers'

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
  kind: z.enum(DOCUMENT_KINDS).meta({ description: 'The kind of document' }),
  receipt_id: z.string().nullable().meta({
    description: "The receipt's id. Null where it was sent without one. `<FN>/<FD>` of a document from a cash register",
  }),
  pos_id: z.string().nullable().meta({ description: "The till's name. Null for a document from a cash register" }),
  kkt_id: z.string().nullable().meta({ description: "The cash register's name. Null where it was not sent" }),
  fn_number: z.string().nullable().meta({ description: 'The FN of the document. Null without one' }),
  fiscal_doc_number: z.int().nullable().meta({ description: "The document's number in the FN. Null without one" }),
  status: z.enum(['accepted', 'rejected']).meta({ description: 'Whether the OFD keeps it' }),
  received_at: z.iso.datetime().nullable().meta({ description: 'The time at which it was taken' }),
  times_sent: z.int().meta({ description: 'The submissions that this entry stands for' }),
  findings: findingsForm,
  document: z.looseObject({}).meta({ description: 'The document as it was sent' }),
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
  'POST /ofd/v1/document': {
    tag: REGISTERS,
    summary: 'Submit a document of a cash register',
    description:
      'A document that is sent again gets its first answer. Unknown fields are kept. Whatever names its FN, its FD number and its kind is taken; the judge tells what is wrong with the rest, as it does for receipts. Receipts count as `receipts_received`; documents of other kinds are kept and count as `other_documents`. Every one counts as a call, and for `failure_count`. In calls and in a `match` the document is named `<FN>/<FD>` where a receipt has its id.',
    body: {
      description: 'A document, in the form that the judge wants.',
      limitBytes: MAX_RECEIPT_BYTES,
      schema: registerDocument,
      examples: { 'A sale': REGISTER_RECEIPT, 'The opening of a shift': SHIFT_OPENING },
    },
    answers: {
      200: {
        description: 'The OFD holds it. This is its confirmation.',
        schema: documentAccepted,
        example: DOCUMENT_ACCEPTED,
      },
      503: unavailable,
    },
  },
  'GET /ofd/v1/document/{fn_number}/{fd_number}': {
    tag: REGISTERS,
    summary: "Look a cash register's document up",
    parameters: { fn_number: REGISTER_RECEIPT.fn_number, fd_number: REGISTER_RECEIPT.fd_number },
    answers: {
      200: { description: 'The OFD has it.', schema: documentFound, example: DOCUMENT_ACCEPTED },
      404: {
        description: 'The OFD has no such document.',
        schema: documentAbsent,
        example: {
          status: 'not_found',
          fn_number: REGISTER_RECEIPT.fn_number,
          fd_number: REGISTER_RECEIPT.fd_number,
        },
      },
      503: unavailable,
    },
  },
  'GET /ofd/v1/_test/documents': {
    tag: controlTag.name,
    summary: 'The documents of all kinds that cash registers sent',
    parameters: { kind: 'receipt', limit: 10 },
    answers: {
      200: {
        description: 'Those that match.',
        schema: ledgerPage('documents', ledgerRow),
        example: { count: 1, kept_at_most: MAX_KEPT_RECEIPTS, documents: [DOCUMENT_ROW] },
      },
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
  tags: [
    { name: TAG, description: 'The routes that the adapter calls.' },
    { name: REGISTERS, description: 'The routes for cash registers that hand over their documents by themselves.' },
    controlTag,
  ],
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
