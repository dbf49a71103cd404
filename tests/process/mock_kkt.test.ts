/** The mock register as a process: it keeps its account by file, and its state over a crash. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SALE } from '@kkt/mock-kkt/docs/examples.ts'
import { results } from '@kkt/mock-kkt/wire/schema.ts'
import { z } from 'zod'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { killAll, startService } from './adapter_process.ts'

setDefaultTimeout(TEST_MS)

const MAIN = fileURLToPath(new URL('../../services/mock_kkt/main.ts', import.meta.url))
const PASSWORD = 'Kept-in-a-file-1'
const AUTH = { authorization: `Basic ${Buffer.from(`till:${PASSWORD}`).toString('base64')}` }
const NO_SUCH_DATA = 123

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mock_kkt-'))
  writeFileSync(join(folder, 'password'), `${PASSWORD}\n`)
})
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

function start() {
  const service = startService(MAIN, {
    PORT: '0',
    KKT_LOGIN: 'till',
    KKT_PASSWORD_FILE: join(folder, 'password'),
    STATE_PATH: join(folder, 'kkt.db'),
  })
  const ask = async (method: string, path: string, body?: object) =>
    fetch(await service.url(path), { method, headers: AUTH, ...(body && { body: JSON.stringify(body) }) })
  return {
    ...service,
    ask,
    sell: async (uuid: string) => (await ask('POST', '/api/v2/requests', { uuid, request: [SALE] })).status,
    /** The end of a request's only task. */
    end: (uuid: string) =>
      eventually(
        `the end of ${uuid}`,
        async () => results.parse(await (await ask('GET', `/api/v2/requests/${uuid}`)).json()).results[0],
        { withinMs: PATIENT_MS, until: (task) => task?.status === 'ready' || task?.status === 'error' },
      ),
  }
}

const made = z.object({ fiscalParams: z.object({ fiscalDocumentNumber: z.int(), fnNumber: z.string() }) })

test('after a crash it has its results, its FN and its queue, and looks for the document of the task under way', async () => {
  const before = start()
  expect(await before.sell('aaaaaaaa')).toBe(201)
  const { fiscalParams: first } = made.parse((await before.end('aaaaaaaa'))?.result)
  await before.ask('POST', '/_test/config', { slow: 600 })
  for (const uuid of ['bbbbbbbb', 'cccccccc']) expect(await before.sell(uuid)).toBe(201)
  before.child.kill('SIGKILL')
  await before.ended

  const after = start()
  expect(made.parse((await after.end('aaaaaaaa'))?.result).fiscalParams).toEqual(first)
  expect(await after.sell('bbbbbbbb')).toBe(409)
  expect(await after.end('bbbbbbbb')).toMatchObject({ status: 'error', error: { code: NO_SUCH_DATA } })
  const { fiscalParams: next } = made.parse((await after.end('cccccccc'))?.result)
  expect(next).toEqual({ fnNumber: first.fnNumber, fiscalDocumentNumber: first.fiscalDocumentNumber + 1 })
})

test('a state that is no state of it stops the start, with a line that names the setting', async () => {
  const path = join(folder, 'other.db')
  writeFileSync(path, 'This is no database, and long enough to be looked at as one. '.repeat(100))
  const { ended, errors } = startService(MAIN, { PORT: '0', STATE_PATH: path })
  expect(await ended).toBe(1)
  expect(await errors).toStartWith(`STATE_PATH is "${path}": `)
})

test('a password that the real service would not take stops the start, and is not shown', async () => {
  const { ended, errors } = startService(MAIN, { PORT: '0', KKT_PASSWORD: 'hunter2' })
  expect(await ended).toBe(2)
  expect(await errors).toStartWith('KKT_PASSWORD is wrong (not shown')
  expect(await errors).not.toContain('hunter2')
})
