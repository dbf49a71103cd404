import { z } from 'zod'
import { settle } from '../../domain/payment.ts'
import { printable } from '../../domain/printable.ts'
import type { DocDetails, FiscalDoc, Paper, ReceiptContent } from '../../domain/receipt.ts'
import { documentOf } from '../../domain/told_document.ts'
import { vatSums } from '../../domain/vat.ts'
import { count, fiscalSign, kopecks, time, trimmed } from './answer_forms.ts'
import type { FnDocumentRead } from './fn_documents.ts'
import type { Registered } from './registration.ts'

/** A recovered result has nothing, or 0, where the FN no longer tells. */
const untold = count.nullish().transform((told) => told || null)

const flag = z
  .boolean()
  .nullish()
  .transform((told) => told === true)

const fiscalParams = z.object({
  fiscalDocumentNumber: z.int().positive(),
  fiscalDocumentSign: fiscalSign,
  fiscalDocumentDateTime: time,
  fiscalReceiptNumber: untold,
  shiftNumber: untold,
  fnNumber: trimmed.pipe(z.string().regex(/^\d{16}$/)),
  total: kopecks.nullish().transform((told) => told ?? null),
})

const warnings = z
  .object({ notPrinted: flag, recovered: flag, shiftAutoOpened: flag })
  .nullish()
  .transform((told) => told ?? { notPrinted: false, recovered: false, shiftAutoOpened: false })

const made = z.object({ result: z.object({ fiscalParams, warnings }), warnings })

/** A document as the task that made it tells it. A number is null where a recovered task does not tell it. */
export type MadeDocument = {
  fdNumber: number
  fiscalSign: string
  fiscalDatetime: string
  instantMs: number
  fnNumber: string
  shiftNumber: number | null
  receiptNumber: number | null
  totalKopecks: number | null
  paper: Paper
  isRecovered: boolean
  /** The shift was closed, and the KKT opened one for it. */
  hasOpenedShift: boolean
}

/**
 * @param told the entry of a fiscal task that is ready in a request's `results`
 * @returns null for an answer that does not fit
 */
export function readMade(told: unknown): MadeDocument | null {
  const parsed = made.safeParse(told)
  if (!parsed.success) return null
  const { result, warnings: ofTask } = parsed.data
  const { fiscalParams: params, warnings: ofResult } = result
  return {
    fdNumber: params.fiscalDocumentNumber,
    fiscalSign: params.fiscalDocumentSign,
    fiscalDatetime: params.fiscalDocumentDateTime.text,
    instantMs: params.fiscalDocumentDateTime.instantMs,
    fnNumber: params.fnNumber,
    shiftNumber: params.shiftNumber,
    receiptNumber: params.fiscalReceiptNumber,
    totalKopecks: params.total,
    paper: ofTask.notPrinted || ofResult.notPrinted ? 'missing' : 'printed',
    isRecovered: ofTask.recovered || ofResult.recovered,
    hasOpenedShift: ofTask.shiftAutoOpened || ofResult.shiftAutoOpened,
  }
}

/** Whether the FN has to be read for what the result does not tell. */
export const isWhole = ({ shiftNumber, receiptNumber }: MadeDocument): boolean =>
  shiftNumber !== null && receiptNumber !== null

/**
 * The document of a receipt.
 * @param inFn the same document as the FN tells it, where it was read. A number that nothing tells is 0
 */
export function fiscalDocOf(
  made: MadeDocument,
  content: ReceiptContent,
  registered: Registered,
  inFn: FnDocumentRead | null = null,
): FiscalDoc {
  const told = {
    fdNumber: made.fdNumber,
    fiscalSign: made.fiscalSign,
    fiscalDatetime: made.fiscalDatetime,
    shiftNumber: made.shiftNumber ?? inFn?.shiftNumber ?? 0,
    receiptNumber: made.receiptNumber ?? inFn?.receiptNumber ?? 0,
  }
  // A recovered task may tell a total of 0.
  const totalKopecks = made.totalKopecks || inFn?.totalKopecks || content.totalKopecks
  const maker = { fnNumber: made.fnNumber, kktNumber: registered.kktNumber }
  const doc = documentOf(told, { type: content.type, totalKopecks }, maker)
  const details = detailsOf(content, made.instantMs, registered, inFn)
  return details === null ? doc : { ...doc, details }
}

/**
 * The task's result tells no details. They are those of the content, which the KKT took, and of its registration.
 * @returns null where nothing tells the taxation system
 */
function detailsOf(
  content: ReceiptContent,
  instantMs: number,
  registered: Registered,
  inFn: FnDocumentRead | null,
): DocDetails | null {
  const taxationSystem = inFn?.taxationSystem ?? content.taxationSystem ?? registered.defaultTaxationSystem
  if (taxationSystem === null) return null
  return {
    operation: content.type,
    isCorrection: content.correction !== undefined,
    registrationNumber: registered.registrationNumber,
    serialNumber: registered.serialNumber,
    seller: registered.seller,
    address: inPrint(content.address) ?? registered.address,
    place: inPrint(content.place) ?? registered.place,
    taxationSystem,
    cashier: content.cashier ? { ...content.cashier, name: printable(content.cashier.name) } : null,
    vatSums: vatSums(content.items),
    ...settle(content.payments, content.totalKopecks, content.type),
    ffdVersion: registered.ffdVersion,
    fnsUrl: registered.fnsUrl,
    instantMs,
  }
}

const inPrint = (text: string | undefined): string | null => (text === undefined ? null : printable(text))
