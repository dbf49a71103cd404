/** The adapter over TLS, asked by curl as a till would be. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { execSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from '@kkt/platform/listener/sockets.ts'
import { HAS_OPENSSL, makeAuthority } from '@kkt/platform/testing/certificates.ts'
import { z } from 'zod'
import { commandsUnder } from '../harness/documents/commands.ts'
import { TEST_MS } from '../harness/patience.ts'
import { killAll, startAdapter } from './adapter_process.ts'

setDefaultTimeout(TEST_MS)

const health = z.object({
  components: z.object({ tls: z.object({ status: z.string(), error: z.string().nullable() }) }),
})

describe.skipIf(!HAS_OPENSSL)('the adapter over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'))
  const authority = HAS_OPENSSL ? makeAuthority() : null
  afterAll(() => {
    killAll()
    authority?.remove()
    rmSync(folder, { recursive: true })
  })
  const issue = (name: string, days: number) => authority?.issue({ name, days }) ?? { cert: '', key: '' }
  let buffers = 0

  /** Starts an adapter on these files. */
  function start({ cert, key }: Identity) {
    const own = join(folder, String(buffers++))
    const [TLS_CERT_FILE, TLS_KEY_FILE] = [`${own}.crt`, `${own}.key`]
    writeFileSync(TLS_CERT_FILE, cert)
    writeFileSync(TLS_KEY_FILE, key)
    return startAdapter({ TLS_CERT_FILE, TLS_KEY_FILE, BUFFER_DB_PATH: join(`${own}.data`, 'buffer.db') })
  }
  const curl = (...args: string[]) => spawnSync('curl', ['-sS', '--noproxy', '*', ...args], { encoding: 'utf8' })

  test.concurrent('a till that trusts the authority sells, and one that does not, or speaks no TLS, gets nowhere', async () => {
    const adapter = start(issue('shop', 30))
    const url = `https://localhost:${await adapter.port}/v1`
    const trusting = ['--cacert', authority?.caFile ?? '']
    const sale = JSON.stringify({
      pos_id: 'POS-1',
      type: 'sale',
      items: [{ name: 'Frame', price: 100, quantity: 1, total: 100, vat_rate: 22 }],
      payments: [{ type: 'cash', amount: 100 }],
    })
    const sold = curl(...trusting, `${url}/kkt/receipt`, '-H', 'Idempotency-Key: 1', '-d', sale)
    expect(JSON.parse(sold.stdout)).toMatchObject({ status: 'printed' })
    const asked = health.parse(JSON.parse(curl(...trusting, `${url}/health`).stdout))
    expect(asked.components.tls).toEqual({ status: 'healthy', error: null })
    expect(curl(`${url}/health`).stderr).toContain('certificate')
    expect(curl(url.replace('https', 'http')).status).not.toBe(0)
    adapter.child.kill()
    expect(await adapter.ended).toBe(0)
  })

  test.concurrent('the commands of the document make a certificate that serves', async () => {
    const [authority = '', own = '', adapterLine = '', curlLine = '', ...others] = commandsUnder('## TLS')
    expect(others).toEqual([])
    for (const command of [authority, own]) execSync(command, { cwd: folder, stdio: 'pipe' })
    const names = Object.fromEntries(
      [...adapterLine.matchAll(/(TLS_\w+)=(\S+)/g)].map(([, name, file]) => [name, file]),
    )
    const adapter = startAdapter({
      TLS_CERT_FILE: join(folder, names['TLS_CERT_FILE'] ?? ''),
      TLS_KEY_FILE: join(folder, names['TLS_KEY_FILE'] ?? ''),
      BUFFER_DB_PATH: join(folder, 'documented', 'buffer.db'),
    })
    const asked = execSync(curlLine.replace('8000', String(await adapter.port)), { cwd: folder, encoding: 'utf8' })
    expect(health.parse(JSON.parse(asked)).components.tls.status).toBe('healthy')
  })

  test.concurrent('a certificate that ends within 14 days is degraded', async () => {
    const adapter = start(issue('ending', 10))
    const trusting = ['--cacert', authority?.caFile ?? '']
    const answer = curl(...trusting, `https://localhost:${await adapter.port}/v1/health`).stdout
    expect(health.parse(JSON.parse(answer)).components.tls).toEqual({ status: 'degraded', error: null })
  })

  test.concurrent('files that do not belong together refuse the start, with one line', async () => {
    const adapter = start({ cert: issue('one', 30).cert, key: issue('other', 30).key })
    expect(await adapter.ended).toBe(1)
    expect(await adapter.errors).toBe(
      'The file of TLS_KEY_FILE holds the key of another certificate than that of TLS_CERT_FILE: name two files that were made together.\n',
    )
  })
})
