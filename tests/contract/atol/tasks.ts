import { z } from 'zod'
import { cashier, isoDay, money, position, roublesOf, textLines } from './task_items.ts'
import { namesOf, OPERATIONS, OWN_PAYMENTS, PAYMENTS, TAXATIONS } from './words.ts'

/**
 * Every task that a driver may send: stricter than ATOL's driver, which ignores unknown fields, checks no length and takes a
 * missing paymentMethod for a full prepayment. Fields of documents are those of FFD 1.2.
 */

const payment = z.strictObject({
  type: z.union([
    z.enum(namesOf(PAYMENTS)),
    z.enum(Object.values(PAYMENTS).map(({ number }) => number)),
    z.enum(OWN_PAYMENTS),
  ]),
  sum: money,
})

const cashlessInfo = z.strictObject({
  sum: money,
  paymentMethod: z.int().nonnegative(),
  electronicallyId: z.string().min(1),
  electronicallyAddInfo: z.string().min(1).optional(),
})

const ofReceipt = {
  taxationType: z.enum(namesOf(TAXATIONS)),
  operator: cashier,
  electronically: z.boolean(),
  ignoreNonFiscalPrintErrors: z.boolean().optional(),
  internet: z.boolean().optional(),
  paymentsPlace: z.string().min(1).max(256).optional(),
  paymentsAddress: z.string().min(1).max(256).optional(),
  machineNumber: z.string().min(1).max(20).optional(),
  clientInfo: z
    .strictObject({
      emailOrPhone: z.string().min(1).max(64).optional(),
      name: z.string().min(1).max(256).optional(),
      vatin: z
        .string()
        .regex(/^(\d{10}|\d{12})$/)
        .optional(),
      birthDate: z
        .string()
        .regex(/^\d\d\.\d\d\.\d{4}$/)
        .optional(),
      citizenship: z
        .string()
        .regex(/^\d{3}$/)
        .optional(),
      identityDocumentCode: z
        .string()
        .regex(/^\d\d$/)
        .optional(),
      identityDocumentData: z.string().min(1).max(64).optional(),
      address: z.string().min(1).max(256).optional(),
    })
    .optional(),
  companyInfo: z.strictObject({ email: z.string().min(1).max(64) }).optional(),
  items: z
    .array(
      z.discriminatedUnion('type', [
        position,
        z.strictObject({
          type: z.literal('userAttribute'),
          name: z.string().min(1).max(64),
          value: z.string().min(1).max(256),
          print: z.boolean().optional(),
        }),
        z.strictObject({
          type: z.literal('additionalAttribute'),
          value: z.string().min(1).max(16),
          print: z.boolean().optional(),
        }),
        textLines,
      ]),
    )
    .min(1),
  payments: z.array(payment).min(1),
  paymentsAddInfo: z.array(cashlessInfo).min(1).optional(),
  total: money,
  validateMarkingCodes: z.boolean().optional(),
}

/** The arithmetic that the KKT, or the tax office, checks later. */
type Sums = z.infer<z.ZodObject<typeof ofReceipt>>
function checkSums({ items, payments, paymentsAddInfo, total, internet, clientInfo, paymentsPlace }: Sums): string[] {
  const positions = items.filter((item) => item.type === 'position')
  const ofItems = roublesOf(positions.map(({ amount }) => amount))
  const paid = (types: readonly string[]) =>
    roublesOf(payments.filter(({ type }) => types.includes(type)).map(({ sum }) => sum))
  const cash = paid(['cash', PAYMENTS.cash.number])
  const all = roublesOf(payments.map(({ sum }) => sum))
  const cashless = paid(['electronically', PAYMENTS.electronically.number])
  const kopecks = (sum: number) => Math.round(sum * 100)
  return [
    positions.length === 0 && 'a receipt has an item',
    positions.length > 100 && 'a receipt has at most 100 items',
    kopecks(total) > kopecks(ofItems) && 'the total is not above its items',
    kopecks(ofItems) - kopecks(total) > 99 && 'the total is rounded by 99 kopecks at most',
    kopecks(all) < kopecks(total) && 'the payments are not below the total (66)',
    kopecks(all) - kopecks(cash) > kopecks(total) && 'payments without cash are not above the total (52)',
    paymentsAddInfo &&
      kopecks(roublesOf(paymentsAddInfo.map(({ sum }) => sum))) !== kopecks(cashless) &&
      'the cashless payments are told in full',
    internet && !(clientInfo?.emailOrPhone && paymentsPlace) && 'the internet wants the buyer’s contact and the site',
  ].filter((problem) => typeof problem === 'string')
}

