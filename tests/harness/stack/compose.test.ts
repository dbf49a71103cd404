import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { foreignImages, removedThings, troubledService } from './compose.ts'
import { LEAST_COMPOSE, LEAST_ENGINE } from './findings.ts'
import { ALL_SERVICES, KKT_ADAPTER, OBSERVERS, SERVICES } from './services.ts'
import { COMPOSE_FILES, parseDefaults } from './settings.ts'

const root = resolve(import.meta.dir, '../../..')
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')

test('every variable has a default, the same wherever it is named', () => {
  const composeFile = COMPOSE_FILES.map(read).join('\n')
  const defaults = parseDefaults(composeFile)
  // `$${` is left to the shell in the container.
  const written = [...composeFile.matchAll(/(?<!\$)\$\{\w+[^}]*\}/g)].map(([whole]) => whole)
  for (const whole of written) {
    const [, name = ''] = /^\$\{(\w+)/.exec(whole) ?? []
    expect(whole).toBe(`$\{${name}:-${defaults[name]}}`)
  }
  expect(written.length).toBeGreaterThan(SERVICES.length)
})

/** Without an address Docker would publish a port to the whole network, past the machine's firewall. */
const published = (outside: string, inside: number) => `$\{PUBLISH_ADDRESS:-127.0.0.1}:$\{${outside}}:${inside}`

type Container = {
  ports?: string[]
  profiles?: string[]
  volumes?: string[]
  restart?: string
  mem_limit?: string
  pids_limit?: number
  cpu_quota?: number
  read_only?: boolean
  tmpfs?: string[]
  build?: { target: string }
  healthcheck?: { test: string[]; interval?: string }
}
type ComposeFile = { services: Record<string, Container> }

test('there are five services, each on a port of its own, and a profile adds a second adapter on the same buffer', () => {
  const { services } = Bun.YAML.parse(read('services/compose.yml')) as ComposeFile
  const always = Object.keys(services).filter((name) => services[name]?.profiles === undefined)
  expect(always.toSorted()).toEqual([...SERVICES.map(({ name }) => name), 'test_runner'].toSorted())
  expect(services['kkt_adapter']?.ports).toEqual([published('KKT_ADAPTER_PORT:-8001', 8000)])
  expect(services['kkt_adapter_2']).toMatchObject({
    ports: [published('KKT_ADAPTER_2_PORT:-8002', 8000)],
    profiles: ['pair'],
    volumes: services['kkt_adapter']?.volumes,
  })
})

test('a cash register on the network comes by a profile, and keeps its memory in a volume', () => {
  const { services } = Bun.YAML.parse(read('services/compose.yml')) as ComposeFile
  expect(services['mock_kkt']).toMatchObject({
    ports: [published('MOCK_KKT_PORT:-16732', 16732)],
    profiles: ['kkt'],
    volumes: ['mock_kkt_data:/app/data'],
  })
})

test('Prometheus and Grafana come by a profile, each on a port of its own and with a version', () => {
  const file = read('services/observe/compose.yml')
  const { services } = Bun.YAML.parse(file) as ComposeFile
  const known = OBSERVERS.map(({ name, portVariable }) => [name, portVariable])
  const written = Object.entries(services).map(([name, { ports }]) => [
    name,
    /^\$\{PUBLISH_ADDRESS:-127\.0\.0\.1}:\$\{(\w+):-\d+}:/.exec(ports?.[0] ?? '')?.[1],
  ])
  expect(written).toEqual(known)
  for (const { profiles } of Object.values(services)) expect(profiles).toEqual(['observe'])
  expect(foreignImages(file).map((image) => image.replace(/:v?\d+\.\d+\.\d+$/, ''))).toEqual([
    'prom/prometheus',
    'grafana/grafana',
  ])
})

test('each container is bounded, and comes back by itself', () => {
  const containers = COMPOSE_FILES.flatMap((path) =>
    Object.entries((Bun.YAML.parse(read(path)) as ComposeFile).services),
  )
  expect(containers.length).toBe(ALL_SERVICES.length + OBSERVERS.length + 2)
  for (const [name, { restart, mem_limit, pids_limit, cpu_quota, tmpfs = [], read_only }] of containers) {
    expect([name, restart]).toEqual([name, 'unless-stopped'])
    expect([name, mem_limit, pids_limit]).toEqual([name, expect.stringMatching(/^\d+[mg]$/), expect.any(Number)])
    for (const disk of tmpfs) expect([name, disk]).toEqual([name, expect.stringMatching(/[:,]size=\d+m/)])
    // The tests may have the whole machine.
    if (name !== 'test_runner') expect([name, cpu_quota, read_only]).toEqual([name, expect.any(Number), true])
  }
})

