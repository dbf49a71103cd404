import { oneOf } from '@kkt/platform/settings.ts'
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

/** A contradiction as config.ts tells it; null without one. */
export const lonelyInn = ({ CASHIER_NAME, CASHIER_INN }: Variables): ['CASHIER_NAME', string] | null =>
  CASHIER_INN !== undefined && CASHIER_NAME === undefined
    ? ['CASHIER_NAME', 'takes the name of the cashier whose INN is CASHIER_INN']
    : null
