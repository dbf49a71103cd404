/** The rules and the dashboard hold together, and with Compose. */
import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { alerts, dashboard, firing, panels, read, silent } from './files.ts'
import { promtool, root, withoutPrometheus } from './promtool.ts'

test('there is an alert for each way in which a shop stops, or will', () => {
  expect(alerts.map(({ name }) => name).toSorted()).toEqual([
    'AdapterDown',
    'BreakerOpen',
    'BufferNearlyFull',
    'ClockDrifts',
    'ClockWrong',
    'CorrectionHalfDone',
    'DatabaseFailing',
    'DeadLetters',
    'DiskNearlyFull',
    'FnEndsAtOnce',
    'FnEndsSoon',
    'FnNearlyFull',
    'HeartbeatLost',
    'KktTrouble',
    'OfdSilentFor10Days',
    'OfdSilentFor20Days',
    'OfdSilentFor25Days',
    'OfdSilentFor3Days',
    'OldestPendingTooOld',
    'PaperNearEnd',
    'ReceiptsUntold',
    'ReceiptsUntraced',
    'ShiftEndsSoon',
    'TasksUnclear',
  ])
})

test.each(alerts)('$name says what is wrong and what a person does now', ({ expression, summary, action }) => {
  expect(expression).not.toBe('')
  for (const said of [summary, action]) expect(said).toMatch(/^[A-Z].{20,}\.$/)
})

test('each alert is seen to fire, and seen not to', () => {
  const names = alerts.map(({ name }) => name).toSorted()
  expect([...new Set(firing)].toSorted()).toEqual(names)
  expect([...new Set(silent)].toSorted()).toEqual(names)
})

test('the dashboard asks the data source that is provisioned', () => {
  const [, uid] = /^ +uid: (\S+)$/m.exec(read('grafana/provisioning/datasources/prometheus.yml')) ?? []
  const asked = [
    ...panels.flatMap(({ datasource, targets }) => [datasource, ...targets.map((target) => target.datasource)]),
    ...dashboard.annotations.list.map(({ datasource }) => datasource),
  ]
  expect(new Set(asked.map((source) => source.uid))).toEqual(new Set([uid ?? '']))
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
})

test('no panel covers another', () => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
  expect(Math.max(...panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24)
})

test('Compose brings each file to where its reader looks', () => {
  const compose = read('compose.yml')
  const mounts = new Map(
    [...compose.matchAll(/- \.\/observe\/(\S+):(\S+):ro$/gm)].map(([, from = '', to = '']) => [to, from]),
  )
  expect(mounts.get('/etc/prometheus/prometheus.yml')).toBe('prometheus.yml')
  expect(mounts.get('/etc/prometheus/alerts.yml')).toBe('alerts.yml')
  expect(read('prometheus.yml')).toContain('rule_files: [alerts.yml]')
  expect(mounts.get('/etc/grafana/provisioning')).toBe('grafana/provisioning')
  const [, folder = ''] = /path: (\S+) }/.exec(read('grafana/provisioning/dashboards/kkt_adapter.yml')) ?? []
  expect(mounts.get(folder)).toBe('grafana/dashboards')
  expect(compose).toContain(`HOME_DASHBOARD_PATH: ${folder}/kkt_adapter.json`)
})

const { status: hasCompose } = spawnSync('docker', ['compose', 'version'])
if (hasCompose !== 0) process.stderr.write('Skipped: there is no Docker Compose here, which reads the two services.\n')

test.skipIf(hasCompose !== 0)('Compose takes the services, and only with the profile', () => {
  const services = (...profile: string[]) => {
    const command = ['compose', ...profile, 'config', '--services']
    const { stdout, stderr } = spawnSync('docker', command, { cwd: root, encoding: 'utf8' })
    expect(stderr).toBe('')
    return stdout.trim().split('\n').toSorted()
  }
  const plain = services()
  expect(plain).toContain('kkt_adapter')
  expect(services('--profile', 'observe')).toEqual([...plain, 'grafana', 'prometheus'].toSorted())
})

describe.skipIf(withoutPrometheus('promtool'))('promtool', () => {
  test.each([
    ['check', 'config', 'services/observe/prometheus.yml'],
    ['check', 'rules', 'services/observe/alerts.yml'],
    ['test', 'rules', 'services/observe/alerts.test.yml'],
  ])('%s %s %s', (...args) => {
    const [command, kind, path] = args
    const { status, said } = promtool([command, kind, path])
    expect({ status, said }).toMatchObject({ status: 0, said: expect.stringContaining('SUCCESS') })
  })
})
