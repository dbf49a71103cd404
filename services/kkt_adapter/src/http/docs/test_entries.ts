import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_CONFIG_BYTES } from '../../kkt/mock/mock_kkt_control.ts'
import { MAX_SWITCH_BYTES } from '../ofd_control.ts'
import { MAX_SETTINGS_BYTES } from '../test_control.ts'
import { RECEIPT_ID } from './examples.ts'

const TAG = "The tests' side"

const NO_FAULTS = {
  reply_lost: 0,
  connection_lost: 0,
  lookup_lost: 0,
  busy: 0,
  gone: false,
  paper_out: false,
  shift_expired: false,
  fn_full: false,
  slow_print_seconds: 0,
  clock_behind_seconds: 0,
}

const PACE = {
  sync_interval: 0.3,
  circuit_breaker_timeout: 0.5,
  odoo_heartbeat_interval: 10,
  ofd_timeout: 0.5,
  kkt_print_delay_min: 0.1,
  kkt_print_delay_max: 0.2,
  kkt_print_timeout: 10,
  ttl: 30,
}

export const testEntries: Book['operations'] = {
  'GET /v1/kkt/_test/config': {
    tag: TAG,
    summary: 'The faults of the mock KKT that are on',
    answers: { 200: { description: 'Each fault.', example: NO_FAULTS } },
    problems: ['journal_unavailable'],
  },
  'POST /v1/kkt/_test/config': {
    tag: TAG,
    summary: 'Make the mock KKT fail',
    description: 'A field that is not named stays. The faults outlive the adapter.',
    body: {
      description: 'The faults to change.',
      limitBytes: MAX_CONFIG_BYTES,
      examples: {
        'Two replies get lost': { reply_lost: 2 },
        'No paper, and slow': { paper_out: true, slow_print_seconds: 0.5 },
      },
    },
    answers: { 200: { description: 'Each fault, as it is now.', example: { ...NO_FAULTS, reply_lost: 2 } } },
    problems: ['journal_unavailable'],
  },
  'POST /v1/kkt/_test/reset': {
    tag: TAG,
    summary: 'End the faults, and the changed pace',
    description: 'The FN keeps its documents.',
    answers: { 200: { description: 'They have ended.', example: { status: 'reset' } } },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/_test/documents': {
    tag: TAG,
    summary: "The documents in the mock KKT's FN",
    description: 'Of every kind: the registration, openings and closings of shifts, and receipts.',
    parameters: { after: 1, limit: 100 },
    answers: {
      200: {
        description: 'A page. To read on, use its last number.',
        example: {
          count: 3,
          documents: [
            {
              fiscal_doc_number: 2,
              kind: 'shift_opening',
              receipt_id: null,
              shift_number: 1,
              receipt_number: null,
              on_paper: true,
            },
            {
              fiscal_doc_number: 3,
              kind: 'receipt',
              receipt_id: RECEIPT_ID,
              shift_number: 1,
              receipt_number: 1,
              on_paper: true,
            },
          ],
        },
      },
    },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/_test/settings': {
    tag: TAG,
    summary: 'The pace that holds now',
    answers: { 200: { description: 'Each interval.', example: PACE } },
  },
  'POST /v1/kkt/_test/settings': {
    tag: TAG,
    summary: 'Have the adapter hurry for a while',
    description: 'After `ttl` seconds, or a reset, the settings of the start hold again.',
    body: {
      description: 'The intervals to change.',
      limitBytes: MAX_SETTINGS_BYTES,
      examples: { 'Quick deliveries': { sync_interval: 0.3, circuit_breaker_timeout: 0.5, ofd_timeout: 0.5, ttl: 30 } },
    },
    answers: { 200: { description: 'Each interval, as it is now.', example: PACE } },
  },
  'GET /v1/kkt/_test/ofd': {
    tag: TAG,
    summary: 'Whether the mock OFD is switched off',
    answers: { 200: { description: 'The switch.', example: { permanent_failure: false } } },
    problems: ['ofd_control_unavailable'],
  },
  'POST /v1/kkt/_test/ofd': {
    tag: TAG,
    summary: 'Switch the mock OFD off and on',
    description: 'For the page of the adapter, which may not ask another origin.',
    body: {
      description: 'The switch.',
      limitBytes: MAX_SWITCH_BYTES,
      examples: { Off: { permanent_failure: true }, On: { permanent_failure: false } },
    },
    answers: { 200: { description: 'The switch, as it is now.', example: { permanent_failure: true } } },
    problems: ['ofd_control_unavailable'],
  },
}
