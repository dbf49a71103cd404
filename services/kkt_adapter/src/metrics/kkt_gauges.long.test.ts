/** The register and its FN in the metrics. */
import { expect, test } from 'bun:test'
import type { KktState } from '../domain/kkt.ts'
import { scraping } from '../testing/scraping.ts'
import { kktState } from '../testing/test_kkt.ts'

const DAY_SECONDS = 86_400

test('the FN, its unsent documents, the clock, the paper and the shift are told as they are now', async () => {
  const { scrape, kkt, clock, stop } = scraping()
  const nowMs = clock.wallMs()
  const state: KktState = {
    ...kktState(),
    fnNumber: '9999000000000009',
    fnValidUntil: '2027-01-31',
    fnDaysLeft: 29,
    fnFlags: ['ends_in_30_days'],
    unsent: { count: 5, firstFd: 3, sinceMs: nowMs - 60_000 - 4 * DAY_SECONDS * 1000 },
    clockMs: nowMs - 60_000,
    paperSupply: 'near_end',
    shift: { kind: 'opened', number: 2, openedAtMs: nowMs, expiresAtMs: nowMs + 1000 },
  }
  kkt.state = async () => state
  const values = await scrape()
  expect(values).toMatchObject({
    'fn_info{fn_number="9999000000000009",valid_until="2027-01-31"}': 1,
    fn_remaining_seconds: 29 * DAY_SECONDS,
    'fn_flag{flag="ends_in_30_days"}': 1,
    'fn_flag{flag="ends_in_3_days"}': 0,
    unsent_documents: 5,
    unsent_age_seconds: 4 * DAY_SECONDS,
    clock_drift_seconds: -60,
    'paper{supply="near_end"}': 1,
    'paper{supply="present"}': 0,
    'shift{state="opened"}': 1,
    shift_expires_timestamp_seconds: nowMs / 1000 + 1,
  })
  kkt.state = async () => ({
    ...state,
    fnNumber: '9999000000000010',
    unsent: { count: 0, firstFd: null, sinceMs: null },
    shift: { kind: 'closed', number: 2 },
  })
  const later = await scrape()
  expect(later).toMatchObject({ unsent_documents: 0, unsent_age_seconds: 0, 'shift{state="closed"}': 1 })
  const infos = Object.keys(later).filter((name) => name.startsWith('fn_info'))
  expect(infos).toEqual(['fn_info{fn_number="9999000000000010",valid_until="2027-01-31"}'])
  expect(later).not.toContainKey('shift_expires_timestamp_seconds')
  await stop()
})

test('of a KKT that does not answer nothing is told', async () => {
  const { scrape, kkt, stop } = scraping()
  await scrape()
  kkt.state = async () => null
  const values = await scrape()
  const absent = /^(fn_info|fn_remaining|unsent|clock_drift|shift_expires)/
  expect(Object.keys(values).filter((name) => absent.test(name))).toEqual([])
  const chosen = Object.entries(values).filter(([name]) => /^(paper|shift|fn_flag)\{/.test(name))
  expect(chosen.filter(([, value]) => value !== 0)).toEqual([])
  expect(chosen.length).toBeGreaterThan(8)
  await stop()
})
