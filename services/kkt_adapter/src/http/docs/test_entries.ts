import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_SWITCH_BYTES } from '../ofd_control.ts'
import { MAX_SETTINGS_BYTES } from '../test_control.ts'

const TAG = "The tests' side"

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
    description:
      'For the page of the adapter, which may not ask another origin. Absent where a KKT delivers by itself and no `OFD_API_URL` is set.',
    body: {
      description: 'The switch.',
      limitBytes: MAX_SWITCH_BYTES,
      examples: { Off: { permanent_failure: true }, On: { permanent_failure: false } },
    },
    answers: { 200: { description: 'The switch, as it is now.', example: { permanent_failure: true } } },
    problems: ['ofd_control_unavailable'],
  },
}
