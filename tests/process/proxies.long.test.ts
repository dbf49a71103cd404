/** The adapter where the environment names proxies, for other programs or for the whole machine. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { receiptAnswer } from '@kkt/adapter/src/http/receipt_answers.ts'
import { rawPeer } from '@kkt/adapter/src/testing/peer.ts'
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { serve } from '@kkt/platform/serve.ts'
import { odooClient } from '../harness/clients.ts'
import { TEST_MS } from '../harness/patience.ts'
import { startAdapter } from './adapter_process.ts'
import { soundFolders } from './sound_folders.ts'
import { soon } from './tills.ts'
import { watchedOfd } from './watched_ofd.ts'

setDefaultTimeout(TEST_MS)
const { newBuffer } = soundFolders()
const ofd = await watchedOfd()
const mockOdoo = createMockOdoo({ clock: systemClock, logger: createLogger('mock_odoo', 'error', () => undefined) })
const odooServer = await serve(mockOdoo.app.fetch, { hostname: '127.0.0.1', port: 0 })
const odooUrl = `http://127.0.0.1:${odooServer.port}`
const odoo = odooClient(odooUrl)

afterAll(async () => {
  await Promise.all([ofd.close(), odooServer.stop('now')])
})

/** A proxy that refuses all requests, and keeps the first line of each. */
async function startProxy() {
  const heard: string[] = []
  const { url } = await rawPeer((socket, data) => {
    heard.push(data.slice(0, data.indexOf('\r\n')))
    socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
  return { url, heard }
}

function start(kktId: string, ofdUrl: string, proxies: Record<string, string>) {
  return startAdapter({
    BUFFER_DB_PATH: newBuffer(),
    KKT_ID: kktId,
    OFD_MODE: 'http',
    OFD_API_URL: ofdUrl,
    ODOO_API_URL: odooUrl,
    SYNC_INTERVAL: '0.2',
    ...proxies,
  })
}

const heartbeatsOf = async (kktId: string) => (await odoo.ledger()).filter(({ kkt_id }) => kkt_id === kktId).length

test('neither receipts nor heartbeats go through a proxy that nobody has asked the adapter to use', async () => {
  const { url, heard } = await startProxy()
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const environment = Object.fromEntries(names.map((name) => [name, url]))
  const adapter = start('KKT-1', await ofd.doorFor('KKT-1'), environment)
  const { receipt_id } = await adapter.post()
  const status = async () => (await adapter.ask(`/v1/kkt/receipt/${receipt_id}`, receiptAnswer)).status
  await soon('the OFD to have it', status, (now) => now === 'synced')
  await soon(
    'Odoo to hear of the adapter',
    () => heartbeatsOf('KKT-1'),
    (count) => count > 0,
  )
  expect(heard).toEqual([])
})

test('with OFD_PROXY receipts go through that one, and heartbeats through none', async () => {
  const [proxy, environment] = [await startProxy(), await startProxy()]
  const ofdUrl = await ofd.doorFor('KKT-2')
  const variables = { HTTP_PROXY: environment.url, NO_PROXY: '127.0.0.1', OFD_PROXY: proxy.url }
  const adapter = start('KKT-2', ofdUrl, variables)
  const { receipt_id } = await adapter.post()
  await soon('the proxy to be asked', () => proxy.heard.length > 0)
  expect(proxy.heard[0]).toBe(`POST ${ofdUrl}/ofd/v1/receipt HTTP/1.1`)
  await soon(
    'Odoo to hear of the adapter',
    () => heartbeatsOf('KKT-2'),
    (count) => count > 0,
  )
  expect(ofd.postsBy('KKT-2')).toEqual([])
  expect(environment.heard).toEqual([])
  const { status } = await adapter.ask(`/v1/kkt/receipt/${receipt_id}`, receiptAnswer)
  expect(['pending', 'syncing']).toContain(status)
})
