import { afterEach, beforeEach, expect, spyOn, test } from 'bun:test'
import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { differences, differing, isOwn, settingsFound, settingsToStart } from './settle.ts'
import type { Found } from './stack.ts'

let root = ''
beforeEach(() => {
  root = newFolder('settle')
  mkdirSync(`${root}/services/observe`, { recursive: true })
  writeFileSync(`${root}/services/observe/compose.yml`, '')
  writeFileSync(`${root}/services/compose.yml`, 'a: $' + '{KKT_ID:-KKT-001}\nb: $' + '{SYNC_INTERVAL:-5}')
  writeFileSync(`${root}/services/main.ts`, '')
  utimesSync(`${root}/services/main.ts`, 100, 100)
})
afterEach(() => rmSync(root, { recursive: true }))

const found = (changed: Partial<Found>): Found => ({
  running: ['kkt_adapter'],
  settings: { SYNC_INTERVAL: '0.1', PATH: '/elsewhere' },
  startedAtMs: 200_000,
  reloads: false,
  from: root,
  ...changed,
})

test('a stack that is up keeps the settings of its start, and the shell wins only at a restart', () => {
  expect(settingsFound(root, found({}))).toEqual({ KKT_ID: 'KKT-001', SYNC_INTERVAL: '0.1' })
  expect(settingsFound(root, found({}), { KKT_ID: 'K', SYNC_INTERVAL: '' })).toEqual({
    KKT_ID: 'K',
    SYNC_INTERVAL: '0.1',
  })
})

/** Nothing is up. */
const NEW = { mode: 'local', found: undefined } as const

test('settings that differ are named, and settings that nobody gave do not differ', () => {
  expect(differing({ A: '1', B: '2', C: '3', D: '4' }, { A: '1', B: '5', C: '', E: '6' })).toEqual(['B'])
})

test('a setting of the shell without effect is reported', () => {
  expect(differences(root, found({}), { SYNC_INTERVAL: '3', PATH: '/bin' })).toEqual([
    "The shell's settings are not those that it was started with: SYNC_INTERVAL is 0.1 there.",
  ])
})

test('a password that differs is named and not shown', () => {
  writeFileSync(`${root}/services/compose.yml`, 'a: $' + '{KKT_PASSWORD:-}')
  const lines = differences(root, found({ settings: { KKT_PASSWORD: 'Zq7-there' } }), { KKT_PASSWORD: 'Zq7-here' })
  expect(lines).toEqual([expect.stringContaining('KKT_PASSWORD is another one there')])
  expect(String(lines)).not.toContain('Zq7')
})

test('a stack that is up keeps its ports, and says so when others are asked for', async () => {
  writeFileSync(`${root}/.env.test`, '')
  const ports = { KKT_ADAPTER_PORT: '8001', MOCK_OFD_PORT: '9000', MOCK_ODOO_PORT: '8070', REDIS_PORT: '6380' }
  const defaults = Object.entries(ports).map(([name, port]) => `\${${name}:-${port}}`)
  writeFileSync(`${root}/services/compose.yml`, defaults.join('\n'))
  using written = spyOn(process.stdout, 'write').mockImplementation(() => true)
  await settingsToStart(
    root,
    { project: 'p', randomPorts: true, observe: false, hasRegister: false },
    { mode: 'local', found: found({ settings: ports }) },
    {},
  )
  expect(written.mock.calls[0]).toEqual(['The stack is up and keeps the ports that it has.\n'])
})

test('Prometheus and Grafana get free ports where they are asked for, and keep those that they have', async () => {
  writeFileSync(`${root}/services/observe/compose.yml`, 'a: $' + '{GRAFANA_PORT:-3000}')
  writeFileSync(`${root}/.env.test`, '')
  using written = spyOn(process.stdout, 'write').mockImplementation(() => true)
  const asked = { project: 'p', randomPorts: true, observe: true, hasRegister: false }
  const { GRAFANA_PORT } = await settingsToStart(root, asked, NEW, {})
  expect(Number(GRAFANA_PORT)).toBeGreaterThan(3000)
  expect(written.mock.calls.join()).toContain(`GRAFANA_PORT=${GRAFANA_PORT}`)
  const kept = await settingsToStart(root, asked, { ...NEW, found: found({ settings: { GRAFANA_PORT: '4000' } }) }, {})
  expect(kept['GRAFANA_PORT']).toBe('4000')
  expect((await settingsToStart(root, { ...asked, observe: false }, NEW, {}))['GRAFANA_PORT']).toBe('3000')
})

test('an edit since the start is reported, unless the services restart by themselves', () => {
  expect(differences(root, found({}), {})).toEqual([])
  const earlier = found({ startedAtMs: 50_000 })
  expect(differences(root, earlier, {})).toEqual([expect.stringContaining('BUILD=1')])
  expect(differences(root, { ...earlier, reloads: true }, {})).toEqual([])
})

test('a stack of another checkout is refused, unless that checkout is gone', () => {
  expect(isOwn(root, found({}))).toBe(true)
  symlinkSync(root, `${root}/link`)
  expect(isOwn(root, found({ from: `${root}/link` }))).toBe(true)
  expect(() => isOwn(root, found({ from: `${root}/services` }))).toThrow(
    `another checkout, ${root}/services: make down`,
  )
  expect(isOwn(root, found({ from: `${root}/gone` }))).toBe(false)
})

test('a cash register gets a free port where it is asked for', async () => {
  writeFileSync(`${root}/services/compose.yml`, 'a: $' + '{MOCK_KKT_PORT:-16732}\nb: $' + '{REDIS_PORT:-6380}')
  writeFileSync(`${root}/.env.test`, '')
  using written = spyOn(process.stdout, 'write').mockImplementation(() => true)
  const asked = { project: 'p', randomPorts: true, observe: false, hasRegister: true }
  const { MOCK_KKT_PORT = '' } = await settingsToStart(root, asked, NEW, {})
  expect(MOCK_KKT_PORT).not.toBe('16732')
  expect(written.mock.calls.join()).toContain(`MOCK_KKT_PORT=${MOCK_KKT_PORT}`)
  // One that is started later than the stack gets its port then.
  const up = found({ settings: { REDIS_PORT: '6390' } })
  const later = await settingsToStart(root, asked, { ...NEW, found: up }, { KKT_MODE: 'mock' })
  expect(later['REDIS_PORT']).toBe('6390')
  expect(later['MOCK_KKT_PORT']).not.toBe('16732')
  expect((await settingsToStart(root, { ...asked, hasRegister: false }, NEW, {}))['MOCK_KKT_PORT']).toBe('16732')
})
