import { afterAll, expect, test } from 'bun:test'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NotMeasured } from '../row.ts'
import { failedInstall, installPeers } from './install.ts'

const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Nobody listens there. */
const NO_REGISTRY = 'http://127.0.0.1:9'

test('without a registry the row is not measured, which is no failure', async () => {
  for (const name of ['package.json', 'bun.lock']) copyFileSync(join(import.meta.dir, name), join(folder, name))
  const env = {
    ...process.env,
    NO_PROXY: '127.0.0.1',
    BUN_CONFIG_REGISTRY: NO_REGISTRY,
    // Bun would try again for more than a second.
    BUN_CONFIG_HTTP_RETRY_COUNT: '0',
    BUN_INSTALL_CACHE_DIR: join(folder, 'cache'),
  }
  const installed = installPeers(folder, env)
  await expect(installed).rejects.toBeInstanceOf(NotMeasured)
  await expect(installed).rejects.toThrow('it takes an npm registry, and none is reached (ConnectionRefused)')
  expect(existsSync(join(folder, 'node_modules', 'plainjob'))).toBe(false)
})

test.each([
  ['error: DNSResolveFailed downloading tarball plainjob@0.0.14\n', 'DNSResolveFailed'],
  ['error: GET http://127.0.0.1/plainjob - 403\n', 'GET http://127.0.0.1/plainjob - 403'],
])('%p is a registry that is not reached', (stderr, code) => {
  const failure = failedInstall(stderr)
  expect(failure).toBeInstanceOf(NotMeasured)
  expect(failure.message).toEndWith(`(${code})`)
})

test('anything else is a failure, with the reason', () => {
  const failure = failedInstall('error: lockfile had changes, but lockfile is frozen\n')
  expect(failure).not.toBeInstanceOf(NotMeasured)
  expect(failure.message).toEndWith('error: lockfile had changes, but lockfile is frozen')
})

test('the versions are exact, and the root install knows nothing of them', () => {
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dir, 'package.json'), 'utf8'))
  const root = readFileSync(join(import.meta.dir, '../../../bun.lock'), 'utf8')
  expect(Object.keys(dependencies).length).toBeGreaterThan(0)
  for (const [name, version] of Object.entries(dependencies)) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(root).not.toContain(`"${name}"`)
  }
})
