import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { statSync } from 'node:fs'
import type { ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import { receiptAnswer, receiptPage } from '@kkt/adapter/src/http/receipt_answers.ts'
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { freshKey } from '@kkt/adapter/src/testing/kit.ts'
import { someCases, TestClock } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { FIRST_FD } from '../harness/fiscal_doc.ts'
import { durationOf, expectKept } from '../harness/kept_promise.ts'
import { TEST_MS } from '../harness/patience.ts'
import { startAdapter } from './adapter_process.ts'
import { soundFolders } from './sound_folders.ts'
import { soon } from './tills.ts'

/** The time for a stopped process to end: its container is killed a second later. */
const STOP_MS = 2000
setDefaultTimeout(TEST_MS)

const { newBuffer } = soundFolders()
const open = (path: string) => createJournal(openDatabase(path), { clock: new TestClock(), maxUndelivered: 1 })

type TillAnswer = Awaited<ReturnType<ReturnType<typeof startAdapter>['post']>>
const fdOf = ({ fiscal_doc: doc }: Pick<TillAnswer, 'fiscal_doc'>) => doc?.fiscal_doc_number ?? Number.NaN
/** Ids sort by the order of acceptance. */
const byId = (a: TillAnswer, b: TillAnswer) => (a.receipt_id < b.receipt_id ? -1 : 1)

describe('a life', () => {
  type Adapter = ReturnType<typeof startAdapter>

  /** @returns the time that it takes */
  const end = (adapter: Adapter, signal: NodeJS.Signals) =>
    durationOf(async () => {
      adapter.child.kill(signal)
      expect({ code: await adapter.ended, errors: await adapter.errors }).toEqual({ code: 0, errors: '' })
    })
  const expectInTime = (attempt: () => Promise<number>) =>
    expectKept({ 'a stop': STOP_MS }, async () => ({ 'a stop': await attempt() }))

  const listed = async (adapter: Adapter, query = '') =>
    (await adapter.ask(`/v1/kkt/receipts${query}`, receiptPage)).receipts.length
  const inState = (adapter: Adapter, status: string) => listed(adapter, `?status=${status}`)
  const until = (adapter: Adapter, count: number, status: string) =>
    soon(
      `${count} receipts to be ${status}`,
      () => inState(adapter, status),
      (now) => now === count,
    )

  /** Expects the lease to be released and the WAL to be merged into the file. @returns the receipts' states */
  function statesPutAway(path: string, receipts: readonly { receipt_id: string }[]) {
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
    const journal = open(path)
    expect(journal.leases.read('KKT-001').holder).toBeNull()
    const states = receipts.map(({ receipt_id: id }) => journal.queries.find(id as ReceiptId)?.status)
    journal.close()
    return states
  }

  /** @returns the longest that a stop took */
  async function threeLives(): Promise<number> {
    const path = newBuffer()
    const settings = (printSeconds: string) => ({
      BUFFER_DB_PATH: path,
      KKT_PRINT_DELAY_MIN: printSeconds,
      KKT_PRINT_DELAY_MAX: printSeconds,
    })

    const first = startAdapter(settings('0.25'))
    // It is degraded until it has the sender lease.
    const health = () => first.ask('/v1/health', z.looseObject({ status: z.string() }))
    await soon('the adapter to be healthy', health, ({ status }) => status === 'healthy')
    // So many that a machine which looks seldom still finds one printing and others waiting.
    const keys = Array.from({ length: 20 }, freshKey)
    const asked = keys.map((key) => first.post(key))
    // One that came after the signal would be sent away.
    await soon(
      'all to be journaled',
      () => listed(first),
      (count) => count === keys.length,
    )
    await soon('a receipt to be printing', () => inState(first, 'printing'))
    const firstStopMs = await end(first, 'SIGTERM')
    const answers = await Promise.all(asked)
    const isPrinted = ({ status }: { status: string }) => status === 'printed'
    const printed = answers.filter(isPrinted).toSorted((a, b) => fdOf(a) - fdOf(b))
    const buffered = answers.filter((answer) => !isPrinted(answer)).toSorted(byId)
    expect(answers.every(({ code }) => code === 200)).toBe(true)
    expect(printed.map(fdOf)).toEqual(printed.map((_, i) => FIRST_FD + i))
    expect(buffered.map(({ fiscal_doc: doc }) => doc)).toEqual(buffered.map(() => null))
    const states = statesPutAway(path, buffered)
    // The KKT may be handed one more at the moment of the signal, whose till is told that it will be printed.
    const made = printed.length + (states[0] === 'pending' ? 1 : 0)
    const left = buffered.slice(made - printed.length)
    expect(states.slice(made - printed.length)).toEqual(left.map(() => 'accepted'))
    const [last, next] = [printed.at(-1), left[0]]
    if (!last || !next) throw new Error('One was to be printed, and others to wait')
    expect(['pending', 'synced']).toContain(statesPutAway(path, [last])[0] ?? 'none')

    // Printing takes longer than the stop may: the document is signed, and its outcome never arrives.
    const second = startAdapter(settings('60'))
    await until(second, 1, 'printing')
    const secondStopMs = await end(second, 'SIGINT')
    expect(statesPutAway(path, [next])).toEqual(['printing'])

    const third = startAdapter(settings('0'))
    await until(third, keys.length, 'synced')
    expect(await third.ask(`/v1/kkt/receipt/${next.receipt_id}`, receiptAnswer)).toMatchObject({
      fiscal_doc: { fiscal_doc_number: FIRST_FD + made },
    })
    expect(await third.post(keys[answers.indexOf(last)])).toEqual(last)
    expect(await third.post()).toMatchObject({ fiscal_doc: { fiscal_doc_number: FIRST_FD + keys.length } })
    return Math.max(firstStopMs, secondStopMs)
  }

  test.concurrent('is healthy, stops in time while a receipt prints, and goes on where it stopped', () =>
    expectInTime(threeLives))

  test.concurrent.each(someCases(['SIGTERM', 'SIGINT', 'SIGHUP'] as const, 3))(
    'at %s answers the till whose receipt is printing, though the paper takes longer than the stop may',
    (signal) =>
      expectInTime(async () => {
        const path = newBuffer()
        const adapter = startAdapter({ BUFFER_DB_PATH: path, KKT_PRINT_DELAY_MIN: '60', KKT_PRINT_DELAY_MAX: '60' })
        const asked = adapter.post()
        await until(adapter, 1, 'printing')
        const stopMs = await end(adapter, signal)
        const answer = await asked
        expect(answer).toMatchObject({ code: 200, status: 'buffered', fiscal_doc: null })
        expect(statesPutAway(path, [answer])).toEqual(['printing'])
        return stopMs
      }),
  )

  test.concurrent('pushes each receipt when it is printed: SYNC_INTERVAL is only the backstop', async () => {
    const adapter = startAdapter({ BUFFER_DB_PATH: newBuffer(), SYNC_INTERVAL: '3600' })
    for (let count = 1; count <= 5; count += 1) {
      await adapter.post()
      await until(adapter, count, 'synced')
    }
  })
})

describe('a start that must fail says so in one clear line', () => {
  /** The whole stderr, and the exit code. */
  async function failure(settings: Record<string, string>) {
    const adapter = startAdapter({ BUFFER_DB_PATH: newBuffer(), ...settings })
    return { code: await adapter.ended, errors: await adapter.errors }
  }

  test.concurrent('for each wrong setting, with exit 2 and no buffer made', async () => {
    const path = newBuffer()
    expect(await failure({ BUFFER_DB_PATH: path, PORT: 'many', SYNC_INTERVAL: '0' })).toEqual({
      code: 2,
      errors: `PORT is "many": it takes a whole number from 0 to 65535
SYNC_INTERVAL is "0": it takes a number from 0.05 to 3600
`,
    })
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined()
  })
})
