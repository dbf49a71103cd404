import { createHash } from 'node:crypto'
import { formatRoubles } from '../../domain/money.ts'
import type { FiscalDoc, ReceiptContent, ReceiptId } from '../../domain/receipt.ts'
import type { Fn } from './fiscal_memory.ts'

type ToSign = {
  id: ReceiptId
  content: ReceiptContent
  fdNumber: number
  receiptNumber: number
  fn: Fn
  kktNumber: string
  wallMs: number
}

export function sign({ id, content, fdNumber, receiptNumber, fn, kktNumber, wallMs }: ToSign): FiscalDoc {
  const fiscalDatetime = `${new Date(wallMs).toISOString().slice(0, 19)}Z`
  const signed = [fn.signingKey, fn.fnNumber, fdNumber, fiscalDatetime, content.totalKopecks, id].join('|')
  const fiscalSign = digits(createHash('sha256').update(signed).digest(), 10)
  return {
    fdNumber,
    fiscalSign,
    fiscalDatetime,
    fnNumber: fn.fnNumber,
    kktNumber,
    shiftNumber: fn.shiftNumber,
    receiptNumber,
    totalKopecks: content.totalKopecks,
    qrCodeData: qrCodeData({ fiscalDatetime, fiscalSign, fdNumber, fnNumber: fn.fnNumber, content }),
  }
}

/** The content of a receipt's QR code, in the federal tax service's format (order ED-7-20/662). */
function qrCodeData(doc: {
  fiscalDatetime: string
  fiscalSign: string
  fdNumber: number
  fnNumber: string
  content: ReceiptContent
}): string {
  const time = doc.fiscalDatetime.slice(0, 16).replaceAll(/[-:]/g, '')
  const operation = doc.content.type === 'sale' ? 1 : 2
  return `t=${time}&s=${formatRoubles(doc.content.totalKopecks)}&fn=${doc.fnNumber}&i=${doc.fdNumber}&fp=${doc.fiscalSign}&n=${operation}`
}

/** The last `count` decimal digits of the bytes read as one number, with leading zeros. */
export function digits(bytes: Uint8Array, count: number): string {
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  return (value % 10n ** BigInt(count)).toString().padStart(count, '0')
}
