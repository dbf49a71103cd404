import { expect, test } from 'bun:test'
import { startApp } from '../testing/app_kit.ts'
import { ALERT_NAMES, type AlertName, alertsOf, type Standing } from './alerts.ts'
import { statusAnswer } from './buffer_status.ts'
import { healthAnswer } from './health_answer.ts'

const THRESHOLD = 0.8

async function fine() {
  const { ask } = startApp()
  const status = statusAnswer.parse((await ask('GET', '/v1/kkt/buffer/status')).json)
  const health = healthAnswer.parse((await ask('GET', '/v1/health')).json)
  return { status, health }
}

type Fine = Awaited<ReturnType<typeof fine>>

const names = (standing: Standing) => alertsOf(standing, THRESHOLD).map(({ name }) => name)

const ofKkt =
  (more: Partial<Fine['health']['components']['kkt']>) =>
  ({ health }: Fine) =>
    Object.assign(health.components.kkt, more)

const TROUBLES: [name: AlertName, spoil: (standing: Fine) => unknown][] = [
  ['journal_unusable', ({ health }) => Object.assign(health.components.database, { status: 'unhealthy' })],
  ['disk_filling', ({ health }) => Object.assign(health.components.database, { disk: 'low' })],
  ['kkt_silent', ofKkt({ kkt_number: null })],
  ['kkt_trouble', ofKkt({ trouble: 'paper_out' })],
  ['without_paper', ({ status }) => Object.assign(status, { without_paper: 1 })],
  ['kkt_trouble', ofKkt({ trouble: 'fn_unsent_too_long', days_left: 0 })],
  ['kkt_trouble', ofKkt({ trouble: 'fn_full', fn_flags: ['nearly_full'] })],
  [
    'kkt_trouble',
    ofKkt({
      trouble: 'fn_expired',
      fn_flags: ['ends_in_30_days', 'ends_in_3_days'],
    }),
  ],
  ['paper_near_end', ofKkt({ paper: 'near_end' })],
  ['receipts_untold', ({ status }) => Object.assign(status, { unknown: 1, untold: 1 })],
  ['receipts_untraced', ({ status }) => Object.assign(status, { untraced: 1 })],
  ['tasks_unclear', ({ status }) => Object.assign(status, { unclear_tasks: 1 })],
  ['fn_replaced', ofKkt({ replaced_fn: '9999000000000002' })],
  ['fn_ends_in_30_days', ofKkt({ fn_flags: ['ends_in_30_days'] })],
  ['fn_ends_in_3_days', ofKkt({ fn_flags: ['ends_in_30_days', 'ends_in_3_days'] })],
  ['fn_nearly_full', ofKkt({ fn_flags: ['nearly_full', 'ofd_silent'] })],
  ['ofd_confirms_nothing', ofKkt({ days_left: 27 })],
  [
    'ofd_confirms_nothing',
    ({ health, status }) => {
      Object.assign(health.components.kkt, { days_left: 5 })
      Object.assign(status, { oldest_pending_age_seconds: 25 * 86_400 })
    },
  ],
  ['clock_drifts', ofKkt({ clock_drift_seconds: 120 })],
  ['clock_drifts', ofKkt({ clock_drift_seconds: -299 })],
  ['clock_wrong', ofKkt({ clock_drift_seconds: -300 })],
  ['shift_ends_soon', ofKkt({ shift_ends_soon: true })],
  ['unknown_outcomes', ({ status }) => Object.assign(status, { unknown: 1 })],
  ['refused_by_kkt', ({ status }) => Object.assign(status, { refused: 8000 })],
  ['corrections_half_done', ({ status }) => Object.assign(status, { corrections_half_done: 1 })],
  ['buffer_filling', ({ status }) => Object.assign(status, { current_queued: 80 })],
  ['breaker_open', ({ status }) => Object.assign(status.circuit_breaker, { state: 'OPEN' })],
  ['breaker_open', ({ status }) => Object.assign(status.circuit_breaker, { state: 'HALF_OPEN' })],
  ['undelivered_for_minutes', ({ status }) => Object.assign(status, { oldest_pending_age_seconds: 1200 })],
  ['undelivered_for_minutes', ({ status }) => Object.assign(status, { oldest_pending_age_seconds: 259_199.9 })],
  ['undelivered_for_days', ({ status }) => Object.assign(status, { oldest_pending_age_seconds: 259_200 })],
  ['dead_letters', ({ status }) => Object.assign(status, { dlq_size: 1 })],
  ['nobody_sends', ({ health }) => Object.assign(health.components.sender_lease, { status: 'degraded' })],
  ['redis_trouble', ({ health }) => Object.assign(health.components.redis, { status: 'degraded' })],
  [
    'certificate_trouble',
    ({ health }) =>
      Object.assign(health.components.tls, { status: 'degraded', expires_at: '2026-06-01T00:00:00.000Z' }),
  ],
  [
    'certificate_trouble',
    ({ health }) => Object.assign(health.components.tls, { status: 'degraded', error: 'The files do not fit.' }),
  ],
  [
    'access_trouble',
    ({ health }) => Object.assign(health.components.access, { status: 'degraded', error: 'The file is gone.' }),
  ],
  [
    'tills_trouble',
    ({ health }) => Object.assign(health.components.tills, { status: 'degraded', error: 'The file is wrong.' }),
  ],
  ['odoo_away', ({ health }) => Object.assign(health.components.odoo, { status: 'degraded' })],
]