test('no Compose file needs a newer engine than the one that the doctor and the README ask for', () => {
  for (const path of [...COMPOSE_FILES, 'services/compose.dev.yml']) {
    const { services } = Bun.YAML.parse(read(path)) as ComposeFile
    for (const [name, { healthcheck }] of Object.entries(services)) {
      // Needs engine 25. A short interval finds a healthy service as soon.
      expect([name, healthcheck]).not.toEqual([name, expect.objectContaining({ start_interval: expect.anything() })])
      if (healthcheck?.interval !== undefined) expect([name, healthcheck.interval]).toEqual([name, '1s'])
    }
  }
  const [, engine, compose] = /Engine ([\d.]+), Compose ([\d.]+)\)/.exec(read('README.md')) ?? []
  expect([LEAST_ENGINE, LEAST_COMPOSE]).toEqual([`${engine}.0.0`, `${compose}`])
})

test('each image that is probed by curl has it, the mocks’ included, because people ask there by it, too', () => {
  const stages = [...read('services/Dockerfile').matchAll(/^FROM (\S+) AS (\w+)\n((?:(?!FROM ).*\n)*)/gm)]
  const hasCurl = (target: string): boolean =>
    stages.some(
      ([, from = '', name, body = '']) => name === target && (/ install .*\bcurl\b/.test(body) || hasCurl(from)),
    )
  const { services } = Bun.YAML.parse(read('services/compose.yml')) as ComposeFile
  const probed = Object.values(services).flatMap(({ build, healthcheck }) =>
    build && healthcheck?.test.join(' ').includes('curl ') ? [build.target] : [],
  )
  expect(probed).toEqual(expect.arrayContaining(['mock_ofd', 'mock_odoo', 'mock_kkt', 'kkt_adapter']))
  for (const target of probed) expect([target, hasCurl(target)]).toEqual([target, true])
})

test('each image takes a digest', () => {
  const images =
    COMPOSE_FILES.map(read)
      .join('\n')
      .match(/^ +image: .*$/gm) ?? []
  expect(images).toHaveLength(1 + OBSERVERS.length)
  for (const image of images) expect(image).toMatch(/\$\{[A-Z]+_DIGEST:-}"$/)
  expect(read('services/Dockerfile')).toMatch(/^FROM oven\/bun:\S+-slim\$\{BUN_DIGEST} AS base$/m)
})

test('the base image is the pinned Bun', () => {
  const { packageManager } = JSON.parse(read('package.json'))
  expect(foreignImages(read('services/Dockerfile'))).toEqual([`oven/${packageManager.replace('@', ':')}-slim`])
  expect(foreignImages(read('services/compose.yml'))).toEqual(['redis:8-alpine'])
})

test('the adapter has the same bounds in its image and in local mode', () => {
  const stage = /^FROM \S+ AS kkt_adapter\n(?:(?!FROM ).*\n)*/m.exec(read('services/Dockerfile'))?.[0] ?? ''
  const set = [...stage.matchAll(/^ENV (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value])
  expect(set).toEqual(Object.entries(KKT_ADAPTER.environment))
})

test('a service listens to its container only where an engine stands in front of it', () => {
  expect(read('services/Dockerfile').match(/^ENV HOST=.*$/gm)).toEqual(['ENV HOST=0.0.0.0'])
  expect(read('services/compose.yml')).not.toMatch(/^\s+HOST:/m)
  const composeFile = COMPOSE_FILES.map(read).join('\n')
  const ports = [...composeFile.matchAll(/^ +ports: (.*)$/gm)].map(([, list]) => list)
  expect(ports.length).toBe(ALL_SERVICES.length + OBSERVERS.length + 1)
  for (const list of ports) expect(list).toStartWith('["$' + '{PUBLISH_ADDRESS:-127.0.0.1}:')
})

test('removed things are reported, but no volume that did not exist', () => {
  const said = ` Container p-redis-1  Removing
 Container p-redis-1  Removed
 Volume p_kkt_data  Removed
 Volume p_redis_data Removed
 Network p_network  Removed`
  expect(removedThings(said, ['p_kkt_data'])).toEqual(['container p-redis-1', 'volume p_kkt_data', 'network p_network'])
})

test('the service to look at is one that has ended, else an unhealthy one', () => {
  const healthy = SERVICES.map(({ name }) => `${name} running healthy 0`).join('\n')
  expect(troubledService(healthy)).toBeUndefined()
  expect(troubledService(`${healthy}\na running unhealthy 0`)).toBe('a')
  expect(troubledService(`a running unhealthy 0\nb exited  2\n${healthy}`)).toBe('b')
  expect(troubledService(`a running unhealthy 0\nb restarting starting 0\n${healthy}`)).toBe('b')
})
