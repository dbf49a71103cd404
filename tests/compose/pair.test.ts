/**
 * Two adapters as containers on one buffer: `tests/harness/bun test tests/compose`. The test starts a stack of its own on free ports. It needs
 * a Docker engine, so it is no part of the suites that run inside the stack.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { resolve } from 'node:path'
import { seededRandom } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { ofdClient } from '../harness/clients.ts'
import { expectKept } from '../harness/kept_promise.ts'
import { TEST_MS } from '../harness/patience.ts'
import { findEngine } from '../harness/stack/mode.ts'
import { randomPorts } from '../harness/stack/ports.ts'
import { run } from '../harness/stack/run.ts'
import { SERVICES } from '../harness/stack/services.ts'
import { type Adapter, adapterAt, openTills, soon, tell } from '../process/tills.ts'

const root = resolve(import.meta.dirname, '../..')
const PROJECT = 'opticserp_test_pair'
/** The services, each with its port's variable. */
const PAIR = { kkt_adapter: 'KKT_ADAPTER_PORT', kkt_adapter_2: 'KKT_ADAPTER_2_PORT' } as const
/** Building the images takes most of it. */
const UP_MS = 600_000
setDefaultTimeout(TEST_MS)
/** The time within which the other container must send after the sender has died or stands still. */
const TAKE_OVER_MS = 10_000
/** Longer than any lease lasts. */
const PAUSE_MS = 9_000

const engine = await findEngine(root)
const isThere = 'version' in engine
if (!isThere) process.stderr.write('No Docker engine answers: two containers on one buffer are not tried.\n')
const ports = isThere
  ? await randomPorts([...SERVICES.map(({ portVariable }) => portVariable), PAIR.kkt_adapter_2], seededRandom())
  : {}

/** @returns its output */
async function docker(...args: string[]): Promise<string> {
  const env = { ...process.env, ...ports, COMPOSE_PROJECT_NAME: PROJECT }
  const { exitCode, stdout, stderr } = await run(['docker', ...args], { cwd: root, env, output: 'kept' })
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')} failed: ${stderr.slice(-2000)}`)
  return stdout.trim()
}

type Container = Adapter & { name: string }

const compose = (...args: string[]) => docker('compose', '--profile', 'pair', ...args)

const container = (service: keyof typeof PAIR): Container => ({
  ...adapterAt(`http://127.0.0.1:${ports[PAIR[service]]}`),
  name: `${PROJECT}-${service}-1`,
})

/** The sender, then the other container. */
async function twoContainers(): Promise<[Container, Container]> {
  const [first, second] = [container('kkt_adapter'), container('kkt_adapter_2')]
  const [isFirst] = await soon(
    'one to be the sender',
    () => Promise.all([first.isSender(), second.isSender()]),
    (are) => are.includes(true),
  )
  return isFirst ? [first, second] : [second, first]
}

const ofd = ofdClient(`http://127.0.0.1:${ports['MOCK_OFD_PORT']}`)
const { sell, sold, expectAllOnce } = openTills(ofd)
const TILLS = ['POS-1', 'POS-2', 'POS-3']
const sellAt = (adapters: Adapter[], each: number) => Promise.all(TILLS.map((posId) => sell(posId, each, adapters)))

const synced = z.object({ event: z.literal('receipt_synced'), time: z.iso.datetime(), receipt_id: z.string() })

/** The deliveries in a container's log, with their times by the machine's clock. */
async function deliveries({ name }: Container) {
  const lines = (await docker('logs', name)).split('\n').filter((line) => line.includes('"receipt_synced"'))
  return lines
    .map((line) => synced.parse(JSON.parse(line)))
    .map(({ time, ...rest }) => ({ ...rest, atMs: Date.parse(time) }))
}

/** The time from `sinceMs` to the container's next delivery. */
async function takeOverMs(other: Container, sinceMs: number): Promise<number> {
  const later = (await deliveries(other)).map(({ atMs }) => atMs - sinceMs).filter((ms) => ms > 0)
  return Math.min(...later)
}

/**
 * Pauses a container, but never in the middle of a commit: it would keep the file locked, and the other could journal nothing
 * until it goes on or is killed.
 */
async function pause(sender: Container, other: Container): Promise<void> {
  const files = ['buffer.db', 'kkt.db'].map((file) => `/app/data/${file}`)
  const isFree = (file: string) =>
    docker('exec', other.name, 'sqlite3', file, 'BEGIN IMMEDIATE; ROLLBACK').then(
      () => true,
      () => false,
    )
  for (;;) {
    await docker('pause', sender.name)
    if ((await Promise.all(files.map(isFree))).every(Boolean)) return
    await docker('unpause', sender.name)
  }
}

describe.skipIf(!isThere)('docker compose --profile pair up -d --wait', () => {
  const up = () => compose('up', '-d', '--wait')

  beforeAll(async () => {
    await compose('down', '--volumes')
    await compose('build')
    await up()
    await ofd.configure({ deduplicate: false })
  }, UP_MS)

  afterAll(async () => void (await compose('down', '--volumes')), UP_MS)

  const expectTakeOver = (attempt: (pair: [Container, Container]) => Promise<number>) =>
    expectKept({ 'the take-over': TAKE_OVER_MS }, async () => {
      await up()
      return { 'the take-over': await attempt(await twoContainers()) }
    })

  test('invariant 6: one of the two sends, and when it is killed the other does within 10 s', () =>
    expectTakeOver(async ([sender, other]) => {
      const [soldBefore, sentBefore] = [sold.length, await deliveries(other)]
      const selling = sellAt([sender, other], 15)
      await soon('the shop to be busy', () => sold.length > soldBefore + 20)
      expect(await deliveries(other)).toEqual(sentBefore)
      const killedAtMs = Date.now()
      await docker('kill', sender.name)
      await selling
      await expectAllOnce(other)
      const tookMs = await takeOverMs(other, killedAtMs)
      tell(`The other container delivered ${tookMs} ms after the sender was killed.`)
      return tookMs
    }))

  test('invariant 6: when the sender is paused past its lease the other one sends, and the first sends nothing more when it wakes', () =>
    expectTakeOver(async ([sender, other]) => {
      await sellAt([sender, other], 3)
      const pausedAtMs = Date.now()
      await pause(sender, other)
      const before = await deliveries(sender)
      while (Date.now() - pausedAtMs < PAUSE_MS) await sellAt([sender, other], 1)
      await docker('unpause', sender.name)
      await sellAt([sender, other], 5)
      await expectAllOnce(other)
      const tookMs = await takeOverMs(other, pausedAtMs)
      tell(
        `The other container delivered ${tookMs} ms after the sender was paused, and that stood still for ${PAUSE_MS} ms.`,
      )
      expect(await deliveries(sender)).toEqual(before)
      return tookMs
    }))

  test('make down ends both without being told of the profile', async () => {
    // Without --wait, because a container that was paused may still count as unhealthy.
    await compose('up', '-d')
    const down = [`${root}/tests/harness/stack/main`, 'down', '--mode', 'compose', '--project', PROJECT]
    const { stdout, exitCode } = await run(down, { cwd: root, output: 'kept' })
    expect({ stdout, exitCode }).toEqual({ stdout: expect.stringContaining('kkt_adapter_2-1, '), exitCode: 0 })
    expect(await compose('ps', '--all', '--quiet')).toBe('')
  })
})
