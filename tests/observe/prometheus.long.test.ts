/** A real Prometheus, on the files that Compose gives it, with an adapter in a process of its own. */
import { afterAll, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { randomPorts } from '../harness/stack/ports.ts'
import { killAll, startAdapter } from '../process/adapter_process.ts'
import { alerts, read } from './files.ts'
import { withoutPrometheus } from './promtool.ts'

/** Prometheus starts in a second and asks each second. A busy machine takes longer. */

const targetsAnswer = z.object({
  data: z.object({ activeTargets: z.array(z.object({ scrapeUrl: z.string(), health: z.string() })) }),
})
const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ name: z.string(), state: z.string(), health: z.string() })) }),
    ),
  }),
})
const valueAnswer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
})

const folder = mkdtempSync(join(tmpdir(), 'kkt-prometheus-'))
let prometheus: ChildProcess | undefined

afterAll(() => {
  prometheus?.kill('SIGKILL')
  killAll()
  rmSync(folder, { recursive: true })
})

/** The shipped configuration, with the adapter at its place on this machine, asked each second. */
function configure(adapterPort: number): string {
  const path = join(folder, 'prometheus.yml')
  const shipped = read('prometheus.yml')
  const here = shipped
    .replace('kkt_adapter:8000', `127.0.0.1:${adapterPort}`)
    .replaceAll(/(scrape|evaluation)_interval: \w+/g, '$1_interval: 1s')
    .replace(/scrape_timeout: \w+/, 'scrape_timeout: 1s')
  writeFileSync(path, here)
  writeFileSync(join(folder, 'alerts.yml'), read('alerts.yml'))
  return path
}

test.skipIf(withoutPrometheus('prometheus'))(
  'Prometheus sees the adapter, takes each rule, and an alert begins with a trouble of the KKT',
  async () => {
    const adapter = startAdapter({ BUFFER_DB_PATH: join(folder, 'buffer.db') })
    const adapterPort = await adapter.port
    const { PROMETHEUS_PORT: port } = await randomPorts(['PROMETHEUS_PORT'], randomInt)
    const at = `127.0.0.1:${port}`
    prometheus = spawn(
      'prometheus',
      [`--config.file=${configure(adapterPort)}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${at}`],
      { stdio: 'ignore' },
    )
    /** Null before Prometheus listens. */
    const ask = async <T>(path: string, answer: z.ZodType<T>) => {
      const response = await fetch(`http://${at}/api/v1/${path}`).catch(() => null)
      return response?.ok ? answer.parse(await response.json()) : null
    }

    const targets = await eventually('the target to be up', async () => (await ask('targets', targetsAnswer))?.data, {
      withinMs: PATIENT_MS,
      until: (data) => data?.activeTargets[0]?.health === 'up',
    })
    expect(targets?.activeTargets).toEqual([{ scrapeUrl: `http://127.0.0.1:${adapterPort}/metrics`, health: 'up' }])

    const rules = async () => (await ask('rules', rulesAnswer))?.data.groups.flatMap((group) => group.rules) ?? []
    const evaluated = await eventually('each rule to be evaluated', rules, {
      withinMs: PATIENT_MS,
      until: (all) => all.length > 0 && all.every(({ health }) => health !== 'unknown'),
    })
    expect(evaluated).toEqual(alerts.map(({ name }) => ({ name, state: 'inactive', health: 'ok' })))

    await adapter.post()
    const taken = 'query?query=kkt_adapter_receipt_transitions_total{from="new"}'
    await eventually('the sale to be counted', async () => (await ask(taken, valueAnswer))?.data.result[0]?.value[1], {
      withinMs: PATIENT_MS,
      until: (value) => value === '1',
    })

    const gone = { method: 'POST', body: '{"gone": true}' }
    await fetch(`http://127.0.0.1:${adapterPort}/v1/kkt/_test/config`, gone)
    const begun = async () => (await rules()).filter(({ state }) => state !== 'inactive').map(({ name }) => name)
    expect(
      await eventually('an alert to begin', begun, { withinMs: PATIENT_MS, until: (names) => names.length > 0 }),
    ).toEqual(['KktTrouble'])
  },
  TEST_MS,
)
