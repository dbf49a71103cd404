/** The adapter on a register behind ATOL's service, as a process. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { z } from 'zod'
import { TEST_MS } from '../harness/patience.ts'
import { killAll, startAdapter } from './adapter_process.ts'
import { ACCOUNT, startRegister, stopServices } from './register_service.ts'
import { soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)
afterAll(async () => {
  killAll()
  await stopServices()
})
const { newBuffer } = soundFolders()

const events = z.object({
  events: z.array(z.object({ from: z.string().nullable(), to: z.string(), detail: z.string().nullable() })),
})
const health = z.object({ components: z.object({ kkt: z.looseObject({ mode: z.string() }) }) })

/** An adapter on the register of a service. */
async function start(settings: Record<string, string> = {}) {
  const { url, register } = await startRegister()
  const all = {
    BUFFER_DB_PATH: newBuffer(),
    KKT_MODE: 'atol',
    KKT_URL: url,
    KKT_LOGIN: ACCOUNT.login,
    KKT_PASSWORD: ACCOUNT.password,
    TAXATION_SYSTEM: 'osn',
    CASHIER_NAME: 'Иванова А. А.',
    ...settings,
  }
  return { ...startAdapter(all), settings: all, register }
}

test('a sale is a document of the register, and the audit log names the attempt that made it', async () => {
  const { ask, post, register, lines } = await start()
  const before = register.state()
  const sold = await post()
  expect(sold).toMatchObject({ code: 200, status: 'printed', fiscal_doc: { fn_number: before.fnNumber } })
  expect(sold.fiscal_doc).not.toHaveProperty('test')
  expect(sold.fiscal_doc?.fiscal_doc_number).toBe(register.state().lastFdNumber)
  const log = await ask(`/v1/kkt/buffer/events?receipt_id=${sold.receipt_id}`, events)
  const told = log.events.toReversed().slice(0, 4)
  expect(told).toEqual([
    { from: null, to: 'accepted', detail: null },
    { from: 'accepted', to: 'printing', detail: null },
    {
      from: 'printing',
      to: 'printing',
      detail: `attempt 1, when the last document of FN ${before.fnNumber} was FD ${before.lastFdNumber}`,
    },
    { from: 'printing', to: 'pending', detail: null },
  ])
  expect(await ask('/v1/health', health)).toMatchObject({ components: { kkt: { mode: 'real' } } })
  expect(String(lines)).not.toContain(ACCOUNT.password)
})

test('the control of the mock register is not there, and that of the pace is', async () => {
  const { url } = await start()
  const status = async (path: string) => (await fetch(await url(`/v1/kkt/_test/${path}`))).status
  expect([await status('faults'), await status('settings')]).toEqual([404, 200])
  const book = await (await fetch(await url('/openapi.json'))).text()
  expect([book.includes('/v1/kkt/_test/settings'), book.includes('/v1/kkt/_test/faults')]).toEqual([true, false])
})

test('an OFD that the register makes needless is told once', async () => {
  const { logged } = await start({
    OFD_MODE: 'http',
    OFD_API_URL: 'http://user:Zq7@ofd.example',
    TEST_CONTROL: 'false',
  })
  expect(await logged('setting_ignored')).toMatchObject({ variable: 'OFD_API_URL' })
})

test('an adapter that starts again compares its buffer with the register, and goes on', async () => {
  const BUFFER_DB_PATH = newBuffer()
  const first = await start({ BUFFER_DB_PATH })
  const { fiscal_doc } = await first.post()
  first.child.kill('SIGKILL')
  await first.ended
  const again = startAdapter({ ...first.settings })
  const second = await again.post()
  expect(second.fiscal_doc?.fiscal_doc_number).toBe((fiscal_doc?.fiscal_doc_number ?? 0) + 1)
  expect(first.register.state().lastFdNumber).toBe(second.fiscal_doc?.fiscal_doc_number ?? 0)
})

const standing = z.object({
  pending: z.int(),
  synced: z.int(),
  current_queued: z.int(),
  network_status: z.string(),
  circuit_breaker: z.object({ state: z.string() }),
})
const syncedNow = z.object({ remaining: z.int() })

test('receipts that the OFD has not confirmed are pending, and are synced once the register says that it has', async () => {
  const { ask, post, register, url } = await start()
  // The adapter also asks the register by itself, so some may be synced before this does.
  const sync = async () =>
    syncedNow.parse(await (await fetch(await url('/v1/kkt/buffer/sync'), { method: 'POST' })).json())
  const status = () => ask('/v1/kkt/buffer/status', standing)
  const fds: number[] = []
  for (let n = 0; n < 10; n++) fds.push((await post()).fiscal_doc?.fiscal_doc_number ?? 0)
  expect(await sync()).toEqual({ remaining: 10 })
  const away = { pending: 10, current_queued: 0, network_status: 'online', circuit_breaker: { state: 'ABSENT' } }
  expect(await status()).toMatchObject(away)
  const { fnNumber } = register.state()
  register.confirmThrough(fnNumber, fds[3] ?? 0)
  expect(await sync()).toEqual({ remaining: 6 })
  expect(await status()).toMatchObject({ pending: 6, synced: 4 })
  register.confirmThrough(fnNumber, fds[9] ?? 0)
  expect(await sync()).toEqual({ remaining: 0 })
  expect(await status()).toMatchObject({ pending: 0, synced: 10 })
})
