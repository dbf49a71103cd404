/** The files of services/observe. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { root } from './promtool.ts'

export const read = (path: string) => readFileSync(`${root}/services/observe/${path}`, 'utf8')

/** The first group of each match. */
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, group = '']) => group)

const RULES = read('alerts.yml')
const block = (name: string) => RULES.slice(RULES.indexOf(`alert: ${name}\n`)).split('\n\n')[0] ?? ''

/** Each alert with what a person is told. A field that is missing is empty. */
export const alerts = found(RULES, /^ +- alert: (\w+)$/gm).map((name) => {
  const field = (key: string) => found(block(name), new RegExp(`^ +${key}: (.+)$`, 'gm'))[0] ?? ''
  return { name, expression: field('expr'), summary: field('summary'), action: field('action') }
})

/** The alerts that a case of the rules' test expects to fire, and those that one expects not to. */
const CASES = read('alerts.test.yml')
export const firing = found(CASES, /^ +alertname: (\w+)\n +exp_alerts:\n/gm)
export const silent = found(CASES, /^ +alertname: (\w+)\n +exp_alerts: \[\]/gm)

const source = z.object({ type: z.literal('prometheus'), uid: z.string() })
const shown = z.object({
  id: z.int(),
  type: z.enum(['stat', 'timeseries']),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: source,
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  targets: z.array(z.object({ datasource: source, expr: z.string().min(1) })).min(1),
})
const row = z.object({ id: z.int(), type: z.literal('row'), title: z.string().min(1) })
const annotation = z.object({ datasource: source, expr: z.string() })

/** The parts of the dashboard that the tests look at. @throws ZodError where it has another form */
export const dashboard = z
  .object({
    panels: z.array(z.discriminatedUnion('type', [shown, row])),
    annotations: z.object({ list: z.array(annotation) }),
  })
  .parse(JSON.parse(read('grafana/dashboards/kkt_adapter.json')))

export const panels = dashboard.panels.flatMap((panel) => (panel.type === 'row' ? [] : [panel]))
