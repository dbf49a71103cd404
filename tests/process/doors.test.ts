/** The services as processes let nobody in under a foreign name, and no foreign page change anything. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { killAll, startAdapter, startService } from './adapter_process.ts'

/** A process takes a while to start on a busy machine. */
setDefaultTimeout(20_000)
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
