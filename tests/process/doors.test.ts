/** The services as processes keep out foreign names, foreign pages, and other users of the machine. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { TEST_MS } from '../harness/patience.ts'
import { killAll, startAdapter, startService } from './adapter_process.ts'

/** A process takes a while to start on a busy machine. */
setDefaultTimeout(TEST_MS)
afterAll(killAll)

const mock = (name: string) => (settings: Record<string, string>) =>
  startService(fileURLToPath(new URL(`../../services/${name}/main.ts`, import.meta.url)), {
    HOST: '127.0.0.1',
    PORT: '0',
    ...settings,
  })

describe.each([
  { name: 'kkt_adapter', start: startAdapter, look: '/v1/health', change: '/v1/kkt/_test/reset' },
  { name: 'mock_ofd', start: mock('mock_ofd'), look: '/ofd/v1/health', change: '/ofd/v1/_test/reset' },
  { name: 'mock_odoo', start: mock('mock_odoo'), look: '/api/v1/health', change: '/api/v1/_test/reset' },
])('$name', ({ name, start, look, change }) => {
  test('answers to its names, and to those of ALLOWED_HOSTS', async () => {
    const { url } = start({ ALLOWED_HOSTS: 'till-server' })
    const ask = async (host: string) => (await fetch(await url(look), { headers: { host } })).status
    const known = await Promise.all(['localhost', '192.168.0.5:80', `${name}:80`, 'till-server'].map(ask))
    expect(known).toEqual([200, 200, 200, 200])
    expect(await ask('evil.example')).toBe(421)

    const post = async (origin: string) =>
      (await fetch(await url(change), { method: 'POST', headers: { origin } })).status
    expect(await post(new URL(await url('/')).origin)).toBe(200)
    expect(await post('https://evil.example')).toBe(403)
  })
})

test('the files of an adapter are of its user only, and a looser one is told and closed', async () => {
  const folder = mkdtempSync(`${tmpdir()}/doors-`)
  const buffer = `${folder}/buffer.db`
  writeFileSync(buffer, '')
  chmodSync(buffer, 0o666)
  chmodSync(folder, 0o755)
  const { logged, post, url, child, ended } = startAdapter({ BUFFER_DB_PATH: buffer }, [
    'sh',
    '-c',
    'umask 0; exec "$@"',
    '-',
  ])
  await url('/')
  expect(await logged('files_closed_to_others')).toMatchObject({ level: 'warn', paths: `${buffer} ${folder}` })
  expect((await post()).code).toBe(200)
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
  const files = [buffer, `${folder}/kkt.db`].flatMap((path) => ['', '-wal', '-shm'].map((end) => path + end))
  expect(files.map(modeOf)).toEqual(files.map(() => '600'))
  expect(modeOf(folder)).toBe('700')
  child.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true })
})
