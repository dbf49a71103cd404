import type { PaymentMethod } from './item.ts'
import type { Operation } from './operation.ts'
import type { ReceiptContent } from './receipt.ts'
import type { TaxationSystem } from './taxation.ts'
import { type InForce, type Rate, rateOf, type Vat } from './vat.ts'
import { RECEIPT_WORDS, type ReceiptWords } from './words/words.ts'

export const VAT_VERDICT_CODES = [
  /** New business on a day from which the law has ended the rate. */
  'vat_rate_ended',
  /** A day before the law made the rate. */
  'vat_rate_too_early',
  /** An inverted rate on goods and not on money taken before them. */
  'vat_inverted_on_goods',
  /** A plain rate on money taken before the goods. */
  'vat_plain_on_prepayment',
  /** 5 or 7 % outside of УСН. */
  'vat_rate_of_usn',
  /** VAT under a patent. */
  'vat_under_patent',
] as const

export type VatVerdictCode = (typeof VAT_VERDICT_CODES)[number]

/**
 * `refused`: the law does not know such a receipt. `unusual`: it is probably a mistake, but may be lawful. `message`
 * continues a sentence that begins with the item, and says what to do. `pointer` is a JSON Pointer into the till's body.
 */
export type VatVerdict = { kind: 'refused' | 'unusual'; code: VatVerdictCode; message: string; pointer: string }

type Circumstances = {
  operation: Operation
  /** Whether the law's days decide, or may only be warned of. */
  isNewSale: boolean
  /** The day whose rates are right: that of the receipt, and for a correction that of the settlement. */
  date: string
  taxationSystem: TaxationSystem | undefined
  words: ReceiptWords['verdicts']
}

type Finding = Omit<VatVerdict, 'pointer'>

/**
 * Judges the rates of a receipt by the law of its day. Only a sale's rate is ever refused.
 * @param content with the till's defaults
 * @param date the receipt's day in the KKT's zone, `yyyy-mm-dd`
 */
export function vatVerdicts(
  content: ReceiptContent,
  date: string,
  { verdicts: words } = RECEIPT_WORDS.en,
): VatVerdict[] {
  const { type: operation, correction, taxationSystem } = content
  const isNewSale = operation === 'sale' && correction === undefined
  const circumstances = { operation, isNewSale, date: correction?.date ?? date, taxationSystem, words }
  const verdicts: VatVerdict[] = []
  for (const [i, item] of content.items.entries()) {
    const rate = rateOf(item.vat)
    if (rate.kind === 'none') continue
    const method = item.paymentMethod ?? 'full_payment'
    const note = (finding: Finding | null) => finding && verdicts.push({ ...finding, pointer: `/items/${i}/vat` })
    note(rate.inForce === undefined ? null : ofTheDay(item.vat, rate.inForce, method, circumstances))
    note(ofTheMethod(item.vat, rate, method, circumstances))
    note(ofTheSystem(item.vat, rate, circumstances))
  }
  return verdicts
}

/** The verdicts for which a receipt is refused. It takes what `vatVerdicts` takes. */
export const refusedVat = (...judged: Parameters<typeof vatVerdicts>): VatVerdict[] =>
  vatVerdicts(...judged).filter(({ kind }) => kind === 'refused')

const kindOf = ({ isNewSale }: Circumstances): VatVerdict['kind'] => (isNewSale ? 'refused' : 'unusual')

function ofTheDay(vat: Vat, inForce: InForce, method: PaymentMethod, circumstances: Circumstances): Finding | null {
  const { date, operation, words } = circumstances
  const { from, until, rule } = inForce
  const kind = kindOf(circumstances)
  if (date < from) {
    return { kind, code: 'vat_rate_too_early', message: words.vatRateTooEarly({ vat, date, rule }, from) }
  }
  // Money comes back at the rate at which it was taken, and a loan is paid off at the rate of its goods.
  const isOfEarlierGoods = operation === 'refund' || operation === 'buy_refund' || method === 'credit_payment'
  if (until === undefined || date < until || isOfEarlierGoods) return null
  return { kind, code: 'vat_rate_ended', message: words.vatRateEnded({ vat, date, rule }, until) }
}

const PREPAYMENTS: readonly PaymentMethod[] = ['full_prepayment', 'prepayment', 'advance']

function ofTheMethod(vat: Vat, { kind }: Rate, method: PaymentMethod, { words }: Circumstances): Finding | null {
  const isPrepayment = PREPAYMENTS.includes(method)
  if (kind === 'inverted' && !isPrepayment) {
    const message = words.vatInvertedOnGoods(vat, method, PREPAYMENTS)
    return { kind: 'unusual', code: 'vat_inverted_on_goods', message }
  }
  if (kind === 'plain' && isPrepayment && vat !== 'vat0') {
    return { kind: 'unusual', code: 'vat_plain_on_prepayment', message: words.vatPlainOnPrepayment(vat, method) }
  }
  return null
}

function ofTheSystem(vat: Vat, rate: Rate, { taxationSystem, words }: Circumstances): Finding | null {
  if (taxationSystem === 'patent') {
    return { kind: 'unusual', code: 'vat_under_patent', message: words.vatUnderPatent(vat) }
  }
  const isOfUsn = rate.kind !== 'none' && (rate.percent === 5 || rate.percent === 7)
  if (!isOfUsn || taxationSystem === undefined || taxationSystem.startsWith('usn_')) return null
  return { kind: 'unusual', code: 'vat_rate_of_usn', message: words.vatRateOfUsn(vat, taxationSystem) }
}
