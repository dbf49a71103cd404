/** The driver of a register on a scripted service, for one test. */
import { onTestFinished } from 'bun:test'
import { createKeptLog } from '@kkt/fault-kit/testing.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalDoc, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { TaskId, TaskWork } from '../domain/task.ts'
import { createAtolDriver } from '../kkt/atol/driver.ts'
import type { Attempt, Attempts } from '../kkt/attempts.ts'
import { ID, OTHER_ID } from './atol_answers.ts'
import { ACCOUNT, atolServer } from './atol_server.ts'
import { content, freshKey } from './kit.ts'

export const TOKEN = 1 as FencingToken
export const TASK_ID = '0199d3a0-5f70-7000-8a3b-2c1d4e5f6a7b' as TaskId
const CASHIER = { name: 'Иванова А. А.' }
/** The part of a receipt that the register's documents name. */
export const SOLD = { cashier: CASHIER }
/** For the service's script: none of the driver's POSTs of a task reaches it. */
export const NEVER_CAME = ['lost_before', 'lost_before', 'lost_before'] as const

/** Attempts in memory. */
export function memoryAttempts(clock: TestClock) {
  const begun = new Map<string, Attempt[]>()
  const of = (id: string) => begun.get(id) ?? []
  let isFailing = false
  const attempts: Attempts = {
    latest: (id) => of(id).at(-1) ?? null,
    async begin(id, before) {
      if (isFailing) throw new Error('The disk is full')
      const attempt = { ...before, number: of(id).length + 1, begunAtMs: clock.wallMs(), isToldNotMade: false }
      begun.set(id, [...of(id), attempt])
      return attempt
    },
  }
  const fail = () => {
    isFailing = true
  }
  /** An operator says that the last attempt made no document. */
  function tellNotMade(id: string): void {
    const told = of(id).map((attempt, i, { length }) => ({ ...attempt, isToldNotMade: i === length - 1 }))
    begun.set(id, told)
  }
  return { ...attempts, of, fail, tellNotMade, forget: () => begun.clear() }
}

/** Lets time pass until a call has ended. */
export const endedOn =
  (clock: TestClock) =>
  async <T>(call: Promise<T>): Promise<T> => {
    let isOver = false
    const over = call.finally(() => {
      isOver = true
    })
    for (let steps = 0; !isOver && steps < 5000; steps++) await clock.advance(250)
    return await over
  }

let uuids = 0

export function atolKit(device: string | null = null) {
  const clock = new TestClock()
  const server = atolServer()
  const log = createKeptLog()
  const attempts = memoryAttempts(clock)
  const receipts = new Map<ReceiptId, { content: ReceiptContent; fiscalDoc: FiscalDoc | null }>([
    [ID, { content: content(), fiscalDoc: null }],
    [OTHER_ID, { content: content(), fiscalDoc: null }],
  ])

  /** Another process, which has the same journal. */
  const start = () => {
    const driver = createAtolDriver({
      url: 'http://kkt.test:16732/',
      ...ACCOUNT,
      device,
      kktNumber: 'KKT-001',
      clock,
      logger: log.logger,
      send: server.send,
      newUuid: () => `question-${++uuids}`,
      attempts,
      receipt: (id) => receipts.get(id) ?? null,
      signOf: () => null,
      cashier: () => CASHIER,
    })
    onTestFinished(() => driver.close())
    return driver
  }
  const driver = start()

  const ended = endedOn(clock)

  return {
    clock,
    server,
    log,
    attempts,
    receipts,
    driver,
    start,
    ended,
    async fiscalize(more: Partial<ReceiptContent> = {}, id = ID) {
      const sold = { ...content(), ...more } as ReceiptContent
      receipts.set(id, { content: sold, fiscalDoc: null })
      const [outcome] = await ended(driver.fiscalize([{ id, key: freshKey(), content: sold }], TOKEN))
      return outcome
    },
    lookup: (id = ID) => ended(driver.lookup(id, TOKEN)),
    perform: (work: TaskWork) => ended(driver.perform({ id: TASK_ID, work }, TOKEN)),
    lookupTask: (work: TaskWork) => ended(driver.lookupTask({ id: TASK_ID, work }, TOKEN)),
  }
}
