/** A till gets its answer over a connection that is used badly, and beside many other connections. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { body } from '@kkt/adapter/src/testing/app_kit.ts'
import { freshKey } from '@kkt/adapter/src/testing/kit.ts'
import { conversation } from '@kkt/platform/listener/testing.ts'
import { someCases } from '@kkt/platform/testing.ts'
import { TEST_MS } from '../harness/patience.ts'
import { startAdapter } from './adapter_process.ts'
import { soundFolders } from './sound_folders.ts'
import { adapterAt, soon } from './tills.ts'

setDefaultTimeout(TEST_MS)

const { newBuffer } = soundFolders()

const IS_DENO = process.env['RUNTIME'] === 'deno'
/** Deno opens more files for itself. */
const FEW_FILES = IS_DENO ? 128 : 64

async function start(settings: Record<string, string> = {}, through?: string[]) {
  const adapter = startAdapter({ BUFFER_DB_PATH: newBuffer(), ...settings }, through)
  const port = await adapter.port
  const { kkt } = adapterAt(`http://127.0.0.1:${port}`)
  return { ...adapter, port, kkt }
}

const withFiles = (count: number) => ['sh', '-c', `ulimit -n ${count} && exec "$@"`, 'sh']

function saleOf(key: string) {
  const text = JSON.stringify(body())
  const fields = `POST /v1/kkt/receipt HTTP/1.1\r\nhost: localhost\r\nidempotency-key: ${key}\r\n`
  return { text, fields, whole: `${fields}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}` }
}

const statusesOf = (received: string) => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

describe('invariant 13: what the KKT prints is answered as printed', () => {
  const inChunks = ({ text, fields }: ReturnType<typeof saleOf>) =>
    `${fields}transfer-encoding: chunked\r\n\r\n${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\nchecksum: 1\r\n\r\n`
  const known = {
    before: '',
    after: '',
    later: '',
    endsSide: false,
    sales: 1,
    write: (sale: ReturnType<typeof saleOf>) => sale.whole,
  }

  const ways: readonly [string, typeof known][] = [
    ['with CRLF after the body', { ...known, after: '\r\n' }],
    ['with CRLF while it prints', { ...known, later: '\r\n' }],
    ['with CRLF before the first line', { ...known, before: '\r\n' }],
    ['with a trailer', { ...known, write: inChunks }],
    ['followed by another sale', { ...known, sales: 2 }],
    ['from a till that closes its side', { ...known, endsSide: true }],
  ]
  test.concurrent.each(someCases(ways, 3))(
    'a sale %s',
    async (_what, { before, after, later, endsSide, sales, write }) => {
      const { port, kkt, child } = await start({ KKT_PRINT_DELAY_MIN: '0.05', KKT_PRINT_DELAY_MAX: '0.05' })
      const line = conversation(port)
      const bytes = Array.from({ length: sales }, () => write(saleOf(freshKey())))
      line.socket.write(before + bytes.join('') + after)
      if (endsSide) line.socket.end()
      if (later) {
        await soon(
          'the sale to be journaled',
          async () => (await kkt.documents(0)).length,
          (count) => count > 0,
        )
        line.socket.write(later)
      }
      await line.until('"status":"printed"', sales)
      expect(statusesOf(line.received())).toEqual(Array.from({ length: sales }, () => 200))
      expect(await kkt.documents(0)).toHaveLength(sales)
      line.socket.destroy()
      child.kill('SIGKILL')
    },
  )
})

describe('many connections', () => {
  test.concurrent('that are silent, as many as files may be open, do not keep tills from selling', async () => {
    const { port, post, child, ended } = await start({}, withFiles(FEW_FILES))
    // Opened before the adapter's first outgoing connection, at which Bun would end the process if no file were left.
    const silent = Array.from({ length: 2 * FEW_FILES }, () => conversation(port))
    await soon('the last to be heard', () => silent.at(-1)?.socket.readyState === 'open')
    // Deno accepts nobody for a second or two, and then drops the calls of that time, so a till calls again.
    const first = freshKey()
    if (IS_DENO)
      await soon(
        'the first sale',
        () => post(first).catch(() => null),
        (answer) => answer?.code === 200,
      )
    for (let sale = 0; sale < 10; sale += 1) expect(await post()).toMatchObject({ code: 200, status: 'printed' })
    for (const { socket } of silent) socket.destroy()
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test.concurrent('that wait for print: beyond MAX_CONNECTIONS a till is told to retry, and the log says so', async () => {
    const slow = { KKT_PRINT_DELAY_MIN: '600', KKT_PRINT_DELAY_MAX: '600', KKT_PRINT_TIMEOUT: '600' }
    const { port, child, logged } = await start({ MAX_CONNECTIONS: '1', ...slow })
    const waiting = conversation(port)
    waiting.socket.write(saleOf(freshKey()).whole)
    await logged('receipt_accepted')
    const refused = conversation(port)
    refused.socket.write(saleOf(freshKey()).whole)
    expect(await refused.ended).toBe('FIN')
    expect(statusesOf(refused.received())).toEqual([503])
    expect(refused.received()).toContain('"code":"too_many_connections"')
    expect(await logged('connections_full')).toMatchObject({ level: 'warn', limit: 1 })
    expect(waiting.socket.readyState).toBe('open')
    for (const { socket } of [waiting, refused]) socket.destroy()
    child.kill('SIGKILL')
  })

  test.concurrent('beyond the number of files that may be open: such a MAX_CONNECTIONS stops the start with advice', async () => {
    const settings = { BUFFER_DB_PATH: newBuffer(), MAX_CONNECTIONS: '1000' }
    const { ended, errors } = startAdapter(settings, withFiles(FEW_FILES))
    expect(await ended).toBe(1)
    expect(await errors).toMatch(
      /^MAX_CONNECTIONS is 1000: this process may open \d+ files and needs \d+ of them for itself\./,
    )
  })
})
