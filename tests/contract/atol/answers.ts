import { z } from 'zod'
import { namesOf, TAXATIONS } from './words.ts'

/** The answers of the wire. Objects are strict, so that a wrong name is seen as well as a wrong type. */

export const wireError = z.strictObject({ code: z.int(), description: z.string().min(1) })

/** The body of an answer that is no success. */
export const httpError = z.strictObject({ error: wireError })

/** In success the code is 0. */
const noError = z.strictObject({ code: z.literal(0), description: z.string() }).nullable()
const someError = wireError.refine(({ code }) => code !== 0, 'an error has a code other than 0')

const TASK_ENDS = ['error', 'blocked'] as const
const TASK_GOES = ['wait', 'inProgress', 'ready', 'interrupted', 'canceled'] as const

/** Where the driver says that it opened the shift by itself. Both places are read. */
const taskWarnings = z.strictObject({ shiftAutoOpened: z.boolean().optional() }).optional()

export const taskResult = z.union([
  z.strictObject({
    status: z.enum(TASK_ENDS),
    error: someError,
    result: z.unknown().optional(),
    warnings: taskWarnings,
  }),
  // A task that waits, runs or never ran has no error of its own; an interrupted one may say 502.
  z.strictObject({
    status: z.enum(TASK_GOES),
    error: z.union([noError, wireError]).optional(),
    result: z.unknown().optional(),
    warnings: taskWarnings,
  }),
])
export type TaskResult = z.infer<typeof taskResult>

export const requestResult = z.strictObject({ results: z.array(taskResult).min(1) })

export const requestAdded = z.strictObject({
  number: z.int().nonnegative(),
  uuid: z.string().min(8),
  isBlocked: z.boolean(),
  blockedUUID: z.string().optional(),
})

export const queueStatus = z.strictObject({
  number: z.int().nonnegative(),
  canceled: z.int().nonnegative(),
  ready: z.int().nonnegative(),
  isBlocked: z.boolean(),
  blockReason: z.enum(['', 'paperError', 'connectionError', 'fnError']).optional(),
  blockedUUID: z.string().optional(),
})

/** The body of a callback. */
export const callback = z.strictObject({ uuid: z.string().min(8), results: z.array(taskResult).min(1) })

export const serverInfo = z.strictObject({
  serverVersion: z.string().min(1),
  driverVersion: z.string().min(1),
  os: z.string().min(1),
  currentDateTime: z.string().min(1),
})

export const serverSettings = z.strictObject({
  scriptsPath: z.string(),
  invertCashDrawerStatus: z.boolean(),
  additionalHeaderLines: z.string(),
  additionalFooterLines: z.string(),
  blockQueueOnPrintErrors: z.boolean(),
  /** In minutes. */
  deleteRequestsAfter: z.int().positive(),
  validateRequestsOnAdd: z.boolean(),
})

/** Its connection has more fields than are named here, by model and port. */
export const device = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,16}$/),
  name: z.string(),
  connectionSettings: z.looseObject({
    model: z.int(),
    port: z.enum(['usb', 'com', 'tcp', 'bluetooth']),
  }),
  isActive: z.boolean(),
  isDefault: z.boolean(),
})

/** The KKT's clock has no fractions, and its answers name the offset. */
export const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/)
/** The FN keeps minutes. */
const documentTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00[+-]\d\d:\d\d$/)
/** Roubles with whole kopecks. */
export const roubles = z
  .number()
  .nonnegative()
  .refine((sum) => Math.abs(sum * 100 - Math.round(sum * 100)) < 1e-6, 'whole kopecks')
export const fnNumber = z.string().regex(/^\d{16}$/)
export const registrationNumber = z.string().regex(/^\d{16}$/)
const sign = z
  .string()
  .regex(/^\d{1,10}$/)
  .refine((digits) => Number(digits) < 2 ** 32, 'the sign has four bytes')
const count = z.int().nonnegative()

const ofDocument = {
  fiscalDocumentNumber: z.int().positive(),
  fiscalDocumentSign: sign,
  fiscalDocumentDateTime: documentTime,
  shiftNumber: count,
  fnNumber,
  registrationNumber,
  fnsUrl: z.string().min(1),
}

export const warnings = z.strictObject({
  notPrinted: z.boolean(),
  nonFiscal: z.boolean().optional(),
  recovered: z.boolean().optional(),
  shiftAutoOpened: z.boolean().optional(),
})

export const receiptResult = z.strictObject({
  fiscalParams: z.strictObject({ ...ofDocument, fiscalReceiptNumber: count, total: roubles }),
  warnings: warnings.optional(),
  validateMarks: z.unknown().optional(),
})

export const openShiftResult = z.strictObject({
  fiscalParams: z.strictObject(ofDocument),
  warnings: warnings.optional(),
})

export const closeShiftResult = z.strictObject({
  fiscalParams: z.strictObject({ ...ofDocument, receiptsCount: count }),
  warnings: warnings.optional(),
})

export const cashResult = z.strictObject({
  counters: z.strictObject({ cashSum: roubles }),
  warnings: warnings.optional(),
})

const codeAndWords = z.strictObject({ code: z.int(), description: z.string() })

export const exchangeStatus = z.strictObject({
  notSentCount: count,
  notSentFirstDocNumber: count,
  notSentFirstDocDateTime: time.optional(),
  lastSuccessKeysUpdate: time.optional(),
})

export const exchangeErrors = z.strictObject({
  fnCommandCode: z.int(),
  documentNumber: count,
  fn: codeAndWords,
  network: codeAndWords,
  ofd: codeAndWords,
  lastSuccessConnectionDateTime: time.optional(),
})

/** The document, beside the same status as `ofdExchangeStatus` tells. */
export const exchangeReportResult = z.strictObject({
  fiscalParams: z.looseObject(ofDocument),
  status: exchangeStatus.optional(),
  errors: exchangeErrors.optional(),
  warnings: warnings.optional(),
})

export const taxation = z.enum(namesOf(TAXATIONS))
