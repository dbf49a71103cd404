import { expect, test } from 'bun:test'
import { parseContainers } from './compose_found.ts'

const line = (name: string, state: string, at: string, port: string, env: string[], command = ['bun', 'main.js']) =>
  [name, state, at, port, JSON.stringify(env), JSON.stringify(command), '/checkout'].join('\t')

test('a stack is described by its containers: running services, settings, ports, start', () => {
  const lines = [
    line('kkt_adapter', 'running', '2026-01-01T00:00:02Z', '18001', ['SYNC_INTERVAL=1', 'REDIS_URL=redis://a?b=c']),
    line('kkt_adapter_2', 'running', '2026-01-01T00:00:08Z', '18002', ['SYNC_INTERVAL=1']),
    line('mock_ofd', 'running', '2026-01-01T00:00:05Z', '19000', ['PORT=9000']),
    line('mock_odoo', 'exited', '2026-01-01T00:00:09Z', '18070', []),
    line('test_runner', 'running', '2026-01-01T00:00:10Z', '', ['SYNC_INTERVAL=9']),
    '',
  ]
  expect(parseContainers(lines.join('\n'))).toEqual({
    running: ['kkt_adapter', 'mock_ofd'],
    settings: {
      SYNC_INTERVAL: '1',
      REDIS_URL: 'redis://a?b=c',
      KKT_ADAPTER_PORT: '18001',
      MOCK_OFD_PORT: '19000',
    },
    startedAtMs: Date.parse('2026-01-01T00:00:05Z'),
    reloads: false,
    from: '/checkout',
  })
  const watching = line('redis', 'running', '2026-01-01T00:00:02Z', '1', [], ['bun', '--watch', 'main.ts'])
  expect(parseContainers(watching)?.reloads).toBe(true)
})

test('Prometheus and Grafana have their ports, and are no service of the stack', () => {
  const adapter = line('kkt_adapter', 'running', '2026-01-01T00:00:02Z', '18001', [])
  const grafana = line('grafana', 'running', '2026-01-01T00:00:09Z', '13000', [])
  expect(parseContainers([grafana, adapter].join('\n'))).toMatchObject({
    running: ['kkt_adapter'],
    settings: { KKT_ADAPTER_PORT: '18001', GRAFANA_PORT: '13000' },
    startedAtMs: Date.parse('2026-01-01T00:00:02Z'),
  })
  expect(parseContainers(grafana)).toBeUndefined()
})

test('a cash register is one of the services where it runs', () => {
  const register = line('mock_kkt', 'running', '2026-01-01T00:00:02Z', '26732', [])
  expect(parseContainers(register)).toMatchObject({ running: ['mock_kkt'], settings: { MOCK_KKT_PORT: '26732' } })
})

test('containers without a running service are no stack', () => {
  expect(parseContainers('')).toBeUndefined()
  expect(parseContainers(line('redis', 'exited', '2026-01-01T00:00:02Z', '1', []))).toBeUndefined()
  expect(parseContainers(line('test_runner', 'running', '2026-01-01T00:00:02Z', '', []))).toBeUndefined()
})