const sumsAgree = (task: Sums, { addIssue }: { addIssue(message: string): void }) => {
  for (const problem of checkSums(task)) addIssue(problem)
}

export const receiptTask = z.strictObject({ type: z.enum(namesOf(OPERATIONS)), ...ofReceipt }).superRefine(sumsAgree)

export const correctionTask = z
  .strictObject({
    type: z.enum(['sellCorrection', 'sellReturnCorrection', 'buyCorrection', 'buyReturnCorrection']),
    ...ofReceipt,
    correctionType: z.enum(['self', 'instruction']),
    correctionBaseDate: isoDay,
    correctionBaseNumber: z.string().max(32).optional(),
  })
  .superRefine(sumsAgree)
  .refine(
    ({ correctionType, correctionBaseNumber }) => correctionType === 'self' || correctionBaseNumber,
    'an order of the tax office has a number',
  )

const byCashier = { operator: cashier, electronically: z.boolean().optional() }

const oneOf = <const Type extends string>(...types: readonly Type[]) => z.strictObject({ type: z.enum(types) })

/** Each makes a document with an FD. */
const FISCAL = [
  receiptTask,
  correctionTask,
  z.strictObject({ type: z.enum(['openShift', 'closeShift']), ...byCashier }),
  z.strictObject({ type: z.literal('reportOfdExchangeStatus'), ...byCashier }),
] as const

const OTHER = [
  z.strictObject({ type: z.literal('reportX'), ...byCashier }),
  z.strictObject({ type: z.enum(['cashIn', 'cashOut']), cashSum: money, ...byCashier }),
  oneOf(
    'getDeviceStatus',
    'getDeviceInfo',
    'getShiftStatus',
    'getShiftTotals',
    'getOverallTotals',
    'getFnStatus',
    'getFnInfo',
    'getRegistrationInfo',
    'ofdExchangeStatus',
    'ismExchangeStatus',
    'getCashDrawerStatus',
    'continuePrint',
    'openCashDrawer',
  ),
  z.strictObject({ type: z.literal('printLastReceiptCopy'), operator: cashier.optional() }),
  z.strictObject({
    type: z.literal('getFnDocument'),
    fiscalDocumentNumber: z.int().positive(),
    withRawData: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('printFnDocument'), fiscalDocumentNumber: z.int().positive() }),
  z.strictObject({
    type: z.literal('setDateTime'),
    dateTime: z.string().regex(/^\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d$/),
  }),
  z.strictObject({ type: z.literal('nonFiscal'), items: z.array(textLines).min(1) }),
] as const

const fiscalTask = z.union(FISCAL)
export const driverTask = z.union([...FISCAL, ...OTHER])

/** The body of a driver's POST. The uuid is one by RFC, though the server takes other texts. */
export const driverRequest = z
  .strictObject({
    uuid: z.guid(),
    callbacks: z.strictObject({ resultUrl: z.url() }).optional(),
    request: z.array(driverTask).min(1),
  })
  .refine(
    ({ request }) => request.filter((task) => fiscalTask.safeParse(task).success).length <= 1,
    'never two fiscal documents in one request: after an error nobody could tell which was made',
  )