test('an adapter without trouble raises none, before its health is known either', async () => {
  const standing = await fine()
  expect([names(standing), names({ ...standing, health: null })]).toEqual([[], []])
})

test.each(TROUBLES)('%s', async (name, spoil) => {
  const standing = await fine()
  spoil(standing)
  const [alert, ...others] = alertsOf(standing, THRESHOLD)
  expect([alert?.name, others]).toEqual([name, []])
  expect(alert?.detail.en).toMatch(/^[A-Z][^\p{Script=Cyrillic}]*[.]$/u)
  expect(alert?.detail.ru).toMatch(/^[А-ЯA-Z].*\p{Script=Cyrillic}.*[.]$/u)
})

test('where the KKT delivers there is no breaker, and a document that waits is a matter of its network', async () => {
  const { status, health } = await fine()
  Object.assign(status.circuit_breaker, { state: 'ABSENT' })
  expect(names({ status, health })).toEqual([])
  status.oldest_pending_age_seconds = 1200
  const [alert] = alertsOf({ status, health }, THRESHOLD)
  expect(alert).toMatchObject({ name: 'undelivered_for_minutes', detail: { en: expect.stringContaining('a network') } })
  expect(alert?.detail.ru).toContain('есть сеть')
})

test('just below its threshold, or a tenth of a second younger, is no trouble', async () => {
  const { status, health } = await fine()
  Object.assign(status, { current_queued: 799, total_capacity: 1000, percent_full: 79.9 })
  status.refused = 7999
  status.oldest_pending_age_seconds = 1199.9
  Object.assign(health.components.kkt, { days_left: 28, clock_drift_seconds: 119, fn_flags: ['ofd_silent'] })
  expect(names({ status, health })).toEqual([])
})

test.each([
  [
    'is met by just that share',
    0.55,
    { current_queued: 55, total_capacity: 100, percent_full: 55 },
    ['buffer_filling'],
  ],
  ['is not met by rounding', 0.8, { current_queued: 7996, total_capacity: 10_000, percent_full: 80 }, []],
])('the threshold of the buffer %s', async (_what, threshold, filled, raised) => {
  const { status, health } = await fine()
  const alerts = alertsOf({ status: { ...status, ...filled }, health }, threshold)
  expect(alerts.map(({ name }): string => name)).toEqual(raised)
})

test.each([
  [27, '3 days', '3 дня'],
  [21, '3 days', '3 дня'],
  [20, '10 days', '10 дней'],
  [10, '20 days', '20 дней'],
  [5, '25 days', '25 дней'],
  [1, '25 days', '25 дней'],
])('an OFD that leaves %p days of 30 has been silent for %s', async (days_left, en, ru) => {
  const standing = await fine()
  Object.assign(standing.health.components.kkt, { days_left })
  const [alert] = alertsOf(standing, THRESHOLD)
  expect([alert?.detail.en, alert?.detail.ru]).toEqual([
    expect.stringContaining(`for ${en}.`),
    expect.stringContaining(`уже ${ru}.`),
  ])
  const isUrgent = days_left <= 10
  expect([alert?.detail.en.includes('today'), alert?.detail.ru.includes('сегодня')]).toEqual([isUrgent, isUrgent])
})

test('each alert has its test', () => {
  expect(new Set(TROUBLES.map(([name]) => name))).toEqual(new Set(ALERT_NAMES))
})
