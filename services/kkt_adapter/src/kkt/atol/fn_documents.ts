import { z } from 'zod'
import type { FnDocument } from '../../domain/kkt_outcome.ts'
import { OPERATION_TAGS, OPERATIONS, type Operation } from '../../domain/operation.ts'
import type { FnReceipt, ReceiptContent, ReceiptId } from '../../domain/receipt.ts'
import { TAXATION_BITS, TAXATION_SYSTEMS, type TaxationSystem } from '../../domain/taxation.ts'
import { documentOf } from '../../domain/told_document.ts'
import { groupIn, kopecksIn, numberIn, signIn, type Tags, textIn, timeIn } from './tags.ts'
import { inCodePage } from './task_items.ts'
import { ID_ATTRIBUTE, MOST_OF_USER } from './task_of_receipt.ts'

/** The driver's names for kinds of documents. The others are of no receipt and no shift. */
const KINDS = {
  receipt: { kind: 'receipt', isCorrection: false },
  bso: { kind: 'receipt', isCorrection: false },
  receiptCorrection: { kind: 'receipt', isCorrection: true },
  bsoCorrection: { kind: 'receipt', isCorrection: true },
  openShift: { kind: 'shift_opening', isCorrection: false },
  closeShift: { kind: 'shift_closing', isCorrection: false },
} as const

type Kind = (typeof KINDS)[keyof typeof KINDS]['kind'] | 'other'

/** A document as the FN tells it. A field is null where it does not: of an old one it keeps a digest only, `isShort`. */
export type FnDocumentRead = {
  kind: Kind
  isCorrection: boolean
  isShort: boolean
  fdNumber: number
  fiscalSign: string
  fiscalDatetime: string
  instantMs: number
  operation: Operation | null
  totalKopecks: number | null
  shiftNumber: number | null
  receiptNumber: number | null
  taxationSystem: TaxationSystem | null
  /** The receipt that this adapter had made, where the document carries its id. */
  receiptId: ReceiptId | null
  tags: Tags
}

const ofDocument = { fiscalDocumentType: z.string().optional(), short: z.boolean().optional() }

/** Some versions tell the kind among the tags. */
const answer = z.object({
  ...ofDocument,
  documentTLV: z.looseObject(ofDocument),
})

const isKind = (name: string): name is keyof typeof KINDS => Object.hasOwn(KINDS, name)

/**
 * @param told the result of `getFnDocument`
 * @param offset of the KKT's clock, as `+03:00`
 * @returns null for an answer that does not fit
 */
export function readFnDocument(told: unknown, offset: string): FnDocumentRead | null {
  const parsed = answer.safeParse(told)
  if (!parsed.success) return null
  const { documentTLV: tags } = parsed.data
  const name = parsed.data.fiscalDocumentType ?? tags.fiscalDocumentType
  const [fdNumber, fiscalSign, at] = [numberIn(tags, '1040'), signIn(tags), timeIn(tags, '1012', offset)]
  if (name === undefined || fdNumber === null || fiscalSign === null || at === null) return null
  const { kind, isCorrection } = isKind(name) ? KINDS[name] : { kind: 'other' as const, isCorrection: false }
  return {
    kind,
    isCorrection,
    isShort: parsed.data.short ?? tags.short ?? false,
    fdNumber,
    fiscalSign,
    fiscalDatetime: at.text,
    instantMs: at.instantMs,
    operation: OPERATIONS.find((operation) => OPERATION_TAGS[operation] === numberIn(tags, '1054')) ?? null,
    totalKopecks: kopecksIn(tags, '1020'),
    shiftNumber: numberIn(tags, '1038'),
    receiptNumber: numberIn(tags, '1042'),
    taxationSystem: TAXATION_SYSTEMS.find((system) => TAXATION_BITS[system] === numberIn(tags, '1055')) ?? null,
    receiptId: receiptIdIn(tags),
    tags,
  }
}

function receiptIdIn(tags: Tags): ReceiptId | null {
  const own = groupIn(tags, '1084')
  if (own === null || textIn(own, '1085') !== ID_ATTRIBUTE) return null
  const value = textIn(own, '1086') ?? ''
  return isReceiptId(value) ? value : null
}

