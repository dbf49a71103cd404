import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { said } from '../domain/said.ts'
import { FN_FLAG_NAMES, SHIFT_DOCUMENTS, type ShiftDocument } from '../domain/shift.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { cashierPart, fiscalDoc } from './fiscal_doc_answer.ts'

const text = (description: string) => z.string().meta({ description })
const { fiscal_doc_number, fiscal_sign, fiscal_datetime, fn_number, kkt_number, shift_number, seller } = fiscalDoc.shape

/** The document of a shift's opening or closing, as clients get it. */
export const shiftDocument = z
  .object({
    kind: z.enum(SHIFT_DOCUMENTS).meta({ description: 'The document of an opening, or of a closing (tag 1000)' }),
    fiscal_doc_number,
    fiscal_sign,
    fiscal_datetime,
    fn_number,
    kkt_number,
    shift_number,
    registration_number: text('The registration number of the KKT (РНМ, tag 1037)'),
    serial_number: text("The KKT's serial number (ЗН, tag 1013)"),
    seller: seller.unwrap(),
    address: text('The address of the settlement (tag 1009)'),
    place: text('The place of the settlement (tag 1187)'),
    cashier: cashierPart.nullable().meta({ description: 'The cashier. Null: the document names none' }),
    ffd_version: text("The version of the documents' format (tag 1209)"),
    fns_url: text("The tax service's site (tag 1060)"),
    receipt_count: whole.optional().meta({ description: 'The receipts of the shift (tag 1118). Of a closing only' }),
    document_count: whole
      .optional()
      .meta({ description: 'The documents of the shift, its own two included (tag 1111). Of a closing only' }),
    unsent_count: whole.meta({ description: 'Documents in the FN that the OFD has not confirmed (tag 1097)' }),
    unsent_since: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'The time of the first of them (tag 1098). Null where there is none' }),
    fn_flags: z.array(z.enum(FN_FLAG_NAMES)).meta({ description: "The FN's warnings (tags 1050 to 1053)" }),
    fiscal_instant: z.iso.datetime().meta({ description: 'The time of `fiscal_datetime`, in UTC' }),
    test: fiscalDoc.shape.test,
  })
  .meta({ id: 'ShiftDocument' })

export const toWireShiftDocument = (
  doc: ShiftDocument,
  { isMock }: Pick<KktDriver, 'isMock'>,
): z.input<typeof shiftDocument> =>
  said({
    kind: doc.kind,
    fiscal_doc_number: doc.fdNumber,
    fiscal_sign: doc.fiscalSign,
    fiscal_datetime: doc.fiscalDatetime,
    fn_number: doc.fnNumber,
    kkt_number: doc.kktNumber,
    shift_number: doc.shiftNumber,
    registration_number: doc.registrationNumber,
    serial_number: doc.serialNumber,
    seller: doc.seller,
    address: doc.address,
    place: doc.place,
    cashier: doc.cashier,
    ffd_version: doc.ffdVersion,
    fns_url: doc.fnsUrl,
    receipt_count: doc.kind === 'shift_closing' ? doc.receiptCount : undefined,
    document_count: doc.kind === 'shift_closing' ? doc.documentCount : undefined,
    unsent_count: doc.unsent.count,
    unsent_since: isoOrNull(doc.unsent.sinceMs),
    fn_flags: doc.fnFlags,
    fiscal_instant: iso(doc.instantMs),
    test: isMock ? (true as const) : undefined,
  })
