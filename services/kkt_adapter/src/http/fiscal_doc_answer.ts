import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { OPERATIONS } from '../domain/operation.ts'
import { PAYMENT_TYPES } from '../domain/payment.ts'
import { TAXATION_SYSTEMS } from '../domain/taxation.ts'
import { VATS } from '../domain/vat.ts'

const text = (description: string) => z.string().meta({ description })
const money = (description: string) => z.number().meta({ description: `${description}, in roubles` })

export const paidPart = z.object({
  type: z.enum(PAYMENT_TYPES).meta({ description: 'The way of paying (tags 1031, 1081, 1215, 1216, 1217)' }),
  amount: money('The sum paid in this way'),
})

export const cashierPart = z.object({
  name: text("The cashier's surname and post (tag 1021)"),
  inn: text("The cashier's INN (tag 1203)").optional(),
})

/** Documents that earlier versions recorded have none of these. */
const details = z
  .object({
    operation: z.enum(OPERATIONS).meta({ description: 'The operation (tag 1054)' }),
    correction: z
      .literal(true)
      .meta({ description: 'It is a correction of that operation. Absent in other documents' }),
    registration_number: text('The registration number of the KKT (РНМ, tag 1037)'),
    serial_number: text("The KKT's serial number (ЗН, tag 1013)"),
    seller: z
      .object({ name: text("The seller's name (tag 1048)"), inn: text("The seller's INN (tag 1018)") })
      .meta({ description: 'The user of the KKT' }),
    address: z.string().nullable().meta({ description: 'The address of the settlement (tag 1009)' }),
    place: z.string().nullable().meta({ description: 'The place of the settlement (tag 1187)' }),
    taxation_system: z.enum(TAXATION_SYSTEMS).meta({ description: 'The taxation system (tag 1055)' }),
    cashier: cashierPart.nullable().meta({ description: 'The cashier. Null: the document names none' }),
    vat_sums: z
      .array(z.object({ vat: z.enum(VATS).meta({ description: 'The rate (tag 1199)' }), sum: money('Its sum') }))
      .meta({ description: 'The tax by rate (tags 1102 to 1107). For `none` and `vat0` it is the turnover' }),
    payments: z.array(paidPart).meta({ description: 'One per way of paying, the change taken off the cash' }),
    change: money('The change'),
    ffd_version: text("The version of the documents' format (tag 1209)"),
    fns_url: text("The tax service's site (tag 1060)"),
    fiscal_instant: z.iso.datetime().meta({ description: 'The time of `fiscal_datetime`, in UTC' }),
  })
  .partial()

export const fiscalDoc = z
  .object({
    fiscal_doc_number: whole.meta({ description: "The document's number (FD), counted by the FN: 1, 2, 3…" }),
    fiscal_sign: z
      .string()
      .regex(/^\d{1,10}$/)
      .meta({ description: "The FN's signature of the document (FPD)" }),
    fiscal_datetime: z.iso
      .datetime({ offset: true })
      .meta({ description: "By the KKT's clock, in its own zone, with the offset" }),
    fn_number: z
      .string()
      .regex(/^\d{16}$/)
      .meta({ description: 'The number of the fiscal memory' }),
    kkt_number: text('The number of the cash register'),
    shift_number: whole.meta({ description: 'The number of the shift' }),
    receipt_number: whole.meta({ description: 'Counted within the shift' }),
    total: money("The receipt's sum"),
    qr_code_data: text("The text of the receipt's QR code"),
    ...details.shape,
    test: z
      .literal(true)
      .optional()
      .meta({ description: 'A mock KKT made it: it is no fiscal document. A real KKT leaves this out' }),
  })
  .meta({ id: 'FiscalDocument' })
