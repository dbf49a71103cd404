import { integer, oneOf, seconds } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import type { Cashier } from './domain/customer.ts'
import type { TillDefaults } from './domain/filled_in.ts'
import { said } from './domain/said.ts'
import { TAXATION_SYSTEMS } from './domain/taxation.ts'
import { cashierFields } from './http/receipt_body/people.ts'
import { fields as ofReceipt } from './http/receipt_schema.ts'

/** Tags 1214, 1212 and 2108 of an item for which nobody says them. */
const OF_ITEMS = { paymentMethod: 'full_payment', paymentObject: 'commodity', measure: 'piece' } as const

/** A field of a receipt as a setting: its message says which values it takes. */
const takes = (field: z.ZodType<string>) =>
  z.string().transform((value, context) => {
    const read = field.safeParse(value)
    if (read.success) return read.data
    for (const { message } of read.error.issues) context.addIssue(message.replace(/^must be/, 'takes'))
    return z.NEVER
  })

/** The settings of the tills' receipts. */
export const tillVariables = {
  TILLS_FILE: z.string().optional(),
  TAXATION_SYSTEM: oneOf(TAXATION_SYSTEMS).optional(),
  CASHIER_NAME: takes(cashierFields.name).optional(),
  CASHIER_INN: takes(cashierFields.inn).optional(),
  PLACE: takes(ofReceipt.shape.place.unwrap()).optional(),
  ADDRESS: takes(ofReceipt.shape.address.unwrap()).optional(),
  SENDER_EMAIL: takes(ofReceipt.shape.sender_email.unwrap()).optional(),
  TWIN_WINDOW: seconds({ min: 0, max: 3600 }).prefault('60'),
  REFUND_REQUIRES_SYNCED: oneOf(['true', 'false']).default('false'),
  SHIFT_CLOSE_AT: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'takes a time of day in KKT_TIMEZONE, from 00:00 to 23:59')
    .optional(),
  RECEIPTS_KEPT_DAYS: integer({ min: 1, max: 3650 }).prefault('400'),
}

type Variables = z.output<z.ZodObject<typeof tillVariables>>

/** The settings of each till that has none of its own. */
export const usualDefaults = (v: Variables): TillDefaults => ({
  ofReceipt: said({
    taxationSystem: v.TAXATION_SYSTEM,
    cashier: cashierOf(v),
    place: v.PLACE,
    address: v.ADDRESS,
    senderEmail: v.SENDER_EMAIL,
  }),
  ofItems: OF_ITEMS,
})

function cashierOf({ CASHIER_NAME: name, CASHIER_INN: inn }: Variables): Cashier | undefined {
  if (name === undefined) return undefined
  return inn === undefined ? { name } : { name, inn }
}

/** Contradictions as config.ts tells them. */
export function* tillContradictions(
  v: Variables & { RETENTION_DAYS: number },
): Generator<['CASHIER_NAME' | 'RECEIPTS_KEPT_DAYS', string]> {
  const { CASHIER_NAME, CASHIER_INN, RECEIPTS_KEPT_DAYS, RETENTION_DAYS } = v
  if (CASHIER_INN !== undefined && CASHIER_NAME === undefined) {
    yield ['CASHIER_NAME', 'takes the name of the cashier whose INN is CASHIER_INN']
  }
  if (RECEIPTS_KEPT_DAYS < RETENTION_DAYS) {
    yield ['RECEIPTS_KEPT_DAYS', `takes at least RETENTION_DAYS, which is ${RETENTION_DAYS}`]
  }
}
