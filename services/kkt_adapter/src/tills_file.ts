import { lineOfJsonFault } from '@kkt/platform/json_fault.ts'
import { readInWords } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import type { TillDefaults } from './domain/filled_in.ts'
import { MEASURES, PAYMENT_METHODS, PAYMENT_OBJECTS } from './domain/item.ts'
import { readableText } from './domain/readable_text.ts'
import { TAXATION_SYSTEMS } from './domain/taxation.ts'

/** An operator mends a few faults at a time. */
const MOST_FAULTS = 5

const mustBeInn = 'must be 12 digits'
const mustBeEmail = 'must be an e-mail address of at most 64 characters'

/** The limits of the tags 1021, 1203, 1187, 1009 and 1117. */
export const SETTING_FIELDS = {
  cashierName: readableText(64),
  cashierInn: z.string(mustBeInn).regex(/^\d{12}$/, mustBeInn),
  place: readableText(256),
  address: readableText(256),
  senderEmail: z
    .string(mustBeEmail)
    .max(64, mustBeEmail)
    .regex(/^[^\s@]+@[^\s@]+$/, mustBeEmail),
}

/** The settings that an entry of the file says. */
export type Entry = TillDefaults

const entry = z
  .strictObject({
    taxation_system: z.enum(TAXATION_SYSTEMS).optional(),
    cashier: z.strictObject({ name: SETTING_FIELDS.cashierName, inn: SETTING_FIELDS.cashierInn.optional() }).optional(),
    place: SETTING_FIELDS.place.optional(),
    address: SETTING_FIELDS.address.optional(),
    sender_email: SETTING_FIELDS.senderEmail.optional(),
    payment_method: z.enum(PAYMENT_METHODS).optional(),
    payment_object: z.enum(PAYMENT_OBJECTS).optional(),
    measure: z.enum(MEASURES).optional(),
  })
  .transform(
    (said): Entry => ({
      ofReceipt: said2({
        taxationSystem: said.taxation_system,
        cashier: said.cashier && said2(said.cashier),
        place: said.place,
        address: said.address,
        senderEmail: said.sender_email,
      }),
      ofItems: said2({
        paymentMethod: said.payment_method,
        paymentObject: said.payment_object,
        measure: said.measure,
      }),
    }),
  )
