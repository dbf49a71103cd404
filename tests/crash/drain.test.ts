import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { startWholeApp } from '@kkt/adapter/src/testing/whole_app.ts'
import { openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { openPort } from '@kkt/platform/serve.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { adapterClient, ofdClient } from '../harness/clients.ts'
import { receipt } from '../harness/receipts.ts'
import { RegisterOperator } from '../harness/register_operator.ts'
import { DeadLetters, drain } from './drain.ts'
import { createTills, Doors, type Tills } from './tills.ts'

const folder = mkdtempSync(join(tmpdir(), 'drain-'))
const clock = new TestClock()
const hidden = new Set<string>()
const { app: adapter } = startWholeApp()
const ofd = createMockOfd({ clock, logger: createLogger('mock_ofd', 'error', () => undefined) })

const open = async (handle: (request: Request) => Promise<Response> | Response) =>
  await openPort(async (request) => await handle(request), { hostname: '127.0.0.1', port: 0 })
const ports = [
  await open((request) =>
    hidden.has(new URL(request.url).pathname) ? new Response(null, { status: 500 }) : adapter.handle(request),
  ),
  await open((request) => ofd.app.handle(request)),
]
const [adapterUrl = '', ofdUrl = ''] = ports.map(({ port }) => `http://127.0.0.1:${port}`)

const [buffer, statePath] = [join(folder, 'buffer.db'), join(folder, 'register.db')]
beforeAll(() => {
  createJournal(openDatabase(buffer), { clock, maxUndelivered: 1 }).close()
  openRegister(openDatabase(statePath), { kktNumber: 'KKT-001', timeZone: 'Europe/Moscow' }, { clock }).close()
})
afterAll(async () => {
  await Promise.all(ports.map((port) => port.stop('now')))
  rmSync(folder, { recursive: true })
})

const noTills = () => createTills({ doors: new Doors(), seed: 1, clock, posIds: [] })

/** The end of a run on a register that has sold nothing. */
async function drained(tills: Tills = noTills()) {
  const operator = new RegisterOperator({ statePath, isIdle: async () => true, replaceFn: async () => undefined })
  return await drain({
    adapter: adapterClient(adapterUrl),
    ofd: ofdClient(ofdUrl),
    tills,
    tillsFiles: [],
    deadLetters: new DeadLetters(),
    requeue: async () => undefined,
    end: async () => [0],
    buffer,
    isLossy: false,
    register: { statePath, operator },
    clock,
  })
}

test('a run of nothing ends without troubles, and its operator has gone', async () => {
  expect(await drained()).toMatchObject({ violations: [], troubles: [] })
  expect(clock.waiting).toBe(0)
})

test('a sale that begins while the tills close counts', async () => {
  const sales: Tills['sales'] = []
  const close = async () => sales.push({ key: 'late', receipt: receipt(), answers: [] })
  const tills: Tills = Object.create(noTills(), { sales: { get: () => [...sales] }, close: { value: close } })
  const { troubles, history } = await drained(tills)
  expect(troubles).toEqual(['sale late was never answered'])
  expect(history.sales.map(({ key }) => key)).toEqual(['late'])
})

test('tasks that cannot be read are a trouble of a run that is still compared, and its operator has gone', async () => {
  hidden.add('/v1/kkt/tasks')
  const { violations, troubles } = await drained()
  expect(violations).toEqual([])
  expect(troubles).toContainEqual(expect.stringContaining('unexpected answer 500'))
  expect(clock.waiting).toBe(0)
})
