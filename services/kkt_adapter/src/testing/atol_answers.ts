/** Results of a register's tasks as its driver tells them, written from the wire's description. */
import type { ReceiptId } from '../domain/receipt.ts'
import { type Registered, readRegistered } from '../kkt/atol/registration.ts'

export const ID = '0199d3a0-5f6e-7000-8a3b-2c1d4e5f6a7b' as ReceiptId
export const OTHER_ID = '0199d3a0-5f6f-7000-8a3b-2c1d4e5f6a7b' as ReceiptId
export const FN = '9999078900000961'
/** An FN that is put in later. */
export const OTHER_FN = '9999078900000962'
export const AT = '2026-11-22T16:43:00+03:00'

export const deviceInfo = (more: object = {}) => ({
  deviceInfo: {
    model: 69,
    modelName: 'АТОЛ 77Ф',
    serial: '00106900000014',
    firmwareVersion: '5.17.1',
    configurationVersion: '1.0',
    ffdVersion: '1.2',
    fnFfdVersion: '1.2',
    receiptLineLength: 48,
    receiptLineLengthPix: 576,
    ...more,
  },
})

export const registrationInfo = (organization: object = {}, device: object = {}) => ({
  organization: {
    name: 'ООО "ОПТИКА"',
    // The driver pads the INN of a company to the length of a person's.
    vatin: '7701234567  ',
    email: 'shop@example.com',
    address: 'г. Москва, ул. Лесная, д. 1',
    taxationTypes: ['osn', 'usnIncome'],
    agents: ['attorney', 'payingAgent'],
    ...organization,
  },
  device: {
    registrationNumber: '0000000001002292    ',
    fnsUrl: 'www.nalog.gov.ru',
    offlineMode: false,
    internet: true,
    service: false,
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
    paymentsAddress: 'Магазин № 3',
    defaultTaxationType: 'osn',
    ofdChannel: 'auto',
    ffdVersion: '1.2',
    ...device,
  },
  ofd: { name: 'ОФД', vatin: '7709364346', host: 'ofd.example', port: 7777, dns: '' },
})

export function registered(organization: object = {}, device: object = {}, ofDevice: object = {}): Registered {
  const told = { deviceInfo: deviceInfo(ofDevice), registrationInfo: registrationInfo(organization, device) }
  const read = readRegistered(told, 'KKT-001')
  if (read === null) throw new Error('The answers do not fit')
  return read
}

/** The entry of a receipt's task that is ready. */
export const madeAnswer = (params: object = {}, warnings: object = {}, ofTask: object = {}) => ({
  status: 'ready',
  error: { code: 0, description: 'Ошибок нет' },
  result: {
    fiscalParams: {
      fiscalDocumentNumber: 71,
      fiscalDocumentSign: '0024109209',
      fiscalDocumentDateTime: AT,
      fiscalReceiptNumber: 7,
      shiftNumber: 12,
      fnNumber: FN,
      registrationNumber: '0000000001002292',
      total: 1250,
      fnsUrl: 'www.nalog.gov.ru',
      ...params,
    },
    warnings: { notPrinted: false, ...warnings },
  },
  ...ofTask,
})

/** The tags of a sale by card. 1494325660 is the sign. */
export const saleTags = (more: object = {}) => ({
  '1012': AT,
  '1020': 1250,
  '1021': 'Иванова А. А.',
  '1038': 12,
  '1040': 71,
  '1041': FN,
  '1042': 7,
  '1054': 1,
  '1055': 1,
  '1059': [{ '1030': 'Очки', '1043': 1250, '1079': 1250, '1199': 11, '1212': 1, '1214': 4, '2108': 0 }],
  '1077': '31045911999C',
  '1081': 1250,
  ...more,
})

/** A sale of 100 roubles that carries nobody's id. */
export const SALE_OF_100 = { '1020': 100, '1054': 1 }

/** A receipt's id in tag 1084, where the adapter puts it. */
export const inTag = (id: string) => ({ '1084': { '1085': 'receipt_id', '1086': id } })

/** The words of a till in that tag. */
export const OF_CARD = { '1084': { '1085': 'Карта', '1086': '17' } }

export const fnDocument = (documentTLV: object = saleTags(), more: object = {}) => ({
  fiscalDocumentType: 'receipt',
  short: false,
  qr: 't=20261122T1643',
  documentTLV,
  ...more,
})

export const deviceStatus = (more: object = {}) => ({
  deviceStatus: {
    blocked: false,
    coverOpened: false,
    currentDateTime: '2026-11-22T16:43:20+03:00',
    fiscal: true,
    fnFiscal: true,
    fnPresent: true,
    paperPresent: true,
    cashDrawerOpened: false,
    shift: 'opened',
    ...more,
  },
})

export const shiftStatus = (more: object = {}) => ({
  shiftStatus: { state: 'opened', number: 12, expiredTime: '2026-11-23T09:00:00+03:00', documentsCount: 7, ...more },
})

const NO_WARNINGS = {
  criticalError: false,
  memoryOverflow: false,
  needReplacement: false,
  ofdTimeout: false,
  resourceExhausted: false,
}

export const fnStatus = (warnings: object = {}) => ({
  fnStatus: { fiscalDocumentNumber: 71, fiscalReceiptNumber: 7, warnings: { ...NO_WARNINGS, ...warnings } },
})

export const fnInfo = (more: object = {}) => ({
  fnInfo: {
    serial: FN,
    version: 'fn 1.2',
    execution: 'Ин36-1М',
    livePhase: 'fiscalMode',
    validityDate: '2028-02-22T00:00:00+03:00',
    numberOfRegistrations: 1,
    registrationsRemaining: 29,
    ffdVersion: '1.2',
    fnFfdVersion: '1.2',
    warnings: NO_WARNINGS,
    ...more,
  },
})

export const exchangeStatus = (more: object = {}) => ({
  notSentCount: 2,
  notSentFirstDocNumber: 70,
  notSentFirstDocDateTime: '2026-11-22T16:40:00+03:00',
  lastSuccessKeysUpdate: AT,
  ...more,
})

export const ofOperation = (count: number, sum: number, payments: object = {}) => ({
  count,
  sum,
  payments: { cash: 0, electronically: 0, prepaid: 0, credit: 0, other: 0, ...payments },
})

export const shiftTotals = (more: object = {}, receipts: object = {}) => ({
  shiftTotals: {
    shiftNumber: 12,
    receipts: {
      sell: ofOperation(2, 2500.1, { cash: 1250.1, electronically: 1250 }),
      sellReturn: ofOperation(1, 0.3, { cash: 0.1 + 0.2 }),
      buy: ofOperation(0, 0),
      buyReturn: ofOperation(0, 0),
      ...receipts,
    },
    income: { sum: 100, count: 1 },
    outcome: { sum: 0, count: 0 },
    cashDrawer: { sum: 1349.8 },
    ...more,
  },
})

/** The counters of cash after tasks of these types. */
export function shiftTotalsAfter(done: readonly string[]) {
  const times = (type: string) => done.filter((one) => one === type).length
  return shiftTotals({ income: { sum: 100, count: 1 + times('cashIn') }, outcome: { sum: 0, count: times('cashOut') } })
}

/** Entries of a request's tasks. */
export const failed = (code: number, description = `Ошибка ${code}`) => ({
  status: 'error',
  error: { code, description },
  result: null,
})
export const ready = (result: object) => ({ status: 'ready', error: { code: 0, description: 'Ошибок нет' }, result })
export const INTERRUPTED = { status: 'interrupted', error: null, result: null }
