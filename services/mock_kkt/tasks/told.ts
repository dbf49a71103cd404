/** The states and counters that tasks and queries tell. Tasks name and wrap some in another way than queries do. */
import { toRoubles } from '@kkt/adapter/src/domain/money.ts'
import { OPERATIONS } from '@kkt/adapter/src/domain/operation.ts'
import { PAYMENT_TYPES } from '@kkt/adapter/src/domain/payment.ts'
import type { FnFlag, Movements, OperationTotals, ShiftTotals } from '@kkt/adapter/src/domain/shift.ts'
import type { Register, RegisterState } from '../register.ts'
import { inZone, offsetOf } from './local_time.ts'
import { OPERATION_WORD, OWN_PAYMENT_WORDS, PAYMENT_WORD, taxationWord } from './names.ts'

/** АТОЛ 77Ф. */
const MODEL = { model: 69, modelName: 'АТОЛ 77Ф', receiptLineLength: 48, receiptLineLengthPix: 576 } as const
const FFD = { ffdVersion: '1.2', fnFfdVersion: '1.2' } as const

export const deviceInfo = ({ registration }: Register) => ({
  ...MODEL,
  serial: registration.serialNumber,
  firmwareVersion: '5.17.0',
  configurationVersion: '5.17.0',
  ...FFD,
})

export function deviceStatus(register: Register) {
  const state = register.state()
  const isRegistered = state.trouble !== 'not_registered'
  return {
    currentDateTime: state.clockText,
    shift: state.shift.kind,
    blocked: state.trouble === 'fn_unsent_too_long',
    coverOpened: state.isCoverOpen,
    paperPresent: state.paper !== 'out',
    fiscal: isRegistered,
    fnFiscal: isRegistered,
    fnPresent: true,
    cashDrawerOpened: false,
  }
}

/** Drivers of different versions name the time of its end differently, so both names are there. */
export function shiftStatus(register: Register) {
  const state = register.state()
  const { shift } = state
  const status = { state: shift.kind, number: shift.number, documentsCount: state.shiftDocumentCount }
  if (shift.kind === 'closed') return status
  const expires = inZone(shift.expiresAtMs, state)
  return { ...status, expiredTime: expires, expiredAt: expires }
}

const fnWarnings = ({ fnFlags, trouble }: RegisterState) => {
  const has = (flag: FnFlag) => fnFlags.includes(flag)
  return {
    criticalError: trouble === 'fn_broken',
    memoryOverflow: has('nearly_full'),
    needReplacement: has('ends_in_3_days'),
    ofdTimeout: has('ofd_silent'),
    resourceExhausted: has('ends_in_30_days'),
  }
}

export function fnStatus(register: Register) {
  const state = register.state()
  return {
    fiscalDocumentNumber: state.lastFdNumber,
    fiscalReceiptNumber: state.lastReceiptNumber,
    warnings: fnWarnings(state),
  }
}

export function fnInfo(register: Register) {
  const state = register.state()
  return {
    serial: state.fnNumber,
    version: 'fn_v_1_2',
    execution: 'ФН-1.2 исполнение Ин36-4',
    livePhase: state.trouble === 'not_registered' ? 'configured' : 'fiscalMode',
    ...fnValidity(state),
    ...FFD,
    warnings: fnWarnings(state),
  }
}

export const fnValidity = (state: RegisterState) => ({
  validityDate: `${state.fnValidUntil}T00:00:00${offsetOf(state)}`,
  numberOfRegistrations: 1,
  registrationsRemaining: 29,
})

/** Nothing is owed to the OFD: the first number is 0, and there is no time. */
export function ofdStatus(register: Register) {
  const state = register.state()
  const { count, firstFd, sinceMs } = state.unsent
  const status = { notSentCount: count, notSentFirstDocNumber: firstFd ?? 0 }
  return sinceMs === null ? status : { ...status, notSentFirstDocDateTime: inZone(sinceMs, state) }
}

const NO_ERROR = { code: 0, description: 'Ошибок нет' } as const

export const exchangeErrors = (of: 'ofd' | 'ism') => ({
  fnCommandCode: 0,
  documentNumber: 0,
  fn: NO_ERROR,
  network: NO_ERROR,
  [of]: NO_ERROR,
})

/** The notices of marked goods are never owed here. */
export const ISM_STATUS = { notSentCount: 0, notSentFirstNoticeNumber: 0 } as const

export const movements = ({ count, sumKopecks }: Movements) => ({ sum: toRoubles(sumKopecks), count })

export function receiptTotals({ count, sumKopecks, payments }: OperationTotals) {
  const sums: Record<string, number> = {}
  for (const type of PAYMENT_TYPES) sums[PAYMENT_WORD[type]] = toRoubles(payments[type])
  for (const word of OWN_PAYMENT_WORDS) sums[word] = 0
  return { count, sum: toRoubles(sumKopecks), payments: sums }
}

/** The counters of each kind of receipt, corrections as kinds of their own. */
export const receiptsTotals = ({ receipts, corrections }: Pick<ShiftTotals, 'receipts' | 'corrections'>) =>
  Object.fromEntries(
    OPERATIONS.flatMap((one) => [
      [OPERATION_WORD[one], receiptTotals(receipts[one])],
      [`${OPERATION_WORD[one]}Correction`, receiptTotals(corrections[one])],
    ]),
  )

export function shiftTotals(register: Register) {
  const { shift, drawerKopecks } = register.state()
  const totals = register.shiftTotals()
  return {
    shiftNumber: shift.number,
    receipts: receiptsTotals(totals),
    income: movements(totals.cashIn),
    outcome: movements(totals.cashOut),
    cashDrawer: { sum: toRoubles(drawerKopecks) },
  }
}

const OFD = { name: 'ООО "ТЕСТОВЫЙ ОФД"', vatin: '7700000009', host: 'ofd.test', port: 7777, dns: '0.0.0.0' } as const
const ISM = { host: 'ism.test', port: 7778 } as const

export function registrationInfo({ registration }: Register) {
  const { seller, address, place, taxationSystems } = registration
  return {
    organization: {
      name: seller.name,
      vatin: seller.inn,
      email: 'receipt@shop.test',
      address,
      taxationTypes: taxationSystems.map(taxationWord),
      agents: [],
    },
    device: {
      registrationNumber: registration.registrationNumber,
      fnsUrl: registration.fnsUrl,
      paymentsAddress: place,
      defaultTaxationType: taxationWord(taxationSystems[0]),
      ofdChannel: 'proto',
      ffdVersion: registration.ffdVersion,
      ...MODES,
    },
    ofd: OFD,
    ism: ISM,
  }
}

/** A register of a shop with a cashier, for everything that a shop may sell. */
const MODES = {
  offlineMode: false,
  internet: true,
  service: true,
  excise: true,
  gambling: false,
  lottery: false,
  marking: true,
  insurance: false,
  pawnShop: false,
  machineInstallation: false,
  machineNumber: '',
  autoMode: false,
  bso: false,
  encryption: false,
} as const
