import { z } from 'zod'
import type { Cashier, Customer } from '../../domain/customer.ts'
import { readableText } from '../../domain/readable_text.ts'
import { digits, email, inn, inWords, phone } from './fields.ts'

const MAX_CASHIER_CHARACTERS = 64
const MAX_CUSTOMER_CHARACTERS = 256

export const cashierFields = {
  name: readableText(MAX_CASHIER_CHARACTERS).meta({ description: "The cashier's surname and post (tag 1021)" }),
  inn: digits(/^[0-9]{12}$/, [12], "The cashier's INN (tag 1203)"),
}

export const cashier: z.ZodType<Cashier> = z
  .strictObject({ name: cashierFields.name, inn: cashierFields.inn.exactOptional() })
  .meta({ id: 'Cashier' })

export const customer = z
  .strictObject({
    email: email('Where the receipt goes (tag 1008). Not beside `phone`').exactOptional(),
    phone: phone('Where the receipt goes (tag 1008). Not beside `email`').exactOptional(),
    name: readableText(MAX_CUSTOMER_CHARACTERS)
      .meta({ description: 'The company or person that buys (tag 1227)' })
      .exactOptional(),
    inn: inn("The customer's INN (tag 1228)").exactOptional(),
  })
  .transform(({ email, phone, ...named }, context): Customer => {
    if (email === undefined) return phone === undefined ? named : { phone, ...named }
    if (phone === undefined) return { email, ...named }
    context.addIssue({ code: 'custom', path: ['phone'], message: inWords((words) => words.phoneBesideEmail()) })
    return z.NEVER
  })
  .meta({ id: 'Customer' })
