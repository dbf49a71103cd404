import { formatQuantity, formatRoubles } from '../domain/money.ts'
import type { FiscalDoc, ReceiptContent } from '../domain/receipt.ts'
import type { Vat } from '../domain/vat.ts'

/** A fiscalised receipt, as its slip shows it. */
export type Fiscalised = {
  content: ReceiptContent
  doc: FiscalDoc
  /** The mock KKT made the document, so its slip says that it is no fiscal receipt. */
  isMock: boolean
}

/** One thing that a slip says. Its renderer gives it as many lines as it needs. */
export type Block =
  | { kind: 'title'; text: string }
  /** Wrapped at words. @param indent columns */
  | { kind: 'text'; text: string; indent?: number }
  /** The value is at the right end of the line. */
  | { kind: 'pair'; label: string; value: string; indent?: number; isStrong?: true }
  /** Side by side as far as they fit, none of them broken. */
  | { kind: 'facts'; facts: readonly string[] }
  | { kind: 'qr'; data: string }

export type Section = readonly Block[]

const OPERATION_WORDS = {
  sale: 'ПРИХОД',
  refund: 'ВОЗВРАТ ПРИХОДА',
  buy: 'РАСХОД',
  buy_refund: 'ВОЗВРАТ РАСХОДА',
} as const satisfies Record<ReceiptContent['type'], string>

/** In the order in which a KKT prints them. */
const PAYMENT_WORDS = {
  cash: 'НАЛИЧНЫМИ',
  card: 'БЕЗНАЛИЧНЫМИ',
  prepaid: 'ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)',
  credit: 'ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)',
  other: 'ИНАЯ ФОРМА ОПЛАТЫ',
} as const satisfies Record<ReceiptContent['payments'][number]['type'], string>

const VAT_WORDS = {
  none: 'БЕЗ НДС',
  vat0: 'НДС 0%',
  vat5: 'НДС 5%',
  vat7: 'НДС 7%',
  vat10: 'НДС 10%',
  vat20: 'НДС 20%',
  vat22: 'НДС 22%',
  vat105: 'НДС 5/105',
  vat107: 'НДС 7/107',
  vat110: 'НДС 10/110',
  vat120: 'НДС 20/120',
  vat122: 'НДС 22/122',
} as const satisfies Record<Vat, string>

/** The columns by which what belongs to an item stands below its name. */
const INDENT = 2

/**
 * The slip from top to bottom. To show more, add to a section, or write one and put it in its place here. A section that
 * is empty is left out.
 */
const SECTIONS: readonly ((receipt: Fiscalised) => Section)[] = [notice, heading, goods, sums, document, code, notice]

export const sectionsOf = (receipt: Fiscalised): Section[] =>
  SECTIONS.map((section) => section(receipt)).filter(({ length }) => length > 0)

function notice({ isMock }: Fiscalised): Section {
  return isMock ? [{ kind: 'title', text: 'НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ' }] : []
}

function heading({ content, doc }: Fiscalised): Section {
  return [
    { kind: 'title', text: `КАССОВЫЙ ЧЕК / ${OPERATION_WORDS[content.type]}` },
    { kind: 'pair', label: `СМЕНА ${doc.shiftNumber} ЧЕК ${doc.receiptNumber}`, value: localTime(doc) },
  ]
}

function goods({ content }: Fiscalised): Section {
  return content.items.flatMap(({ name, quantityMicro, priceKopecks, totalKopecks, vat }): Block[] => {
    const count = `${formatQuantity(quantityMicro)} × ${formatRoubles(priceKopecks)}`
    return [
      { kind: 'text', text: name },
      { kind: 'pair', label: count, value: sum(totalKopecks), indent: INDENT },
      { kind: 'text', text: VAT_WORDS[vat], indent: INDENT },
    ]
  })
}

function sums({ content, doc }: Fiscalised): Section {
  return [
    { kind: 'pair', label: 'ИТОГ', value: sum(doc.totalKopecks), isStrong: true },
    ...paid(content),
    ...turnovers(content),
  ]
}

/** The KKT adds up the payments of a kind. */
const paid = ({ payments }: ReceiptContent): Block[] =>
  Object.entries(PAYMENT_WORDS).flatMap(([kind, label]) =>
    sumOf(
      label,
      payments.filter(({ type }) => type === kind).map(({ amountKopecks }) => amountKopecks),
    ),
  )

/**
 * The sums by VAT rate that are turnovers, tags 1104 and 1105. A sum of tax is left out: whether it is rounded by unit, by
 * item or by rate is a setting of the KKT, and its document does not tell the sums.
 */
function turnovers({ items }: ReceiptContent): Block[] {
  const at = (rate: Vat) => items.filter(({ vat }) => vat === rate).map(({ totalKopecks }) => totalKopecks)
  return [...sumOf('СУММА С НДС 0%', at('vat0')), ...sumOf('СУММА БЕЗ НДС', at('none'))]
}

/** A sum of nothing is left out. */
function sumOf(label: string, amountsKopecks: readonly number[]): Block[] {
  const kopecks = amountsKopecks.reduce((all, one) => all + one, 0)
  return kopecks === 0 ? [] : [{ kind: 'pair', label, value: sum(kopecks) }]
}

function document({ doc }: Fiscalised): Section {
  return [
    { kind: 'text', text: `КАССА ${doc.kktNumber}` },
    { kind: 'facts', facts: [`ФН ${doc.fnNumber}`, `ФД ${doc.fdNumber}`, `ФП ${doc.fiscalSign}`] },
  ]
}

function code({ doc }: Fiscalised): Section {
  return [{ kind: 'qr', data: doc.qrCodeData }]
}

const sum = (kopecks: number): string => `=${formatRoubles(kopecks)}`

/** `22.11.26 16:43`, in the zone in which the document has it. The QR code has the same. */
export function localTime({ fiscalDatetime }: FiscalDoc): string {
  const [year = '', month = '', day = ''] = fiscalDatetime.slice(0, 10).split('-')
  return `${day}.${month}.${year.slice(2)} ${fiscalDatetime.slice(11, 16)}`
}
