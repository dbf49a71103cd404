import type { URLSearchParams } from 'node:url'
/** The queries beside the queue, by their names in the route. They wrap in another way than the tasks. */
import { OPERATIONS } from '@kkt/adapter/src/domain/operation.ts'
import type { QueryAnswer } from '../executor.ts'
import type { Register } from '../register.ts'
import { taskError } from './errors.ts'
import { OPERATION_WORD } from './names.ts'
import {
  deviceInfo,
  deviceStatus,
  exchangeErrors,
  fnInfo,
  fnStatus,
  fnValidity,
  ISM_STATUS,
  movements,
  ofdStatus,
  receiptTotals,
  shiftStatus,
  shiftTotals,
} from './told.ts'

type Query = (register: Register, parameters: URLSearchParams) => QueryAnswer

const told = (body: object): QueryAnswer => ({ kind: 'told', body })

export const QUERIES: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['DeviceInfo', (register) => told({ deviceInfo: deviceInfo(register) })],
  ['DeviceStatus', (register) => told({ deviceStatus: deviceStatus(register) })],
  ['ShiftStatus', (register) => told({ shiftStatus: shiftStatus(register) })],
  ['ShiftTotals', (register) => told({ shiftTotals: namedTwice(register) })],
  ['IncomeTotals', (register) => told({ incomeTotals: movements(register.shiftTotals().cashIn) })],
  ['OutcomeTotals', (register) => told({ outcomeTotals: movements(register.shiftTotals().cashOut) })],
  ['ReceiptTotals', receiptsOfType],
  ['FnInfo', (register) => told({ fnInfo: { ...fnInfo(register), validity: fnValidity(register.state()) } })],
  ['FnStatus', (register) => told({ fnStatus: fnStatus(register) })],
  [
    'OfdExchangeStatus',
    (register) => told({ ofdExchangeStatus: ofdStatus(register), ofdExchangeErrors: exchangeErrors('ofd') }),
  ],
  ['IsmExchangeStatus', () => told({ ismExchangeStatus: ISM_STATUS, ismExchangeErrors: exchangeErrors('ism') })],
  ['Licenses', () => told({ licenses: [] })],
  ['DeviceSettings', (_, parameters) => told({ deviceSettings: settings(parameters.get('ids')) })],
])

/** The counters by the names of the task, and by those of the web server's own description. */
function namedTwice(register: Register) {
  const totals = shiftTotals(register)
  const { receipts, income, outcome, cashDrawer } = totals
  const own = { receiptsTotals: receipts, incomeTotals: income, outcomeTotals: outcome, cashDrawerTotals: cashDrawer }
  return { ...totals, ...own }
}

function receiptsOfType(register: Register, parameters: URLSearchParams): QueryAnswer {
  const type = parameters.get('type') ?? ''
  const { receipts, corrections } = register.shiftTotals()
  for (const operation of OPERATIONS) {
    const word = OPERATION_WORD[operation]
    if (type === word) return told({ receiptTotals: receiptTotals(receipts[operation]) })
    if (type === `${word}Correction`) return told({ receiptTotals: receiptTotals(corrections[operation]) })
  }
  return { kind: 'failed', error: taskError(13, 'type') }
}

/** This register has no settings to read. */
const settings = (ids: string | null) =>
  (ids ?? '')
    .split(',')
    .filter((id) => id !== '')
    .map((key) => {
      const { code, description } = taskError(13)
      return { key, errorCode: code, errorDescription: description }
    })
