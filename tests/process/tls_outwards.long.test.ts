/** The adapter's own connections over TLS, to a Redis and an OFD whose authority is a private one. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HAS_OPENSSL, makeAuthority } from '@kkt/platform/testing/certificates.ts'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { randomPorts } from '../harness/stack/ports.ts'
import { adapterHealth, bufferStatus } from '../harness/wire.ts'
import { killAll, startAdapter } from './adapter_process.ts'

setDefaultTimeout(TEST_MS)

const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0

describe.skipIf(!HAS_OPENSSL)('over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outwards-'))
  const authority = HAS_OPENSSL ? makeAuthority() : null
  const identity = authority?.issue({ name: 'server' }) ?? { cert: '', key: '' }
  const CA = authority?.caFile ?? ''
  const ends: (() => unknown)[] = [killAll]
  afterAll(() => {
    for (const end of ends) end()
    authority?.remove()
    rmSync(folder, { recursive: true, force: true })
  })
  let buffers = 0
  const start = (settings: Record<string, string>) =>
    startAdapter({ ...settings, SYNC_INTERVAL: '0.5', BUFFER_DB_PATH: join(folder, String(buffers++), 'buffer.db') })

  /** An OFD that takes every receipt. */
  async function startOfd(): Promise<string> {
    const server: Server = createServer(identity, async (request, answer) => {
      let text = ''
      for await (const bytes of request) text += bytes
      const { receipt_id } = text === '' ? { receipt_id: request.url?.split('/').pop() } : JSON.parse(text)
      const known = request.method === 'POST'
      answer.writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
      answer.end(
        JSON.stringify({ status: known ? 'accepted' : 'not_found', ofd_id: 'OFD-1', timestamp: 1, receipt_id }),
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    ends.push(() => server.close())
    const address = server.address()
    return `https://localhost:${address !== null && typeof address === 'object' ? address.port : 0}`
  }

  test.concurrent('an OFD with its authority named gets receipts; without it, last_failure says what to do', async () => {
    const OFD_API_URL = await startOfd()
    const [trusting, other] = [
      start({ OFD_MODE: 'http', OFD_API_URL, OFD_CA_FILE: CA }),
      start({ OFD_MODE: 'http', OFD_API_URL }),
    ]
    await Promise.all([trusting.post(), other.post()])
    const delivered = await eventually(
      'the receipt at the OFD',
      () => trusting.ask('/v1/kkt/buffer/status', bufferStatus),
      {
        withinMs: PATIENT_MS,
        until: ({ synced }) => synced === 1,
      },
    )
    expect(delivered.last_failure).toBeNull()
    const failed = await eventually('the failure', () => other.ask('/v1/kkt/buffer/status', bufferStatus), {
      withinMs: PATIENT_MS,
      until: ({ last_failure }) => last_failure !== null,
    })
    expect(failed.last_failure?.reason).toContain('not trusted here: set OFD_CA_FILE to')
  })

  test.skipIf(!HAS_REDIS)(
    'a Redis with its authority named is used; without it, and with a wrong password, health says what to do',
    async () => {
      const { REDIS_PORT: port = '' } = await randomPorts(['REDIS_PORT'], randomInt)
      const files = { cert: join(folder, 'redis.crt'), key: join(folder, 'redis.key') }
      writeFileSync(files.cert, identity.cert)
      writeFileSync(files.key, identity.key)
      const tls = ['--tls-port', port, '--tls-cert-file', files.cert, '--tls-key-file', files.key]
      const options = ['--port', '0', '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--requirepass', 'right']
      const server = spawn('redis-server', [...options, ...tls, '--tls-ca-cert-file', CA, '--tls-auth-clients', 'no'])
      ends.push(() => server.kill('SIGKILL'))
      const url = (password: string) => `rediss://:${password}@localhost:${port}/0`
      const [well, untrusting, wrong] = [
        start({ REDIS_URL: url('right'), REDIS_CA_FILE: CA }),
        start({ REDIS_URL: url('right') }),
        start({ REDIS_URL: url('mistaken'), REDIS_CA_FILE: CA }),
      ]
      const redisOf = (adapter: ReturnType<typeof start>, error: string | null) =>
        eventually(`Redis with ${error}`, () => adapter.ask('/v1/health', adapterHealth), {
          withinMs: PATIENT_MS,
          until: ({ components }) => components.redis['error'] === error,
        }).then(({ components }) => components.redis)
      expect(await redisOf(well, null)).toMatchObject({ status: 'healthy', advice: null })
      expect(await redisOf(untrusting, 'CERTIFICATE_OF_UNKNOWN_AUTHORITY')).toMatchObject({
        status: 'degraded',
        advice: expect.stringContaining('set REDIS_CA_FILE to'),
      })
      expect(await redisOf(wrong, 'WRONGPASS')).toMatchObject({
        status: 'degraded',
        advice: expect.stringContaining('does not take the user or the password in REDIS_URL'),
      })
    },
  )
})
