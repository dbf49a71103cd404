/** Requests to the stack's own addresses use no proxy, whatever the environment says. */
import { afterAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { HAS_OPENSSL, makeAuthority } from '@kkt/platform/testing/certificates.ts'
import { LONG, seededRandom } from '@kkt/platform/testing.ts'
import { run } from './stack/run.ts'

const root = resolve(import.meta.dir, '../..')
const listen = (text: string) => Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response(text) })
const [service, proxy] = [listen('here'), listen('a proxy')]
afterAll(() => Promise.all([service.stop(true), proxy.stop(true)]))

const { NO_PROXY, no_proxy, ...withoutExemptions } = process.env

async function outcome(command: string[], variables: Record<string, string>) {
  const env = { ...withoutExemptions, ...variables }
  const { stdout: said, exitCode: code } = await run(command, { cwd: root, env, output: 'kept' })
  return { said, code }
}

const VARIABLES = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']

/** Each starts two processes. The short form has one of each kind. */
const draw = seededRandom()
const tried = LONG ? VARIABLES : [VARIABLES[draw(2)] ?? '', VARIABLES[2 + draw(2)] ?? '']

test.each(tried)('a script that the harness runs reaches this machine despite %s', async (name) => {
  const asks = `process.stdout.write(await (await fetch('${service.url}')).text())`
  const proxied = { [name]: proxy.url.href }
  expect(await outcome([process.execPath, '-e', asks], proxied)).toEqual({ said: 'a proxy', code: 0 })
  expect(await outcome([`${root}/tests/harness/bun`, '-e', asks], proxied)).toEqual({ said: 'here', code: 0 })
})

test.each(['NO_PROXY', 'no_proxy'])('hosts that %s exempts stay exempt', async (name) => {
  const tells = "process.stdout.write([process.env.NO_PROXY, process.env.no_proxy].join(' '))"
  const exempt = 'localhost,127.0.0.1,::1,ofd.test'
  const command = [`${root}/tests/harness/bun`, '-e', tells]
  expect(await outcome(command, { [name]: 'ofd.test' })).toEqual({ said: `${exempt} ${exempt}`, code: 0 })
})

type ComposeFile = {
  services: Record<string, { healthcheck?: { test: string[] }; environment?: Record<string, string> }>
}
const { services } = Bun.YAML.parse(readFileSync(`${root}/services/compose.yml`, 'utf8')) as ComposeFile
const probes = Object.entries(services).flatMap(([name, { healthcheck }]) => {
  const [kind, ...words] = healthcheck?.test ?? []
  // Compose writes a dollar as two.
  const command = (kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words).map((word) => word.replaceAll('$$', '$'))
  return words[0]?.startsWith('curl') ? [{ name, command }] : []
})

const probeOf = (command: string[], { port }: { port?: number | undefined }) =>
  command.map((part) => part.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`))
const proxied = { http_proxy: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' }

test.each(probes)('the health check of $name asks its own container', async ({ command }) => {
  expect(await outcome(probeOf(command, service), proxied)).toEqual({ said: '', code: 0 })
})

test.skipIf(!HAS_OPENSSL)('the health check of an adapter with a certificate speaks TLS', async () => {
  const authority = makeAuthority()
  const tls = authority.issue({ name: 'shop', names: 'subjectAltName=DNS:till-server' })
  authority.remove()
  const secured = Bun.serve({ hostname: '127.0.0.1', port: 0, tls, fetch: () => new Response('here') })
  const adapters = probes.filter(({ name }) => name.startsWith('kkt_adapter'))
  expect(adapters).toHaveLength(2)
  for (const { command } of adapters) {
    const variables = { ...proxied, TLS_CERT_FILE: '/run/secrets/tls.crt' }
    expect(await outcome(probeOf(command, secured), variables)).toEqual({ said: '', code: 0 })
  }
  await secured.stop(true)
})

test('each service that speaks HTTP has a health check', () => {
  expect(probes.map(({ name }) => name).toSorted()).toEqual([
    'kkt_adapter',
    'kkt_adapter_2',
    'mock_kkt',
    'mock_odoo',
    'mock_ofd',
  ])
})

test('the test runner reaches the other containers by their names', () => {
  expect(services['test_runner']?.environment).toMatchObject({ NO_PROXY: '*', no_proxy: '*' })
})
