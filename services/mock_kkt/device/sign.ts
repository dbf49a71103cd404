import { hash } from 'node:crypto'
import { formatRoubles } from '@kkt/adapter/src/domain/money.ts'
import { OPERATION_TAGS } from '@kkt/adapter/src/domain/operation.ts'
import type { FiscalDoc, ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { detailsOf } from './details.ts'
import type { DocumentTime } from './document_time.ts'
import type { Signed, ToFile } from './documents.ts'
import type { Fn } from './fiscal_memory.ts'
import type { Registration } from './registration.ts'

/** Of the digest, the sign has the first 32 bits. */
const SIGN_HEX_DIGITS = 8

type ToSign = {
  fdNumber: number
  shiftNumber: number
  time: DocumentTime
  fn: Fn
  registration: Registration
  kktNumber: string
}

/**
 * Numbers and signs a document.
 * @param signed the parts that the signature covers beside the document's numbers and time
 */
export function sign(toSign: ToSign, ...signed: readonly (string | number)[]): Signed {
  const { fdNumber, shiftNumber, time, fn, kktNumber } = toSign
  const { fiscalDatetime } = time
  const text = [fn.signingKey, fn.fnNumber, fdNumber, fiscalDatetime, ...signed].join('|')
  // An unsigned number, so it has no leading zeros.
  const fiscalSign = String(Number.parseInt(hash('sha256', text).slice(0, SIGN_HEX_DIGITS), 16))
  return { fdNumber, fiscalSign, fiscalDatetime, fnNumber: fn.fnNumber, kktNumber, shiftNumber }
}

/** Signs the document of a receipt. */
export function signReceipt(
  toSign: ToSign,
  { id, content, receiptNumber }: Pick<ToFile, 'id' | 'content'> & { receiptNumber: number },
): FiscalDoc {
  const { totalKopecks } = content
  const { time, registration } = toSign
  const doc = sign(toSign, totalKopecks, id)
  const details = detailsOf(content, registration, time.instantMs)
  return { ...doc, receiptNumber, totalKopecks, qrCodeData: qrCodeData(doc, time, content), details }
}

/** The content of a receipt's QR code, in the federal tax service's format (order ED-7-20/662). */
function qrCodeData(doc: Signed, { inQrCode }: DocumentTime, { type, totalKopecks }: ReceiptContent): string {
  return `t=${inQrCode}&s=${formatRoubles(totalKopecks)}&fn=${doc.fnNumber}&i=${doc.fdNumber}&fp=${doc.fiscalSign}&n=${OPERATION_TAGS[type]}`
}

/** The last `count` decimal digits of the bytes read as one number, with leading zeros. */
export function digits(bytes: Uint8Array, count: number): string {
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  return (value % 10n ** BigInt(count)).toString().padStart(count, '0')
}
