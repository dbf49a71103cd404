/** The driver's tasks by their types. */
import type { Cashier } from '@kkt/adapter/src/domain/customer.ts'
import { toRoubles } from '@kkt/adapter/src/domain/money.ts'
import type { Operation } from '@kkt/adapter/src/domain/operation.ts'
import type { Paper, ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { z } from 'zod'
import type { Register } from '../register.ts'
import { moveCash } from './cash.ts'
import { DriverError } from './errors.ts'
import { archivedDocument, lastReceipt } from './fn_archive.ts'
import { fromLocal } from './local_time.ts'
import { overallTotals } from './overall_totals.ts'
import { maybe, read } from './reading.ts'
import { cashierOf, contentOf, correctionOf } from './receipt.ts'
import { correctionForm, operatorForm, receiptForm } from './receipt_form.ts'
import { documentWord } from './results.ts'
import { type Acted, done, type Task } from './task.ts'
import { documentTlv } from './tlv.ts'
import {
  deviceInfo,
  deviceStatus,
  exchangeErrors,
  fnInfo,
  fnStatus,
  ISM_STATUS,
  ofdStatus,
  registrationInfo,
  shiftStatus,
  shiftTotals,
} from './told.ts'

type Read = (task: unknown) => Task

/** A receipt of one form. Its content is made when its positions are registered. */
const receiptIn =
  <Form extends z.ZodType>(form: Form, make: (said: z.output<Form>, operation: Operation) => ReceiptContent) =>
  (operation: Operation): Read =>
  (task) => {
    const said = read(form, task)
    return {
      kind: 'document',
      of: 'receipt',
      prepare(register) {
        const content = make(said, operation)
        return (id, paper) => register.receipt(content, id, paper)
      },
    }
  }

const receipt = receiptIn(receiptForm, contentOf)
const correction = receiptIn(correctionForm, correctionOf)

const reportForm = z.object({ operator: operatorForm, electronically: maybe(z.boolean()) })

const REPORTS = {
  shift_opening: (register: Register, cashier: Cashier, paper: Paper) => register.openShift(cashier, paper),
  shift_closing: (register: Register, cashier: Cashier, paper: Paper) => register.closeShift(cashier, paper),
  ofd_report: (register: Register, cashier: Cashier, paper: Paper) => register.ofdReport(cashier, paper),
}

/** A document of the shift or of the exchange with the OFD, which a cashier signs. */
const report =
  (of: keyof typeof REPORTS): Read =>
  (task) => {
    const { operator } = read(reportForm, task)
    return {
      kind: 'document',
      of,
      prepare(register) {
        const cashier = cashierOf(operator)
        return (_id, paper) => REPORTS[of](register, cashier, paper)
      },
    }
  }

const cashForm = reportForm.extend({ cashSum: z.number() })

const cash =
  (direction: 'in' | 'out'): Read =>
  (task) => {
    const { cashSum, operator, electronically } = read(cashForm, task)
    return {
      kind: 'act',
      prints: electronically !== true,
      act: (register) => moveCash(register, direction, cashSum, operator),
    }
  }

/** A task without fields, or with some that only matter on paper. */
const simple =
  (prints: boolean, tell: (register: Register) => object | null): Read =>
  () => ({ kind: 'act', prints, act: (register): Acted => ({ result: tell(register) }) })

const tells = (tell: (register: Register) => object): Read => simple(false, tell)
const prints = simple(true, () => null)

const fnDocumentForm = z.object({ fiscalDocumentNumber: z.int() })

const fnDocument: Read = (task) => {
  const { fiscalDocumentNumber } = read(fnDocumentForm, task)
  return {
    kind: 'act',
    prints: false,
    act(register) {
      const archived = archivedDocument(register, fiscalDocumentNumber)
      const tlv = documentTlv(archived, register.registration, register.state())
      const told = { fiscalDocumentType: documentWord(archived), short: false, documentTLV: tlv }
      return { result: archived.kind === 'receipt' ? { ...told, qr: archived.doc.qrCodeData } : told }
    },
  }
}

const printFnDocument: Read = (task) => {
  const { fiscalDocumentNumber } = read(fnDocumentForm, task)
  return {
    kind: 'act',
    prints: true,
    act(register) {
      archivedDocument(register, fiscalDocumentNumber)
      return { result: null }
    },
  }
}

const dateTimeForm = z.object({ dateTime: z.string() })

const setDateTime: Read = (task) => {
  const { dateTime } = read(dateTimeForm, task)
  return {
    kind: 'act',
    prints: false,
    act(register) {
      const ms = fromLocal(dateTime, register.state())
      if (ms === undefined) throw new DriverError(77, dateTime)
      done(register.setClock(ms))
      return { result: null }
    },
  }
}

const nonFiscalForm = z.object({ items: z.array(z.object({ type: z.string() })).min(1) })

const nonFiscal: Read = (task) => {
  read(nonFiscalForm, task)
  return prints(task)
}

const TYPES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['sell', receipt('sale')],
  ['sellReturn', receipt('refund')],
  ['buy', receipt('buy')],
  ['buyReturn', receipt('buy_refund')],
  ['sellCorrection', correction('sale')],
  ['sellReturnCorrection', correction('refund')],
  ['buyCorrection', correction('buy')],
  ['buyReturnCorrection', correction('buy_refund')],
  ['openShift', report('shift_opening')],
  ['closeShift', report('shift_closing')],
  ['reportOfdExchangeStatus', report('ofd_report')],
  ['cashIn', cash('in')],
  ['cashOut', cash('out')],
  ['reportX', prints],
  ['nonFiscal', nonFiscal],
  ['printFnDocument', printFnDocument],
  ['setDateTime', setDateTime],
  ['openCashDrawer', simple(false, () => null)],
  ['getFnDocument', fnDocument],
  ['getDeviceStatus', tells((register) => ({ deviceStatus: deviceStatus(register) }))],
  ['getDeviceInfo', tells((register) => ({ deviceInfo: deviceInfo(register) }))],
  ['getShiftStatus', tells((register) => ({ shiftStatus: shiftStatus(register) }))],
  ['getShiftTotals', tells((register) => ({ shiftTotals: shiftTotals(register) }))],
  ['getOverallTotals', tells((register) => ({ overallTotals: overallTotals(register) }))],
  ['getFnStatus', tells((register) => ({ fnStatus: fnStatus(register) }))],
  ['getFnInfo', tells((register) => ({ fnInfo: fnInfo(register) }))],
  ['getRegistrationInfo', tells(registrationInfo)],
  [
    'ofdExchangeStatus',
    tells((register) => ({ status: ofdStatus(register), errors: exchangeErrors('ofd'), warnings: {} })),
  ],
  ['ismExchangeStatus', tells(() => ({ status: ISM_STATUS, errors: exchangeErrors('ism'), warnings: {} }))],
  [
    'getCashDrawerStatus',
    tells((register) => ({
      cashDrawerStatus: { cashDrawerOpened: false },
      counters: { cashSum: toRoubles(register.state().drawerKopecks) },
    })),
  ],
  [
    'printLastReceiptCopy',
    simple(true, (register) => {
      lastReceipt(register)
      return null
    }),
  ],
  [
    'continuePrint',
    simple(true, (register) => {
      register.finishPaper()
      return null
    }),
  ],
])

const typed = z.object({ type: z.string() })

/** @throws DriverError 501 with the path of the field that is wrong */
export function readTask(task: unknown): Task {
  const { type } = read(typed, task)
  const readFields = TYPES.get(type)
  if (readFields === undefined) throw new DriverError(501, `поле "type": неизвестная задача ${type}`)
  return readFields(task)
}
