/** The driver's tasks, done by the register of the tests, and its answers, read by the driver. Neither was written from the other. */
import { beforeEach, expect, test } from 'bun:test'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import { settle } from '../../../services/kkt_adapter/src/domain/payment.ts'
import { receiptBody } from '../../../services/kkt_adapter/src/http/receipt_schema.ts'
import { refusalBy } from '../../../services/kkt_adapter/src/kkt/atol/capabilities.ts'
import { fiscalDocOf, readMade } from '../../../services/kkt_adapter/src/kkt/atol/document_of_result.ts'
import { drawerAfter } from '../../../services/kkt_adapter/src/kkt/atol/drawer.ts'
import { isDocumentOf, readFnDocument } from '../../../services/kkt_adapter/src/kkt/atol/fn_documents.ts'
import { type Registered, readRegistered } from '../../../services/kkt_adapter/src/kkt/atol/registration.ts'
import { readShiftCounters } from '../../../services/kkt_adapter/src/kkt/atol/shift_counters.ts'
import { shiftDocumentOf } from '../../../services/kkt_adapter/src/kkt/atol/shift_document.ts'
import { stateOf } from '../../../services/kkt_adapter/src/kkt/atol/state_of_register.ts'
import { taskOfReceipt } from '../../../services/kkt_adapter/src/kkt/atol/task_of_receipt.ts'
import { readDocumentTask, taskOfWork } from '../../../services/kkt_adapter/src/kkt/atol/task_of_work.ts'
import { ID } from '../../../services/kkt_adapter/src/testing/atol_answers.ts'
import { item, receipt } from '../../../services/kkt_adapter/src/testing/receipt_bodies.ts'
import { anyReceipt } from '../../harness/any_receipt.ts'
import { newServer } from './server.ts'
import { type Client, clientOf } from './wire.ts'

const CASHIER = { name: 'Иванова А. А.', inn: '500100732259' }
const OFFSET = '+03:00'
const RUNS = LONG ? 2000 : 40
const LIMIT_MS = LONG ? 300_000 : 20_000

let client: Client
beforeEach(() => {
  const server = newServer()
  client = clientOf(server)
})

const ask = async (type: string) => (await client.done({ type })).result
const query = async (name: string) => (await client.post(`/api/v2/operations/query${name}`)).body

async function registered(): Promise<Registered> {
  const told = { deviceInfo: await ask('getDeviceInfo'), registrationInfo: await ask('getRegistrationInfo') }
  return there(readRegistered(told, 'KKT-001'))
}

const contentOf = (body: object) => receiptBody.parse({ cashier: CASHIER, ...body })
const sale = (more: object = {}) => contentOf({ ...receipt([item({ price: 1250, total: 1250 })]), ...more })

async function made(content: ReturnType<typeof sale>) {
  const facts = { registered: await registered(), signOf: () => null }
  return there(readMade(await client.done({ ...taskOfReceipt(ID, content, facts) })))
}

const documentOf = async (fdNumber: number) =>
  there(readFnDocument((await client.done(readDocumentTask(fdNumber))).result, OFFSET))

function there<Read>(read: Read | null): Read {
  if (read === null) throw new Error('The driver cannot read the answer')
  return read
}

test('a sale: its document, and the same one in the FN', async () => {
  const content = sale({ payments: [{ type: 'cash', amount: 2000 }] })
  const done = await made(content)
  expect(done).toMatchObject({ fdNumber: 3, paper: 'printed', hasOpenedShift: true })
  const inFn = await documentOf(3)
  expect(isDocumentOf(inFn, { id: ID, content })).toBe('certain')
  const doc = fiscalDocOf(done, content, await registered())
  expect(inFn).toMatchObject({
    fdNumber: doc.fdNumber,
    fiscalSign: doc.fiscalSign,
    instantMs: doc.details?.instantMs,
    operation: 'sale',
    totalKopecks: doc.totalKopecks,
    shiftNumber: doc.shiftNumber,
    receiptNumber: doc.receiptNumber,
    taxationSystem: doc.details?.taxationSystem,
    receiptId: ID,
  })
  expect(settle(content.payments, content.totalKopecks, 'sale').changeKopecks).toBe(75_000)
})

