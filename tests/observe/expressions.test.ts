import { describe, expect, test } from 'bun:test'
import { samplesOf } from '@kkt/adapter/src/testing/samples.ts'
import { selectorsOf, strangers } from './expressions.ts'

const SAMPLES = samplesOf(`a 1
b_total{from="x",to="y"} 2
c_bucket{le="0.5"} 1
`)

describe('an expression that names only what there is has no stranger', () => {
  test.each([
    'a > 20 * 60',
    'up{job="kkt_adapter"} == 0',
    'sum by (from) (rate(b_total{to="y"}[$__rate_interval]))',
    'histogram_quantile(0.99, sum by (le) (rate(c_bucket[5m])))',
    'max without (from) (b_total) == 1 and a offset 5m',
    'b_total{from=~"x", instance="i"} / ignoring (to) a',
    'a >= 1e3 or a > inf',
  ])('%s', (expression) => expect(strangers(expression, SAMPLES)).toEqual([]))
})

describe('a stranger is named', () => {
  test.each([
    ['rate(d_total[5m])', 'there is no metric d_total'],
    ['c > 1', 'there is no metric c'],
    ['b_total{state="x"}', 'no b_total has state="x"'],
    ['b_total{from="y"}', 'no b_total has from="y"'],
    ['b_total{from!~"x|z"}', 'no b_total has from="z"'],
    ['sum by (kind) (b_total)', 'no metric here has the label kind'],
    ['max without (le) (a)', 'no metric here has the label le'],
  ])('%s', (expression, stranger) => expect(strangers(expression, SAMPLES)).toEqual([stranger]))
})

test('a selector without a metric is refused, because nothing could hold it against anything', () => {
  expect(() => selectorsOf('{job="a"}')).toThrow('names no metric')
})
