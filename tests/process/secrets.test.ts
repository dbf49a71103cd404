/** No password of a setting is shown: not at a start, not at a refused one, and not when what it is for fails. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { someCases } from '@kkt/platform/testing.ts'
import type { z } from 'zod'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { adapterHealth } from '../harness/wire.ts'
import { killAll, startAdapter } from './adapter_process.ts'

setDefaultTimeout(TEST_MS)
const MARKER = 'Zq7secretXw'
/** As a header carries it. */
const ENCODED = btoa(`till:${MARKER}`)

const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
const servers: Server[] = []
afterAll(() => {
  killAll()
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Answers everything with these bytes. */
async function startPeer(answer: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => socket.write(answer))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

let files = 0
function secretFile(name: string, text: string): string {
  const path = join(folder, `${name}-${files++}`)
  writeFileSync(path, `${text}\n`)
  return path
}

const expectNone = (shown: Readonly<Record<string, string>>) => {
  for (const [where, text] of Object.entries(shown)) {
    expect({ where, text: text.includes(MARKER) || text.includes(ENCODED) ? text : '' }).toEqual({ where, text: '' })
  }
}

type Components = z.infer<typeof adapterHealth>['components']

const FAILING: [what: string, hasRedis: boolean, isSeen: (components: Components) => boolean][] = [
  // Without the right to send, which Redis would give, nothing goes to the OFD.
  ['Redis', true, ({ redis }) => redis['error'] === 'WRONGPASS'],
  [
    'an OFD behind its proxy and Odoo',
    false,
    ({ odoo, buffer }) => odoo.state === 'offline' && buffer.last_failure !== null,
  ],
]

test.concurrent.each(FAILING)('%s, which fails', async (what, hasRedis, isSeen) => {
  const refusing = await startPeer('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
  const redis = await startPeer('-WRONGPASS invalid username-password pair or user is disabled.\r\n')
  const at = (port: number) => `till:${MARKER}@127.0.0.1:${port}`
  const adapter = startAdapter({
    LOG_LEVEL: 'debug',
    OFD_MODE: 'http',
    OFD_API_URL_FILE: secretFile('ofd', `http://${at(refusing)}`),
    OFD_PROXY_FILE: secretFile('proxy', `http://${at(refusing)}`),
    ODOO_API_URL_FILE: secretFile('odoo', `http://${at(refusing)}`),
    ODOO_HEARTBEAT_INTERVAL: '0.2',
    ...(hasRedis && { REDIS_URL_FILE: secretFile('redis', `redis://${at(redis)}/0`) }),
    SYNC_INTERVAL: '0.2',
    BUFFER_DB_PATH: join(folder, what, 'buffer.db'),
  })
  const { receipt_id } = await adapter.post()
  await eventually('the failure', () => adapter.ask('/v1/health', adapterHealth), {
    withinMs: PATIENT_MS,
    until: ({ components }) => isSeen(components),
  })
  const answers: Record<string, string> = {}
  for (const path of ['health', 'kkt/buffer/status', 'kkt/buffer/events', `kkt/receipt/${receipt_id}`]) {
    answers[path] = await (await fetch(await adapter.url(`/v1/${path}`))).text()
  }
  const metrics = await (await fetch(await adapter.url('/metrics'))).text()
  const list = `/proc/${adapter.child.pid}`
  const shown = existsSync(list) ? ['cmdline', 'environ'].map((name) => readFileSync(`${list}/${name}`, 'latin1')) : []
  adapter.child.kill()
  expect(await adapter.ended).toBe(0)
  expect(adapter.lines.length).toBeGreaterThan(3)
  expectNone({
    ...answers,
    metrics,
    log: adapter.lines.join('\n'),
    errors: await adapter.errors,
    list: shown.join('\n'),
  })
})

const BAD: readonly Record<string, string>[] = [
  { REDIS_URL: `redis://:${MARKER}%@redis` },
  { OFD_PROXY: `http://till:${MARKER}@proxy:0` },
  { OFD_API_URL: `ftp://till:${MARKER}@ofd` },
  { ODOO_API_URL: `http://till:${MARKER}@odoo/?key=1` },
  { REDIS_URL: 'redis://redis', REDIS_URL_FILE: MARKER },
  { PORT: `till:${MARKER}@host` },
  { TLS_CERT_FILE: MARKER, TLS_KEY_FILE: MARKER },
]

test.concurrent.each(someCases(BAD, 3))('a start that is refused (%j)', async (settings) => {
  const adapter = startAdapter({ ...settings, BUFFER_DB_PATH: join(folder, 'refused', 'buffer.db') })
  expect(await adapter.ended).toBeWithin(1, 3)
  const errors = await adapter.errors
  expect(errors).toContain(Object.keys(settings)[0] ?? '')
  expectNone({ errors, log: adapter.lines.join('\n') })
})