test.each(['sale', 'refund', 'buy', 'buy_refund'] as const)('a correction of a %s, in the FN', async (type) => {
  const content = sale({ type, correction: { type: 'self', date: '2026-01-02' } })
  const { fdNumber } = await made(content)
  expect(isDocumentOf(await documentOf(fdNumber), { id: ID, content })).toBe('certain')
})

test(
  `any receipt that the driver does not refuse by the registration is made, and found again (SEED=${SEED})`,
  async () => {
    const draw = seededRandom()
    const kkt = await registered()
    let refused = 0
    for (let i = 0; i < RUNS; i += 1) {
      const content = contentOf(anyReceipt('POS-1', draw))
      if (refusalBy(kkt, content) === null) {
        const { fdNumber } = await made(content)
        const found = isDocumentOf(await documentOf(fdNumber), { id: ID, content })
        expect(found).toBe(content.userAttribute === undefined ? 'certain' : 'likely')
      } else {
        refused += 1
      }
    }
    expect(refused).toBeLessThan(RUNS / 2)
  },
  LIMIT_MS,
)

async function stateByTasks() {
  const told = {
    deviceStatus: await ask('getDeviceStatus'),
    shiftStatus: await ask('getShiftStatus'),
    fnInfo: await ask('getFnInfo'),
    fnStatus: await ask('getFnStatus'),
    ofdExchangeStatus: await ask('ofdExchangeStatus'),
  }
  return there(stateOf(told, await registered(), readShiftCounters(await ask('getShiftTotals'))))
}

async function stateByQueries() {
  const told = {
    deviceStatus: await query('DeviceStatus'),
    shiftStatus: await query('ShiftStatus'),
    fnInfo: await query('FnInfo'),
    fnStatus: await query('FnStatus'),
    ofdExchangeStatus: await query('OfdExchangeStatus'),
  }
  return there(stateOf(told, await registered(), readShiftCounters(await query('ShiftTotals'))))
}

test('the state, by tasks and by queries', async () => {
  expect(await stateByTasks()).toMatchObject({ trouble: null, shift: { kind: 'closed', number: 0 }, lastFdNumber: 1 })
  await made(sale())
  const state = await stateByTasks()
  expect(state).toMatchObject({ trouble: null, shift: { kind: 'opened', number: 1 }, lastFdNumber: 3 })
  expect(state.drawerKopecks).toBe(125_000)
  const { clockMs, ...others } = await stateByQueries()
  expect(clockMs).toBeGreaterThanOrEqual(state.clockMs)
  expect(state).toMatchObject(others)
})

test("a shift's opening and closing, with its counters", async () => {
  const opened = there(readMade(await client.done(taskOfWork({ kind: 'open_shift', cashier: CASHIER }, null))))
  await made(sale())
  await made(sale({ type: 'refund', payments: [{ type: 'card', amount: 1250 }] }))
  const cash = await client.done(taskOfWork({ kind: 'cash_in', amountKopecks: 10_007, reason: null }, CASHIER))
  expect(drawerAfter(cash.result)).toBe(135_007)
  await client.done(taskOfWork({ kind: 'x_report' }, CASHIER))
  const counters = there(readShiftCounters(await ask('getShiftTotals')))
  const { fnNumber, fnFlags, unsent } = await stateByTasks()
  const closing = taskOfWork({ kind: 'close_shift', shiftNumber: 1, cashier: null }, CASHIER)
  const closed = there(readMade(await client.done(closing)))
  const facts = { registered: await registered(), fnNumber, standing: { fnFlags, unsent }, counters }
  expect(shiftDocumentOf(await documentOf(opened.fdNumber), facts)).toMatchObject({
    kind: 'shift_opening',
    shiftNumber: 1,
    cashier: CASHIER,
    fnNumber,
    fiscalSign: opened.fiscalSign,
  })
  expect(shiftDocumentOf(await documentOf(closed.fdNumber), facts)).toMatchObject({
    kind: 'shift_closing',
    shiftNumber: 1,
    cashier: CASHIER,
    receiptCount: 2,
    documentCount: 4,
    drawerKopecks: 135_007,
    totals: {
      receipts: {
        sale: { count: 1, sumKopecks: 125_000, payments: { cash: 125_000 } },
        refund: { count: 1, sumKopecks: 125_000, payments: { card: 125_000 } },
      },
      cashIn: { count: 1, sumKopecks: 10_007 },
    },
  })
})
