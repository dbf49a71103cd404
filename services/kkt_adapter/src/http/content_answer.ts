/** The accepted content, as an answer shows it. `receipt_body/` has the same fields on their way in, with their limits. */
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { AGENT_TYPES } from '../domain/agent.ts'
import { CORRECTION_TYPES } from '../domain/correction.ts'
import { MEASURES, PAYMENT_METHODS, PAYMENT_OBJECTS } from '../domain/item.ts'
import { MARKING_STATUSES } from '../domain/marking.ts'
import { OPERATIONS } from '../domain/operation.ts'
import { TAXATION_SYSTEMS } from '../domain/taxation.ts'
import { VATS } from '../domain/vat.ts'
import { cashierPart, paidPart } from './fiscal_doc_answer.ts'

const text = (description: string) => z.string().meta({ description })
const money = (description: string) => z.number().meta({ description: `${description}, in roubles` })
const phones = (description: string) => z.array(z.string()).meta({ description })

const agent = z
  .object({
    type: z.enum(AGENT_TYPES).meta({ description: 'The kind of agent (tag 1222)' }),
    phones: phones("The agent's phones (tag 1073)").optional(),
    operation: text("The agent's operation (tag 1044)").optional(),
    receiver_phones: phones("The receiving operator's phones (tag 1074)").optional(),
    transfer_operator: z
      .object({
        phones: phones("The operator's phones (tag 1075)"),
        name: text("The operator's name (tag 1026)"),
        address: text("The operator's address (tag 1005)"),
        inn: text("The operator's INN (tag 1016)"),
      })
      .partial()
      .meta({ description: 'The operator that transfers the money' })
      .optional(),
  })
  .meta({ description: 'The agent that sells for a supplier' })

const supplier = z
  .object({
    phones: phones("The supplier's phones (tag 1171)"),
    name: text("The supplier's name (tag 1225)"),
    inn: text("The supplier's INN (tag 1226)"),
  })
  .partial()
  .meta({ description: 'The supplier behind an agent' })

const sector = z.object({
  body: text('The number of the authority (tag 1262)'),
  date: text("The day of the authority's act (tag 1263)"),
  number: text("The act's number (tag 1264)"),
  value: text('The value (tag 1265)'),
})

const item = z.object({
  name: text('The name on the receipt (tag 1030)'),
  price: money('The price of one unit (tag 1079)'),
  quantity: z.number().meta({ description: 'In units of the thing sold (tag 1023)' }),
  total: money("The item's sum (tag 1043)"),
  vat_rate: z
    .number()
    .nullable()
    .optional()
    .meta({ description: 'In percent. Null: without VAT. Absent: an inverted rate, which `vat` names' }),
  vat: z.enum(VATS).meta({ description: 'The VAT rate by its name (tag 1199)' }),
  payment_method: z.enum(PAYMENT_METHODS).optional().meta({ description: 'The way of settlement (tag 1214)' }),
  payment_object: z.enum(PAYMENT_OBJECTS).optional().meta({ description: 'The thing settled for (tag 1212)' }),
  measure: z.enum(MEASURES).optional().meta({ description: 'The unit of `quantity` (tag 2108)' }),
  marking_code: text('The marking code in base64 (tag 2000)').optional(),
  marking_status: z.enum(MARKING_STATUSES).optional().meta({ description: 'The planned status (tag 2003)' }),
  fraction: text('The sold part of a marked package (tag 1291)').optional(),
  agent: agent.optional(),
  supplier: supplier.optional(),
  excise: money('The excise in the price (tag 1229)').optional(),
  country: text('The number of the country of origin (tag 1230)').optional(),
  declaration: text('The number of the customs declaration (tag 1231)').optional(),
  attribute: text("The item's additional attribute (tag 1191)").optional(),
  sector: z.array(sector).optional().meta({ description: 'Attributes that authorities ask for (tag 1260)' }),
})

const original = z
  .object({
    receipt_id: text("The receipt's id"),
    fn: text('The number of the FN that holds it'),
    fd: whole.meta({ description: "The document's number (FD)" }),
    fpd: text("The document's sign (FPD)"),
  })
  .partial()

export const contentFields = {
  type: z.enum(OPERATIONS).meta({ description: 'The operation (tag 1054)' }),
  items: z.array(item).meta({ description: 'The things sold (tag 1059)' }),
  payments: z.array(paidPart).meta({ description: 'The ways of paying. Cash includes the change' }),
  total: money("The receipt's sum (tag 1020)"),
  correction: z
    .object({
      type: z.enum(CORRECTION_TYPES).meta({ description: "On one's own, or by an order of the tax office (tag 1173)" }),
      date: text('The day of the settlement that is corrected (tag 1178)'),
      number: text("The number of the tax office's order (tag 1179)").optional(),
    })
    .optional()
    .meta({ description: 'Absent where the receipt is no correction' }),
  corrects: original.optional().meta({ description: 'The document that is corrected (tag 1192)' }),
  refund_of: original.optional().meta({ description: 'The document whose goods come back (tag 1192)' }),
  taxation_system: z.enum(TAXATION_SYSTEMS).optional().meta({ description: 'The taxation system (tag 1055)' }),
  cashier: cashierPart.optional().meta({ description: 'The cashier' }),
  customer: z
    .object({
      email: text('Where the receipt goes (tag 1008)'),
      phone: text('Where the receipt goes (tag 1008)'),
      name: text('The company or person that buys (tag 1227)'),
      inn: text("The customer's INN (tag 1228)"),
    })
    .partial()
    .optional()
    .meta({ description: 'The buyer, as far as the receipt names one' }),
  internet: z.boolean().optional().meta({ description: 'The settlement is on the internet (tag 1125)' }),
  place: text('The place of the settlement (tag 1187)').optional(),
  address: text('The address of the settlement (tag 1009)').optional(),
  electronic: z.boolean().optional().meta({ description: 'No paper' }),
  attribute: text("The receipt's additional attribute (tag 1192)").optional(),
  user_attribute: z
    .object({ name: text('Its name (tag 1085)'), value: text('Its value (tag 1086)') })
    .optional()
    .meta({ description: "The user's own attribute of the receipt (tag 1084)" }),
  sender_email: text('The sender of electronic receipts (tag 1117)').optional(),
}
