import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { addresses, SERVICES } from './services.ts'
import { mergeSettings, portSetting, readDefaults, SUITE_SETTINGS } from './settings.ts'

const root = resolve(import.meta.dir, '../../..')

test('the shell wins over the suites, and the suites over the defaults', () => {
  const defaults = { SYNC_INTERVAL: '5', OFD_TIMEOUT: '5', KKT_ID: 'KKT-001' }
  const suite = { SYNC_INTERVAL: '1', OFD_TIMEOUT: '1' }
  const shell = { SYNC_INTERVAL: '2', HOME: '/root' }
  expect(mergeSettings({ defaults, suite, shell })).toEqual({ SYNC_INTERVAL: '2', OFD_TIMEOUT: '1', KKT_ID: 'KKT-001' })
})

test('a variable that the shell sets to nothing is not set', () => {
  expect(mergeSettings({ defaults: { KKT_ID: 'KKT-001' }, suite: {}, shell: { KKT_ID: '' } })).toEqual({
    KKT_ID: 'KKT-001',
  })
})

test('the suites change settings that there are, and every service has its port', () => {
  const defaults = readDefaults(root)
  for (const name of Object.keys(SUITE_SETTINGS)) expect(defaults).toHaveProperty(name)
  for (const { portVariable } of SERVICES) expect(portSetting(defaults, portVariable)).toBeGreaterThan(0)
})

test('the addresses are those of the ports', () => {
  const ports = { KKT_ADAPTER_PORT: '1', MOCK_OFD_PORT: '2', MOCK_ODOO_PORT: '3', REDIS_PORT: '4' }
  expect(addresses(ports, 'host')).toEqual({
    KKT_ADAPTER_URL: 'http://host:1',
    MOCK_OFD_URL: 'http://host:2',
    MOCK_ODOO_URL: 'http://host:3',
    REDIS_URL: 'redis://host:4/0',
  })
})

test.each(['', '0', '65536', '80.5', 'http', '-1'])('the port %p is refused by its name', (value) => {
  expect(() => portSetting({ REDIS_PORT: value }, 'REDIS_PORT')).toThrow(
    `REDIS_PORT is ${JSON.stringify(value)}: it takes a port number from 1 to 65535.`,
  )
})
