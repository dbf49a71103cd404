/** The metrics of an adapter in a process of its own, and all that names them. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sample, samplesOf } from '@kkt/adapter/src/testing/samples.ts'
import { documentAt, tableRows } from '../harness/documents/documents.ts'
import { killAll, startAdapter } from '../process/adapter_process.ts'
import { labelsOf, strangers } from './expressions.ts'
import { alerts, dashboard, panels } from './files.ts'
import { promtool, withoutPrometheus } from './promtool.ts'

/** Nothing listens on port 1: Redis and Odoo are away, and their metrics are there all the same. */
const AWAY = { REDIS_URL: 'redis://127.0.0.1:1/0', ODOO_API_URL: 'http://127.0.0.1:1' }

const folder = mkdtempSync(join(tmpdir(), 'kkt-metrics-'))
let text = ''
let samples: Sample[] = []

beforeAll(async () => {
  const adapter = startAdapter({ ...AWAY, BUFFER_DB_PATH: join(folder, 'buffer.db') })
  await adapter.post()
  const answer = await fetch(`http://127.0.0.1:${await adapter.port}/metrics`)
  text = await answer.text()
  samples = samplesOf(text)
}, 20_000)

afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

/** Each metric with its type and help, in the order of the answer. */
const metrics = () =>
  [...text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm)].map(([, name = '', help = '', type = '']) => ({
    name,
    help,
    type,
  }))

/** The sample's metric: a histogram has several names of samples. */
const ofMetric = (sample: Sample, { name, type }: { name: string; type: string }) =>
  sample.name === name || (type === 'histogram' && sample.name.replace(/_(bucket|sum|count)$/, '') === name)

test('each metric has a help text, a sample and a name that tells its unit', () => {
  expect(metrics().length).toBeGreaterThan(20)
  for (const metric of metrics()) {
    expect(metric.help, metric.name).toMatch(/^.{15,}\.$/)
    expect(samples.filter((sample) => ofMetric(sample, metric)).length, metric.name).toBeGreaterThan(0)
    expect(metric.name.endsWith('_total'), metric.name).toBe(metric.type === 'counter')
    expect(metric.name, metric.name).not.toMatch(/_(ms|milliseconds|percent|kib|mib)(_|$)/)
  }
})

test('values come from the process that is asked', () => {
  const value = (name: string, labels = '') =>
    samples.find((sample) => sample.name === name && sample.labels === labels)?.value
  expect(value('kkt_adapter_receipt_transitions_total', 'from="new",to="accepted"')).toBe(1)
  expect(value('kkt_adapter_database_up')).toBe(1)
  expect(value('kkt_adapter_redis_up')).toBe(0)
  expect(value('kkt_adapter_open_connections')).toBeGreaterThan(0)
  expect(value('kkt_adapter_buffer_disk_free_bytes')).toBeGreaterThan(0)
  expect(value('kkt_adapter_print_seconds_count')).toBe(1)
})

test('the table of the document has each metric with its type, labels and meaning, and no other', () => {
  const rows = tableRows(documentAt('services/observe/README.md'), 'metric', '## Metrics')
  const written = metrics().map((metric) => {
    const labels = samples.filter((sample) => ofMetric(sample, metric)).flatMap((one) => Object.keys(labelsOf(one)))
    const own = [...new Set(labels)].filter((label) => label !== 'le')
    return [`\`${metric.name}\``, metric.type, own.map((label) => `\`${label}\``).join(' '), metric.help]
  })
  expect(rows).toEqual(written)
})

describe('every expression names metrics, labels and values that there are', () => {
  test.each(alerts)('of the alert $name', ({ expression }) => {
    expect(strangers(expression, samples)).toEqual([])
  })

  test.each(panels)('of the panel $title', ({ targets }) => {
    expect(targets.flatMap(({ expr }) => strangers(expr, samples))).toEqual([])
  })

  test("of the dashboard's annotations", () => {
    expect(dashboard.annotations.list.flatMap(({ expr }) => strangers(expr, samples))).toEqual([])
  })
})

test('each metric of the adapter is on the dashboard', () => {
  const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n')
  expect(metrics().filter(({ name }) => !new RegExp(`\\b${name}(_bucket|_sum|_count)?\\b`).test(asked))).toEqual([])
})

test.skipIf(withoutPrometheus('promtool'))('promtool check metrics has nothing to say', () => {
  expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, said: '' })
})
