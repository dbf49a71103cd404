/** The buffer's files vanish or are damaged. A receipt that was printed once is not printed again. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FIRST_FD } from '../harness/fiscal_doc.ts'
import { expectBody, expectProblem } from '../harness/http.ts'
import { TEST_MS } from '../harness/patience.ts'
import { newKey, receipt } from '../harness/receipts.ts'
import { adapterHealth } from '../harness/wire.ts'
import { fdOf, filesOf, refusedStart, running, soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)

const { newFolder } = soundFolders()

describe('invariant 12: the open file is no longer the file at its path', () => {
  const losses: Record<string, (folder: string) => void> = {
    'its files are deleted': (folder) => {
      for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `buffer.db${end}`))
    },
    'its WAL is deleted': (folder) => rmSync(join(folder, 'buffer.db-wal')),
    'its folder is renamed': (folder) => renameSync(folder, `${folder}.away`),
    'it is replaced': (folder) => {
      copyFileSync(join(folder, 'buffer.db'), join(folder, 'copy'))
      renameSync(join(folder, 'copy'), join(folder, 'buffer.db'))
    },
  }

  test.concurrent.each(Object.entries(losses))(
    '%s: nothing is printed any more, and health says why',
    async (_what, lose) => {
      const folder = newFolder()
      const { adapter, client, sell, kill, documents } = await running(join(folder, 'buffer.db'))
      await sell('first')
      lose(folder)
      const health = await client.get('/v1/health')
      expect(health.status).toBe(503)
      const { database } = expectBody(health, 503, adapterHealth).components
      expect(database).toMatchObject({ status: 'unhealthy', error: 'FILE_DISPLACED' })
      expect(String(database['advice'])).toContain('restart the adapter')
      for (const key of ['second', 'second', 'first']) {
        expect(expectProblem(await client.postReceipt(receipt(), key), 503).code).toBe('journal_unavailable')
      }
      expect(await adapter.logged('journal_failed')).toMatchObject({ level: 'error', error_code: 'FILE_DISPLACED' })
      expect((await documents()).length).toBe(1)
      await kill()
    },
  )

  test.concurrent('without a health call in between, the next receipt is not answered as printed either', async () => {
    const folder = newFolder()
    const { client, sell, kill, documents } = await running(join(folder, 'buffer.db'))
    await sell('first')
    losses['its files are deleted']?.(folder)
    expect(expectProblem(await client.postReceipt(receipt(), 'second'), 503).code).toBe('journal_unavailable')
    expect((await documents()).length).toBe(1)
    await kill()
  })

  test.concurrent('invariant 2: after kill -9 and a start without the deleted buffer, the same key gets the same document', async () => {
    const folder = newFolder()
    const first = await running(join(folder, 'buffer.db'))
    const sold = await first.sell('key')
    losses['its files are deleted']?.(folder)
    await first.kill()
    const second = await running(join(folder, 'buffer.db'))
    const { receipt_id, fiscal_doc } = await second.sell('key', sold.body)
    expect({ receipt_id, fiscal_doc }).toEqual({ receipt_id: sold.receipt_id, fiscal_doc: sold.fiscal_doc })
    expect(fdOf(await second.sell('another'))).toBe(FIRST_FD + 1)
    expect((await second.documents()).length).toBe(2)
    // The journal knows the key by now and need not ask the KKT.
    const replayed = await second.client.postReceipt(sold.body, 'key')
    expect(replayed.headers.get('idempotency-replayed')).toBe('true')
    // The key of a document that only the KKT knows, with another body.
    await second.kill()
    losses['its files are deleted']?.(folder)
    const third = await running(join(folder, 'buffer.db'))
    expect(expectProblem(await third.client.postReceipt(receipt({ pos_id: 'other' }), 'key'), 502).code).toBe(
      'kkt_refused',
    )
    await third.kill()
  })
})

describe('invariant 12: a journal that is behind its own FN is refused', () => {
  const SALES = 40
  const LAST_FD = FIRST_FD + SALES - 1

  /** Leaves a killed buffer whose WAL holds sales. @returns their keys, bodies and answers */
  async function sold(folder: string) {
    const { sell, kill } = await running(join(folder, 'buffer.db'))
    const sales = []
    for (let i = 1; i <= SALES; i++) sales.push({ key: `key-${i}`, ...(await sell(`key-${i}`)) })
    await kill()
    return sales
  }

  const damages: Record<string, (wal: string) => void> = {
    'a byte of its WAL is flipped': (wal) => {
      const bytes = readFileSync(wal)
      const middle = Math.floor(bytes.length / 2)
      bytes[middle] = (bytes[middle] ?? 0) ^ 0xff
      writeFileSync(wal, bytes)
    },
    'its WAL is lost': (wal) => rmSync(wal),
  }

  test.concurrent.each(Object.entries(damages))('%s', async (_what, damage) => {
    const folder = newFolder()
    const path = join(folder, 'buffer.db')
    const sales = await sold(folder)
    damage(`${path}-wal`)
    const before = filesOf(folder)
    const { code, said } = await refusedStart(path)
    const [, accept = '', fn = ''] = /(ACCEPT_LOSS=(\d{16}):\d+)/.exec(said) ?? []
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(`FN ${fn} holds`) })
    expect(accept).toBe(`ACCEPT_LOSS=${sales[0]?.fiscal_doc?.fn_number}:${LAST_FD}`)
    expect(filesOf(folder)).toEqual(before)
    expect(await refusedStart(path, { ACCEPT_LOSS: `${fn}:${LAST_FD - 1}` })).toEqual({ code: 1, said })

    const back = await running(path, { ACCEPT_LOSS: accept.replace('ACCEPT_LOSS=', '') })
    const told = await back.adapter.logged('loss_accepted')
    expect(told).toMatchObject({ level: 'warn', last_fd: LAST_FD, not_brought_back: 0 })
    for (const { key, body, receipt_id, fiscal_doc } of sales) {
      const again = await back.sell(key, body)
      expect({ key, receipt_id: again.receipt_id, fiscal_doc: again.fiscal_doc }).toEqual({
        key,
        receipt_id,
        fiscal_doc,
      })
    }
    expect(fdOf(await back.sell(newKey()))).toBe(LAST_FD + 1)
    expect((await back.documents()).length).toBe(SALES + 1)
    await back.kill()
    // ACCEPT_LOSS may stay set without effect.
    const next = await running(path, { ACCEPT_LOSS: `${fn}:${LAST_FD}` })
    expect(fdOf(await next.sell(newKey()))).toBe(LAST_FD + 2)
    await next.kill()
  })

  test.concurrent('also after the start, where the KKT was away: nothing is printed, and health says why', async () => {
    const folder = newFolder()
    const path = join(folder, 'buffer.db')
    await sold(folder)
    rmSync(`${path}-wal`)
    await sendKktAway(folder)
    const { client, adapter, kill, documents } = await running(path, { KKT_PRINT_TIMEOUT: '0.1' })
    const { status } = await client.take(receipt())
    expect(status).toBe('buffered')
    await client.post('/v1/kkt/_test/config', { gone: false })
    expect(await adapter.logged('journal_behind_fn')).toMatchObject({ level: 'error' })
    const { database } = expectBody(await client.get('/v1/health'), 503, adapterHealth).components
    expect(database).toMatchObject({ error: 'JOURNAL_BEHIND_FN' })
    expect(expectProblem(await client.postReceipt(receipt(), newKey()), 503).code).toBe('journal_unavailable')
    expect((await documents()).length).toBe(SALES)
    await kill()
    expect((await refusedStart(path)).said).toContain('The buffer is behind its KKT')
  })

  /** The KKT keeps its faults beyond the adapter's end. */
  async function sendKktAway(folder: string): Promise<void> {
    const { client, kill } = await running(join(folder, 'another.db'))
    await client.post('/v1/kkt/_test/config', { gone: true })
    await kill()
  }
})
