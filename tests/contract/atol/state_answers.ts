import { z } from 'zod'
import { exchangeErrors, exchangeStatus, fnNumber, registrationNumber, roubles, taxation, time } from './answers.ts'

/** The results of tasks and queries that only ask. */

const count = z.int().nonnegative()
const ffd = z.enum(['1.05', '1.1', '1.2'])
const shiftState = z.enum(['closed', 'opened', 'expired'])

export const deviceInfo = z.strictObject({
  deviceInfo: z.looseObject({
    model: z.int(),
    modelName: z.string().min(1),
    serial: z.string().min(1).max(20),
    firmwareVersion: z.string().min(1),
    configurationVersion: z.string().min(1),
    ffdVersion: ffd,
    fnFfdVersion: ffd,
    receiptLineLength: z.int().positive(),
    receiptLineLengthPix: z.int().positive(),
  }),
})

export const deviceStatus = z.strictObject({
  deviceStatus: z.strictObject({
    blocked: z.boolean(),
    coverOpened: z.boolean(),
    currentDateTime: time,
    fiscal: z.boolean(),
    fnFiscal: z.boolean(),
    fnPresent: z.boolean(),
    paperPresent: z.boolean(),
    cashDrawerOpened: z.boolean(),
    shift: shiftState,
  }),
})

/** The books say `expiredAt`, the driver `expiredTime`. */
export const shiftStatus = z.strictObject({
  shiftStatus: z
    .strictObject({
      state: shiftState,
      number: count,
      expiredTime: time.optional(),
      expiredAt: time.optional(),
      documentsCount: count.optional(),
    })
    .refine(
      ({ state, expiredTime, expiredAt }) => state === 'closed' || (expiredTime ?? expiredAt) !== undefined,
      'a shift that is open says when it expires',
    ),
})

/** The till's own kinds are counted from 5, as they are in a payment. */
const payments = z.strictObject({
  cash: roubles,
  electronically: roubles,
  prepaid: roubles,
  credit: roubles,
  other: roubles,
  'userPaymentType-5': roubles.optional(),
  'userPaymentType-6': roubles.optional(),
  'userPaymentType-7': roubles.optional(),
  'userPaymentType-8': roubles.optional(),
  'userPaymentType-9': roubles.optional(),
})
const ofOperation = z.looseObject({ sum: roubles, payments })
/** The driver tells corrections as well. */
const receipts = z.looseObject({
  sell: ofOperation,
  sellReturn: ofOperation,
  buy: ofOperation,
  buyReturn: ofOperation,
})
const sumAndCount = z.strictObject({ sum: roubles, count })

/** The books have other names for the same, which may stand beside these. */
export const shiftTotals = z.strictObject({
  shiftTotals: z.looseObject({
    shiftNumber: count,
    receipts,
    income: sumAndCount,
    outcome: sumAndCount,
    cashDrawer: z.strictObject({ sum: roubles }),
  }),
})

export const overallTotals = z.strictObject({ overallTotals: z.looseObject({ receipts }) })
export const incomeTotals = z.strictObject({ incomeTotals: sumAndCount })
export const outcomeTotals = z.strictObject({ outcomeTotals: sumAndCount })
export const receiptTotals = z.strictObject({ receiptTotals: z.looseObject({ payments: z.looseObject({}) }) })

const fnWarnings = z.strictObject({
  criticalError: z.boolean(),
  memoryOverflow: z.boolean(),
  needReplacement: z.boolean(),
  ofdTimeout: z.boolean(),
  resourceExhausted: z.boolean(),
})

export const fnStatus = z.strictObject({
  fnStatus: z.strictObject({
    fiscalDocumentNumber: count,
    fiscalReceiptNumber: count,
    warnings: fnWarnings,
  }),
})

export const fnInfo = z.strictObject({
  fnInfo: z.looseObject({
    serial: fnNumber,
    version: z.string(),
    execution: z.string(),
    livePhase: z.enum(['init', 'configured', 'fiscalMode', 'postFiscalMode', 'accessArchive']),
    validityDate: time,
    numberOfRegistrations: count,
    registrationsRemaining: count,
    ffdVersion: ffd,
    fnFfdVersion: ffd,
    warnings: fnWarnings,
  }),
})

/** The query routes: the books nest three of the fields. */
export const queriedFnInfo = z.union([
  fnInfo,
  z.strictObject({
    fnInfo: z.looseObject({
      serial: fnNumber,
      livePhase: z.string(),
      ffdVersion: ffd,
      fnFfdVersion: ffd,
      validity: z.strictObject({ validityDate: time, numberOfRegistrations: count, registrationsRemaining: count }),
      warnings: fnWarnings,
    }),
  }),
])

/** As a task. The query route wraps the same otherwise. */
export const ofdExchangeStatus = z.strictObject({
  status: exchangeStatus,
  errors: exchangeErrors,
  warnings: z.looseObject({}),
})
export const queriedOfdExchange = z.strictObject({
  ofdExchangeStatus: exchangeStatus,
  ofdExchangeErrors: exchangeErrors,
})

const flag = z.boolean()

export const registrationInfo = z.strictObject({
  organization: z.strictObject({
    name: z.string().min(1),
    vatin: z.string().regex(/^(\d{10}|\d{12})$/),
    email: z.string(),
    address: z.string().min(1),
    taxationTypes: z.array(taxation).min(1),
    agents: z.array(z.string()),
  }),
  device: z.looseObject({
    registrationNumber,
    fnsUrl: z.string().min(1),
    offlineMode: flag,
    internet: flag,
    service: flag,
    excise: flag,
    gambling: flag,
    lottery: flag,
    marking: flag,
    insurance: flag,
    pawnShop: flag,
    machineInstallation: flag,
    machineNumber: z.string(),
    autoMode: flag,
    bso: flag,
    encryption: flag,
    paymentsAddress: z.string().min(1),
    defaultTaxationType: z.string().min(1),
    ofdChannel: z.string().min(1),
    ffdVersion: ffd,
  }),
  ofd: z.strictObject({
    name: z.string().min(1),
    vatin: z.string().min(10),
    host: z.string().min(1),
    port: z.int().positive(),
    dns: z.string(),
  }),
  ism: z.looseObject({}).optional(),
})

export const DOCUMENT_KINDS = [
  'registration',
  'openShift',
  'receipt',
  'receiptCorrection',
  'closeShift',
  'ofdExchangeStatus',
] as const

/** A tag's value depends on the tag, so the fixtures name the values. Keys are tags. */
export const fnDocument = z.strictObject({
  fiscalDocumentType: z.enum(DOCUMENT_KINDS),
  short: z.boolean(),
  qr: z.string().startsWith('t=').optional(),
  documentTLV: z.looseObject({
    '1012': z.string().min(1),
    '1040': z.int().positive(),
    '1077': z.string().regex(/^[0-9a-fA-F]{12}$/),
  }),
  rawData: z.string().optional(),
})

export const cashDrawerStatus = z.looseObject({
  cashDrawerStatus: z.looseObject({ cashDrawerOpened: z.boolean() }),
  counters: z.looseObject({ cashSum: roubles }).optional(),
})

/** Their contents beyond the wrapping are not told for the product's use. */
export const ismExchangeStatus = z.looseObject({})
export const licenses = z.looseObject({})
export const deviceSettings = z.looseObject({})
