import { describe, expect, test } from 'bun:test'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { documented } from '@kkt/fault-kit/document.ts'
import { faults as faultsSchema } from '../mock_wire.ts'
import { parseShortForm } from './short_form.ts'
import { writtenShortForm } from './written.ts'

/** The catalogue as a mock documents it. */
const { faults } = faultsSchema.parse({ faults: receiptFaults.map(documented) })
const parse = (text: string) => parseShortForm(text, faults)

test.each<[string, Record<string, unknown>]>([
  ['', {}],
  ['hang', { hang: true }],
  ['effect-then-silence x3', { effect_then_silence: { times: 3 } }],
  ['effect_then_silence 3', { effect_then_silence: { times: 3 } }],
  ['delay 0.5s p=0.3 ttl=10s', { delay: { seconds: 0.5, probability: 0.3, ttl: 10 } }],
  ['delay 500ms p=30%', { delay: { seconds: 0.5, probability: 0.3 } }],
  ['delay median=200ms sigma=0.5', { delay: { median: 0.2, sigma: 0.5 } }],
  ['slow-start 2m', { slow_start: { seconds: 120 } }],
  ['clock-skew -3600', { clock_skew: { seconds: -3600 } }],
  ['hang +2 x1', { hang: { after: 2, times: 1 } }],
  ['unavailable down=5s/up=20s retry-after=2', { unavailable: { down: 5, up: 20, retry_after: 2 } }],
  ['hang down=5 up=20', { hang: { down: 5, up: 20 } }],
  ['hang pos=POS-1 kkt=K attempt=2', { hang: { match: { pos_id: 'POS-1', kkt_id: 'K', attempt: 2 } } }],
  ['hang task=sell', { hang: { match: { task: 'sell' } } }],
  ['hang receipt=0190 operation=lookup', { hang: { match: { receipt_id: '0190' }, operation: 'lookup' } }],
  ['hang pos="a, \\"b\\"; c" x1', { hang: { match: { pos_id: 'a, "b"; c' }, times: 1 } }],
  ['refuse status=422 pos_id=POS-9', { refuse: { status: 422, pos_id: 'POS-9' } }],
  ['refuse status=422 pos=POS-9', { refuse: { status: 422, match: { pos_id: 'POS-9' } } }],
  ['empty-200 effect=false', { empty_200: { effect: false } }],
  ['permanent-failure', { permanent_failure: true }],
  ['permanent-failure off; deduplicate', { permanent_failure: false, deduplicate: false }],
  ['deduplicate off', { deduplicate: true }],
  ['judge', { judge: 'strict' }],
  ['judge strict, deduplicate', { judge: 'strict', deduplicate: false }],
  ['judge report', { judge: 'report' }],
  ['judge off', { judge: 'report' }],
  ['deduplicate false, permanent-failure false', { deduplicate: false, permanent_failure: false }],
  ['deduplicate=true; permanent-failure=true', { deduplicate: true, permanent_failure: true }],
  ['delay=0.5s x2', { delay: { seconds: 0.5, times: 2 } }],
  ['failure-count x5', { failure_count: 5 }],
  ['refuse-to-accept 5s', { refuse_to_accept: 5 }],
  ['hang off, delay 1', { hang: 0, delay: { seconds: 1 } }],
  ['hang pos=A, hang pos=B x2; hang', { hang: [{ match: { pos_id: 'A' } }, { match: { pos_id: 'B' }, times: 2 }, {}] }],
])('%s', (text, wanted) => expect(parse(text)).toEqual(wanted))

test('none ends all faults, and the faults after it are put on', () => {
  const change = parse('none, hang x2')
  expect(Object.keys(change).sort()).toEqual([...faults.map(({ name }) => name), 'sequence'].sort())
  expect(change).toMatchObject({ permanent_failure: false, deduplicate: true, delay: 0, sequence: null })
  expect(change).toMatchObject({ hang: { times: 2 } })
})

describe('a mistake is named, with what is taken:', () => {
  test.each([
    ['dely 1', '"dely" is no fault of this mock: it takes none, permanent_failure, failure_count,'],
    ['none x3', '"none" is no fault'],
    ['delay soon', 'delay takes no "soon": xN, +N, a number or name=value.'],
    ['delay 1 2', 'delay is told seconds twice.'],
    ['delay 5x', 'seconds is "5x": it takes seconds, as in 0.5, 0.5s, 500ms or 2m.'],
    ['delay 1 p=often', 'probability is "often": it takes a number.'],
    ['hang 5s', 'times is "5s": it takes a number.'],
    ['hang 5%', 'times is "5%": it takes a number.'],
    [
      'hang jitter=2',
      'hang takes no "jitter=2": it takes operation, receipt_id, pos_id, kkt_id, attempt, task, after,',
    ],
    ['hang match=2', 'hang takes no "match=2"'],
    ['hang constructor=2', 'hang takes no "constructor=2"'],
    ['hang operation=all', 'operation is "all": it takes submit or lookup or any.'],
    ['empty-200 effect=maybe', 'effect is "maybe": it takes true or false.'],
    ['refuse pos_id=A', 'refuse needs status: refuse status=…'],
    ['rate-quota', 'rate_quota needs per_second: rate_quota 2'],
    ['failure-count', 'failure_count needs times: failure_count x3'],
    ['failure-count 5 p=0.1', 'failure_count takes no "p=0.1": it takes times.'],
    ['failure-count 1, failure-count 2', 'failure_count is said twice.'],
    ['permanent-failure x3', 'permanent_failure takes no "x3": it is true, false or off, or stands alone.'],
    ['deduplicate false x3', 'deduplicate takes no "x3"'],
    ['dely=1', '"dely=1" is no fault'],
    ['hang pos="A', 'A " is opened and not closed.'],
  ])('%s', (text, message) => expect(() => parse(text)).toThrow(message))
})

test('the configuration in force is written so that it can be asked for again', () => {
  for (const fault of faults) {
    const written = writtenShortForm(fault.example, [fault])
    expect(written).toHaveLength(1)
    const again = parse(written.join(', '))
    expect(writtenShortForm(again, [fault])).toEqual(written)
  }
  const all =
    'hang +1 x2 p=0.5 down=1s up=2s ttl=3s pos="a b", hang kkt=K, deduplicate, permanent-failure, failure-count x4, delay 0.5s'
  expect(writtenShortForm(parse(all), faults).sort()).toEqual([
    'deduplicate false',
    'delay 0.5s',
    'failure-count x4',
    'hang +1 x2 p=0.5 down=1s up=2s ttl=3s pos="a b"',
    'hang kkt=K',
    'permanent-failure',
  ])
})

test('settings that the short form cannot express are shown as JSON, and faults that are off are left out', () => {
  const configuration = { permanent_failure: false, failure_count: 0, sequence: [{ hang: true }], seed: 7 }
  expect(writtenShortForm(configuration, faults)).toEqual(['(sequence [{"hang":true}])', '(seed 7)'])
})
