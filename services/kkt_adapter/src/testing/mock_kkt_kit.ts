/** A mock KKT, for its unit tests. */
import { onTestFinished } from 'bun:test'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { KktOutcome, KktTask, ToFiscalize } from '../domain/kkt_outcome.ts'
import type { IdempotencyKey, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { TaskId, TaskWork } from '../domain/task.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { content, temporaryFile } from './kit.ts'
import { newKktDatabase } from './memory_database.ts'

export const HOUR_MS = 3_600_000
/** The FD of a new FN's first receipt, behind the registration and the opening of the shift. */
export const FIRST_FD = 3
export const DELAY = { printDelayMinMs: 200, printDelayMaxMs: 500 }
const NO_DELAY = { printDelayMinMs: 0, printDelayMaxMs: 0 }

let receipts = 0
export const nextId = () => `01900000-0000-7000-8000-${String(++receipts).padStart(12, '0')}` as ReceiptId

/** The token of the n-th holder. */
export const token = (n: number) => n as FencingToken
export const TOKEN = token(1)

/** A receipt in the driver's form. The key is made from the id. */
export const sale = (id: ReceiptId, of = content()): ToFiscalize => ({ id, key: keyOf(id), content: of })
export const keyOf = (id: ReceiptId) => `key of ${id}` as IdempotencyKey

/** The outcome of handing over one receipt. */
export async function handOne(kkt: KktDriver, receipt: ToFiscalize, token: FencingToken): Promise<KktOutcome> {
  const [outcome] = await kkt.fiscalize([receipt], token)
  if (!outcome) throw new Error('The KKT took no receipt')
  return outcome
}

let tasks = 0
/** A task in the driver's form, under an id of its own. */
export const taskOf = (work: TaskWork): KktTask => ({
  id: `01900000-0000-7000-9000-${String(++tasks).padStart(12, '0')}` as TaskId,
  work,
})
/** Closes the shift of this number, by nobody. */
export const closing = (shiftNumber: number) => taskOf({ kind: 'close_shift', shiftNumber, cashier: null })
export const opening = () => taskOf({ kind: 'open_shift', cashier: null })
export const cash = (kind: 'cash_in' | 'cash_out', amountKopecks: number) =>
  taskOf({ kind, amountKopecks, reason: null })

type Settings = { delay?: typeof DELAY; random?: number }

/** A mock KKT in memory, which is quick. */
export function setUp(settings: Settings = {}) {
  const { clock, open } = opener(settings)
  const kkt = open()
  return { clock, ...asking(clock, () => kkt, settings) }
}

/** One in a file, which can be opened again, or twice. */
export function setUpInFile(settings: Settings = {}) {
  const path = temporaryFile('kkt.db')
  const { clock, open } = opener(settings)
  let kkt = open(path)
  const reopen = () => {
    kkt.close()
    kkt = open(path)
  }
  return { path, clock, open: (file = path) => open(file), reopen, ...asking(clock, () => kkt, settings) }
}

function opener({ delay = NO_DELAY, random = 0.5 }: Settings) {
  const clock = new TestClock()
  const open = (file?: string) => {
    const db = file === undefined ? newKktDatabase() : openDatabase(file)
    const opened = openMockKkt(db, { kktNumber: 'KKT-007', ...delay }, { clock, random: () => random })
    onTestFinished(() => opened.close())
    return opened
  }
  return { clock, open }
}

function asking(clock: TestClock, kkt: () => ReturnType<typeof openMockKkt>, { delay = NO_DELAY }: Settings) {
  /** The outcome, after the time that printing takes. */
  const ask = async (id = nextId(), of: ReceiptContent = content()) => {
    const outcome = handOne(kkt(), sale(id, of), TOKEN)
    await clock.advance(delay.printDelayMaxMs)
    return outcome
  }
  const fiscalize = async (id = nextId(), of: ReceiptContent = content()) => {
    const outcome = await ask(id, of)
    if (outcome.kind !== 'done') throw new Error(`The outcome is ${outcome.kind}: ${outcome.reason}`)
    return outcome.doc
  }
  /** The outcome of a task, after the time that printing takes. */
  const perform = async (task: KktTask) => {
    const outcome = kkt().perform(task, TOKEN)
    await clock.advance(delay.printDelayMaxMs)
    return outcome
  }
  /** The result of a task that is done. */
  const done = async (task: KktTask) => {
    const outcome = await perform(task)
    if (outcome.kind !== 'done') throw new Error(`The outcome is ${outcome.kind}: ${outcome.reason}`)
    return outcome.result
  }
  const receipts = () =>
    kkt()
      .documents(0, 1000)
      .filter((filed) => filed.kind === 'receipt')
  const fds = () => receipts().map(({ fdNumber }) => fdNumber)
  /** The kinds of all documents, in FD order from 1. */
  const kinds = () =>
    kkt()
      .documents(0, 1000)
      .map(({ kind }) => kind)
  return { ask, fiscalize, perform, done, receipts, fds, kinds, kkt }
}