const isReceiptId = (text: string): text is ReceiptId => z.guid().safeParse(text).success

/** A receipt that the FN may hold. */
export type Sought = { id: ReceiptId; content: ReceiptContent }

/**
 * - `certain`: it carries the receipt's id, and all that it tells agrees;
 * - `likely`: all that it tells agrees, and it carries no id, because the till uses that tag or the FN keeps only a digest;
 * - `doubtful`: it carries the receipt's id and tells of another settlement, or it agrees and lacks the tag that each of ours has;
 * - `no`: it is of another receipt.
 */
export type Verdict = 'certain' | 'likely' | 'doubtful' | 'no'

/**
 * Whether a document that was made after an attempt began is that of its receipt. Its time does not matter: a KKT's clock may be
 * wrong, and the FN's numbers say that it was made later.
 */
export function isDocumentOf(document: FnDocumentRead, { id, content }: Sought): Verdict {
  const { kind, receiptId, operation, totalKopecks } = document
  if (kind === 'shift_opening' || kind === 'shift_closing') return 'no'
  const isSameKind = kind === 'receipt' && document.isCorrection === (content.correction !== undefined)
  const agrees =
    isSameKind &&
    (operation === null || operation === content.type) &&
    (totalKopecks === null || totalKopecks === content.totalKopecks)
  if (content.userAttribute === undefined && receiptId === id) return agrees ? 'certain' : 'doubtful'
  if (!agrees) return 'no'
  const isTold = operation !== null && totalKopecks !== null
  return isTold ? byAttribute(document, content) : 'doubtful'
}

/** A whole document of ours has tag 1084. */
function byAttribute({ isShort, tags }: FnDocumentRead, content: ReceiptContent): Verdict {
  if (isShort) return 'likely'
  if (groupIn(tags, '1084') === null) return 'doubtful'
  return hasAttributeOf(tags, content) ? 'likely' : 'no'
}

/** A whole document of a receipt that leaves tag 1084 to us carries our id. */
function hasAttributeOf(tags: Tags, { userAttribute }: ReceiptContent): boolean {
  const own = groupIn(tags, '1084')
  if (userAttribute === undefined || own === null) return false
  const { name, value } = MOST_OF_USER
  return (
    textIn(own, '1085') === inCodePage(userAttribute.name, name).trim() &&
    textIn(own, '1086') === inCodePage(userAttribute.value, value).trim()
  )
}

/**
 * A receipt in the FN, as far as it may be one of this adapter. Whole documents of ours have tag 1084, by us or by the till.
 * @returns null for a document of another kind, or of another adapter
 */
export function receiptIn(document: FnDocumentRead, maker: Maker): FnDocument['receipt'] {
  const { receiptId, isShort, tags } = document
  if (receiptId !== null) return fnReceiptOf(document, receiptId, maker)
  if (!isShort && groupIn(tags, '1084') === null) return null
  return fnReceiptOf(document, null, maker)
}

type Maker = { fnNumber: string; kktNumber: string }

/**
 * A receipt's document in the FN. The FN does not tell a till's content, nor whether the paper came out.
 * @param id of its receipt
 * @returns null for a document that is none of a receipt
 */
export function fnReceiptOf<Id extends ReceiptId | null>(
  document: FnDocumentRead,
  id: Id,
  maker: Maker,
): (Omit<FnReceipt, 'id'> & { id: Id }) | null {
  const { kind, operation, totalKopecks } = document
  if (kind !== 'receipt' || operation === null || totalKopecks === null) return null
  const told = {
    fdNumber: document.fdNumber,
    fiscalSign: document.fiscalSign,
    fiscalDatetime: document.fiscalDatetime,
    shiftNumber: document.shiftNumber ?? 0,
    receiptNumber: document.receiptNumber ?? 0,
  }
  const doc = documentOf(told, { type: operation, totalKopecks }, maker)
  return { id, content: null, doc, paper: 'printed' }
}
