import { describe, expect, test } from 'bun:test'
import { LANGUAGES } from '@kkt/platform/language.ts'
import { ALERT_NAMES as ADAPTERS_NAMES } from '../../kkt_adapter/src/http/alerts.ts'
import { ALERT_NAMES, type AlertName, inOrder, raisedAfter, type Standing } from './alerts.ts'
import { health, status } from './testing.ts'
import { WORDS } from './words/words.ts'

const told = (name: string, state: 'raised' | 'ended') => ({ name, state, detail: `${name} in English` })

test('the pages know each alert that the adapter raises, and no other', () => {
  expect(new Set<string>(ALERT_NAMES)).toEqual(new Set(ADAPTERS_NAMES))
})

test('an alert holds from when it is raised until it has ended', () => {
  const both = [told('breaker_open', 'raised'), told('dead_letters', 'raised')].reduce(raisedAfter, {})
  expect(both).toEqual({ breaker_open: 'breaker_open in English', dead_letters: 'dead_letters in English' })
  expect(raisedAfter(both, told('breaker_open', 'ended'))).toEqual({ dead_letters: 'dead_letters in English' })
  expect(raisedAfter({}, told('dead_letters', 'ended'))).toEqual({})
})

test('the graver come first, and one that the pages do not know yet is not lost', () => {
  const raised = { dead_letters: '', from_the_future: 'Do that.', journal_unusable: '', toString: 'Too.' }
  expect(inOrder(raised, status())).toEqual({
    known: ['journal_unusable', 'dead_letters'],
    unknown: ['from_the_future', 'toString'],
  })
})

test('a full buffer stops the shop: it is told before the breaker, and nobody says that sales go on', () => {
  const filling = status({ current_queued: 85, percent_full: 85 })
  const full = status({ current_queued: 100, percent_full: 100, circuit_breaker: breaker })
  const raised = { breaker_open: '', buffer_filling: '' }
  expect(inOrder(raised, filling).known).toEqual(['breaker_open', 'buffer_filling'])
  expect(inOrder(raised, full).known).toEqual(['buffer_filling', 'breaker_open'])
  for (const { alerts } of [WORDS.en, WORDS.ru])
    expect(alerts.breaker_open(standing({ status: full })).action).not.toMatch(/Sales go on|Продажи идут/)
})

const breaker = { state: 'OPEN', failure_count: 3, opened_at: null, next_probe_at: '2026-11-29T12:00:10.000Z' } as const
const failure = { at: '2026-11-29T12:00:00.000Z', reason: 'the OFD answered 503', receipt_id: 'r' }

const standing = (more: Partial<Standing> = {}): Standing => ({
  status: status(),
  health: health(),
  inSeconds: () => 7,
  ...more,
})

