/** A receipt's content: as the adapter and the OFD's document show it, and as a till sends it. */
import { z } from 'zod'

const roubles = z.number().multipleOf(0.01)
const text = z.string().min(1)
const inn = z.string().regex(/^(\d{10}|\d{12})$/)
const phones = z.array(text)

export const OPERATIONS = ['sale', 'refund', 'buy', 'buy_refund'] as const
export const PAYMENT_TYPES = ['cash', 'card', 'prepaid', 'credit', 'other'] as const
const vat = z.string().regex(/^(none|vat(0|5|7|10|20|22|105|107|110|120|122))$/)

const agent = z.strictObject({
  type: text,
  phones: phones.optional(),
  operation: text.optional(),
  receiver_phones: phones.optional(),
  transfer_operator: z
    .strictObject({ phones: phones.optional(), name: text.optional(), address: text.optional(), inn: inn.optional() })
    .optional(),
})

const sector = z.strictObject({ body: text, date: z.iso.date(), number: text, value: text })

const itemFields = {
  name: text,
  price: roubles,
  quantity: z.number().positive(),
  total: roubles,
  vat_rate: z.number().nullable().optional(),
  payment_method: text.optional(),
  payment_object: text.optional(),
  measure: text.optional(),
  marking_code: text.optional(),
  marking_status: text.optional(),
  fraction: text.optional(),
  agent: agent.optional(),
  supplier: z.strictObject({ phones: phones.optional(), name: text.optional(), inn: inn.optional() }).optional(),
  excise: roubles.optional(),
  country: text.optional(),
  declaration: text.optional(),
  attribute: text.optional(),
  sector: z.array(sector).optional(),
}

/** An item as it is shown: its VAT rate has a name. */
const shownItem = z.strictObject({ ...itemFields, vat })
const sentItem = z.strictObject({ ...itemFields, vat: vat.optional() })

const original = z.strictObject({
  receipt_id: z.guid().optional(),
  fn: text.optional(),
  fd: z.int().min(1).optional(),
  fpd: text.optional(),
})

const cashier = z.strictObject({ name: text, inn: inn.optional() })

/** The fields that are alike in both. */
const alike = {
  type: z.enum(OPERATIONS),
  payments: z.array(z.strictObject({ type: z.enum(PAYMENT_TYPES), amount: roubles })),
  correction: z
    .strictObject({ type: z.enum(['self', 'instruction']), date: z.iso.date(), number: text.optional() })
    .optional(),
  corrects: original.optional(),
  refund_of: original.optional(),
  taxation_system: text.optional(),
  cashier: cashier.optional(),
  customer: z
    .strictObject({ email: text.optional(), phone: text.optional(), name: text.optional(), inn: inn.optional() })
    .optional(),
  internet: z.boolean().optional(),
  place: text.optional(),
  address: text.optional(),
  electronic: z.boolean().optional(),
  attribute: text.optional(),
  user_attribute: z.strictObject({ name: text, value: text }).optional(),
  sender_email: text.optional(),
}

/** The accepted content, completed by the till's settings. */
export const content = z.strictObject({ ...alike, items: z.array(shownItem).min(1), total: roubles })
export type Content = z.infer<typeof content>
export type ShownItem = z.infer<typeof shownItem>

/** The content of a document at the OFD. One that a test has made by hand may leave out the rate's name. */
export const documentContent = content.extend({ items: z.array(sentItem).min(1) })
export type DocumentContent = z.infer<typeof documentContent>

const body = z.strictObject({ pos_id: text, ...alike, items: z.array(sentItem).min(1), total: roubles.optional() })
/** The words of a till. */
export type Body = z.infer<typeof body>
export type SentItem = z.infer<typeof sentItem>
