/** A fiscal document, as the adapter's contract has it. */
import { z } from 'zod'
import { sellsOnRegister } from './under_test.ts'

const roubles = z.number().multipleOf(0.01)
/** In the KKT's zone, with its offset, in minutes. */
const localMinute = z.iso.datetime({ offset: true }).regex(/:00[+-]\d{2}:\d{2}$/)
/** An unsigned number of 32 bits. */
const fiscalSign = z
  .string()
  .regex(/^\d{1,10}$/)
  .refine((digits) => Number(digits) < 2 ** 32)

/** The part of a document that only its slip needs. Handmade documents may have none. */
const details = z.strictObject({
  operation: z.enum(['sale', 'refund', 'buy', 'buy_refund']),
  registration_number: z.string().regex(/^\d{16}$/),
  serial_number: z.string().min(1),
  seller: z.strictObject({ name: z.string().min(1), inn: z.string().regex(/^(\d{10}|\d{12})$/) }),
  address: z.string().nullable(),
  place: z.string().nullable(),
  taxation_system: z.enum(['osn', 'usn_income', 'usn_income_outcome', 'esn', 'patent']),
  cashier: z.strictObject({ name: z.string(), inn: z.string().optional() }).nullable(),
  vat_sums: z.array(z.strictObject({ vat: z.string(), sum: roubles })),
  payments: z.array(z.strictObject({ type: z.enum(['cash', 'card', 'prepaid', 'credit', 'other']), amount: roubles })),
  change: roubles,
  ffd_version: z.literal('1.2'),
  fns_url: z.string().min(1),
  fiscal_instant: z.iso.datetime(),
})

export const fiscalDoc = z.strictObject({
  fiscal_doc_number: z.int().min(1),
  fiscal_sign: fiscalSign,
  fiscal_datetime: z.iso.datetime({ offset: true }),
  fn_number: z.string().regex(/^\d{16}$/),
  kkt_number: z.string().min(1),
  shift_number: z.int().min(1),
  receipt_number: z.int().min(1),
  total: roubles,
  qr_code_data: z.string().regex(/^t=\d{8}T\d{4}&s=\d+\.\d{2}&fn=\d{16}&i=\d+&fp=\d{1,10}&n=[1-4]$/),
  ...details.partial().shape,
  correction: z.literal(true).optional(),
})
export type FiscalDoc = z.infer<typeof fiscalDoc>
/** Tills are told where the KKT is the mock inside the adapter. For a register on the network the adapter cannot know. */
const mark = sellsOnRegister ? z.undefined().optional() : z.literal(true)
export const tillsDoc = fiscalDoc.extend({ ...details.shape, fiscal_datetime: localMinute, test: mark })
export type TillsFiscalDoc = z.infer<typeof tillsDoc>