/** How the adapter stands when it raises each alert, and words or numbers that the text has in either language. */
const CASES: Record<AlertName, [more: Partial<Standing>, has: RegExp]> = {
  journal_unusable: [
    { health: health({ database: { error: 'SQLITE_FULL', advice: 'Make room.' } }) },
    /SQLITE_FULL.*Make room/,
  ],
  kkt_silent: [{ health: health({ kkt: { kkt_number: null } }) }, /KKT|ККТ/],
  kkt_trouble: [{ health: health({ kkt: { trouble: 'paper_out' } }) }, /paper|бумага/],
  paper_near_end: [{ health: health({ kkt: { paper: 'near_end' } }) }, /roll|рулон/],
  receipts_untold: [{ status: status({ untold: 1 }) }, /untold=true.*settle/],
  receipts_untraced: [{ status: status({ untraced: 1 }) }, /status=pending.*untraced\/close/],
  tasks_unclear: [{ status: status({ unclear_tasks: 1 }) }, /unclear.*settle/],
  fn_replaced: [
    { health: health({ kkt: { replaced_fn: '9999000000000001', fn_number: '9999000000000002' } }) },
    /9999000000000001.*9999000000000002/,
  ],
  fn_ends_in_30_days: [{ health: health({ kkt: { fn_valid_until: '2027-01-31' } }) }, /30.*2027-01-31/],
  fn_ends_in_3_days: [{ health: health({ kkt: { fn_valid_until: '2027-01-31' } }) }, /3.*2027-01-31/],
  fn_nearly_full: [{}, /90 %/],
  ofd_confirms_nothing: [{ health: health({ kkt: { days_left: 4 } }) }, /25.*30/],
  clock_drifts: [{}, /2.*5/],
  clock_wrong: [{}, /5 (minutes|минут)/],
  shift_ends_soon: [{}, /hour|час/],
  without_paper: [{ status: status({ without_paper: 2 }) }, /2 (receipts|чека)/],
  breaker_open: [
    { status: status({ circuit_breaker: breaker, last_failure: failure }) },
    /7 [sс].*the OFD answered 503.*OFD_API_URL/,
  ],
  disk_filling: [{ health: health({ database: { disk: 'low' } }) }, /512 (MiB|МиБ).*BUFFER_DB_PATH/],
  undelivered_for_days: [{ status: status({ oldest_pending_age_seconds: 259_200 }) }, /3 [dд].*30/],
  buffer_filling: [{ status: status({ current_queued: 85, percent_full: 85 }) }, /85 %.*85 (of|из) 100/],
  undelivered_for_minutes: [{ status: status({ oldest_pending_age_seconds: 1500 }) }, /25 (min|мин)/],
  dead_letters: [{ status: status({ dlq_size: 21 }) }, /21 (receipts|чек)/],
  unknown_outcomes: [{ status: status({ unknown: 3, untold: 2 }) }, /1 (receipt|чек)/],
  refused_by_kkt: [{ status: status({ refused: 9 }) }, /9 (receipts|чеков)/],
  corrections_half_done: [{ status: status({ corrections_half_done: 2 }) }, /(corrections|исправлений).* 2/],
  nobody_sends: [
    { status: status({ pending: 5, sender_lease: { held_by: 'nobody', fencing_token: null, hosts: 'refused' } }) },
    /5 (receipts|чеков)/,
  ],
  redis_trouble: [{ health: health({ redis: { error: 'READONLY' } }) }, /READONLY.*REDIS_URL/],
  certificate_trouble: [
    { health: health({ tls: { expires_at: '2027-01-31T00:00:00.000Z' } }) },
    /2027-01-31.*TLS_CERT_FILE/,
  ],
  access_trouble: [{ health: health({ access: { error: 'The file cannot be read.' } }) }, /The file cannot be read/],
  tills_trouble: [
    { health: health({ tills: { error: 'The file is not UTF-8.' } }) },
    /TILLS_FILE.*The file is not UTF-8/,
  ],
  odoo_away: [{ health: health({ odoo: { state: 'offline' } }) }, /ODOO_API_URL/],
}

describe.each(LANGUAGES)('in the language %s', (language) => {
  const { alerts } = WORDS[language]
  const words = (name: AlertName, more: Partial<Standing>) => {
    const { text, action } = alerts[name](standing(more))
    return `${text} ${action}`
  }

  test.each(ALERT_NAMES)('%s is told in sentences, with its numbers and the action to take', (name) => {
    const [more, has] = CASES[name]
    const { text, action } = alerts[name](standing(more))
    for (const said of [text, action]) expect(said).toMatch(/^(\p{Lu}|\d).*\.$/u)
    expect(`${text} ${action}`).toMatch(has)
  })

  test.each(ALERT_NAMES)('%s has words before anything but its name is known', (name) => {
    expect(words(name, { health: null })).not.toMatch(/undefined|null|NaN|\[object/)
  })

  test('files of a certificate that do not fit are told with their fault', () => {
    const unfit = words('certificate_trouble', { health: health({ tls: { error: 'The file cannot be read.' } }) })
    expect(unfit).toEndWith('The file cannot be read.')
  })

  test('where the KKT delivers, a document that waits is a matter of its network', () => {
    const absent = { state: 'ABSENT', failure_count: 0, opened_at: null, next_probe_at: null } as const
    const waits = status({ oldest_pending_age_seconds: 1500, circuit_breaker: absent })
    expect(words('undelivered_for_minutes', { status: waits })).toMatch(/KKT has a network|у ККТ есть сеть/)
    expect(words('undelivered_for_minutes', CASES.undelivered_for_minutes[0])).not.toMatch(/KKT|ККТ/)
  })

  test('a full buffer is told as one, not as one that fills', () => {
    const full = words('buffer_filling', { status: status({ current_queued: 100, percent_full: 100 }) })
    expect(full).toContain('BUFFER_MAX_SIZE')
    expect(words('buffer_filling', CASES.buffer_filling[0])).not.toContain('BUFFER_MAX_SIZE')
  })
})
