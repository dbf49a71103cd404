import type { Cashier } from '../domain/customer.ts'
import type { FiscalDoc } from '../domain/receipt.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import { type Block, type Fiscalised, inRussianOrder, labelled, type Section } from './blocks.ts'
import { CORRECTION_WORDS, OPERATION_WORDS } from './words.ts'

/** The seller and the place, the document's title, the cashier, and the document's place in the shift. */
export function heading(receipt: Fiscalised): Section {
  const { doc } = receipt
  return [
    ...seller(receipt),
    { kind: 'centred', text: titleOf(receipt), isStrong: true },
    ...cashier(receipt),
    { kind: 'pair', label: `СМЕНА ${doc.shiftNumber} ЧЕК ${doc.receiptNumber}`, value: localTime(doc) },
    ...correction(receipt),
  ]
}

/** A document that an earlier version recorded does not tell the seller. */
function seller({ content, doc: { details } }: Fiscalised): Block[] {
  const address = details ? details.address : content.address
  const place = details ? details.place : content.place
  return [
    ...(details ? sellerLines(details.seller) : []),
    ...(address ? [centred(address)] : []),
    ...(place ? [centred(`МЕСТО РАСЧЕТОВ ${place}`)] : []),
  ]
}

const sellerLines = ({ name, inn }: { name: string; inn: string }): Block[] => [centred(name), centred(`ИНН ${inn}`)]

/** The seller, the place, the title and the cashier of a shift's document. */
export const shiftHeading = (doc: ShiftDocument, title: string): Section => [
  ...sellerLines(doc.seller),
  centred(doc.address),
  centred(`МЕСТО РАСЧЕТОВ ${doc.place}`),
  { kind: 'centred', text: title, isStrong: true },
  ...cashierLine(doc.cashier),
  { kind: 'pair', label: `СМЕНА ${doc.shiftNumber}`, value: localTime(doc) },
]

const centred = (text: string): Block => ({ kind: 'centred', text })

/** `КАССОВЫЙ ЧЕК / ПРИХОД`. */
function titleOf({ content, doc: { details } }: Fiscalised): string {
  const isCorrection = details?.isCorrection ?? content.correction !== undefined
  return `КАССОВЫЙ ЧЕК${isCorrection ? ' КОРРЕКЦИИ' : ''} / ${OPERATION_WORDS[details?.operation ?? content.type]}`
}

/** An automatic device has no cashier. */
function cashier({ content, doc: { details } }: Fiscalised): Block[] {
  return cashierLine(details ? details.cashier : (content.cashier ?? null))
}

function cashierLine(named: Cashier | null): Block[] {
  if (named === null) return []
  const inn = named.inn === undefined ? [] : [`ИНН КАССИРА ${named.inn}`]
  return [{ kind: 'facts', facts: [`КАССИР ${named.name}`, ...inn] }]
}

function correction({ content: { correction } }: Fiscalised): Block[] {
  if (correction === undefined) return []
  const number = correction.number === undefined ? '' : ` № ${correction.number}`
  return [
    ...labelled('ТИП КОРРЕКЦИИ', CORRECTION_WORDS[correction.type]),
    ...labelled('ОСНОВАНИЕ ДЛЯ КОРРЕКЦИИ', `${inRussianOrder(correction.date)}${number}`),
  ]
}

/** `22.11.26 16:43`, in the zone in which the document has it. The QR code has the same. */
export function localTime({ fiscalDatetime }: Pick<FiscalDoc, 'fiscalDatetime'>): string {
  const [year = '', month = '', day = ''] = fiscalDatetime.slice(0, 10).split('-')
  return `${day}.${month}.${year.slice(2)} ${fiscalDatetime.slice(11, 16)}`
}
