import { formatRoubles } from './money.ts'
import { OPERATION_TAGS } from './operation.ts'
import type { FiscalDoc, ReceiptContent } from './receipt.ts'

/** A receipt's document as a person reads it off the paper or in the OFD's cabinet. */
export type ToldDocument = Pick<
  FiscalDoc,
  'fdNumber' | 'fiscalSign' | 'fiscalDatetime' | 'shiftNumber' | 'receiptNumber'
>

/** The KKT and the FN that made it. */
type Maker = Pick<FiscalDoc, 'fnNumber' | 'kktNumber'>

type Sold = Pick<ReceiptContent, 'type' | 'totalKopecks'>

/** The document of a receipt, by what a person told of it. The KKT cannot be asked for it any more. */
export function documentOf(told: ToldDocument, { type, totalKopecks }: Sold, maker: Maker): FiscalDoc {
  // 2026-11-22T16:43:00+03:00 is 20261122T1643 in the QR code.
  const minute = told.fiscalDatetime.slice(0, 'yyyy-mm-ddThh:mm'.length).replaceAll(/[-:]/g, '')
  const numbers = `fn=${maker.fnNumber}&i=${told.fdNumber}&fp=${told.fiscalSign}&n=${OPERATION_TAGS[type]}`
  return { ...told, ...maker, totalKopecks, qrCodeData: `t=${minute}&s=${formatRoubles(totalKopecks)}&${numbers}` }
}
