import type { Item, PaymentMethod } from './item.ts'
import type { Operation } from './operation.ts'
import type { ReceiptContent } from './receipt.ts'
import type { TaxationSystem } from './taxation.ts'
import { type InForce, type Rate, rateOf, type Vat } from './vat.ts'

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
}

type Finding = Omit<VatVerdict, 'pointer'>

/**
 * Judges the rates of a receipt by the law of its day. Only a sale's rate is ever refused.
 * @param content with the till's defaults
 * @param date the receipt's day in the KKT's zone, `yyyy-mm-dd`
 */
export function vatVerdicts(content: ReceiptContent, date: string): VatVerdict[] {
  const { type: operation, correction, taxationSystem } = content
  const isNewSale = operation === 'sale' && correction === undefined
  const circumstances = { operation, isNewSale, date: correction?.date ?? date, taxationSystem }
  const verdicts: VatVerdict[] = []
  for (const [i, item] of content.items.entries()) {
    for (const finding of findings(item, circumstances)) verdicts.push({ ...finding, pointer: `/items/${i}/vat` })
  }
  return verdicts
}

function findings(item: Item, circumstances: Circumstances): Finding[] {
  const rate = rateOf(item.vat)
  if (rate.kind === 'none') return []
  const method = item.paymentMethod ?? 'full_payment'
  const found: Finding[] = []
  if (rate.inForce !== undefined) found.push(...ofTheDay(item.vat, rate.inForce, method, circumstances))
  found.push(...ofTheMethod(item.vat, rate, method), ...ofTheSystem(item.vat, rate, circumstances))
  return found
}

const kindOf = ({ isNewSale }: Circumstances): VatVerdict['kind'] => (isNewSale ? 'refused' : 'unusual')

function ofTheDay(vat: Vat, inForce: InForce, method: PaymentMethod, circumstances: Circumstances): Finding[] {
  const { date, operation } = circumstances
  const { from, until, rule } = inForce
  const kind = kindOf(circumstances)
  if (date < from) {
    const message = `has the VAT rate ${vat} on ${date}, and it exists from ${from} on (${rule}). Send a rate of that day, or set the clock right`
    return [{ kind, code: 'vat_rate_too_early', message }]
  }
  // Money comes back at the rate at which it was taken, and a loan is paid off at the rate of its goods.
  const isOfEarlierGoods = operation === 'refund' || operation === 'buy_refund' || method === 'credit_payment'
  if (until === undefined || date < until || isOfEarlierGoods) return []
  const message = `has the VAT rate ${vat} on ${date}, and it ended on ${until} for new business (${rule}). Send the rate of today; ${vat} stays right for refunds, for corrections of earlier receipts, and with the payment_method credit_payment`
  return [{ kind, code: 'vat_rate_ended', message }]
}

const PREPAYMENTS: readonly PaymentMethod[] = ['full_prepayment', 'prepayment', 'advance']

function ofTheMethod(vat: Vat, { kind }: Rate, method: PaymentMethod): Finding[] {
  const isPrepayment = PREPAYMENTS.includes(method)
  if (kind === 'inverted' && !isPrepayment) {
    const message = `has the inverted VAT rate ${vat}, which belongs to money taken before the goods, with the payment_method ${method}. Send the plain rate, or one of ${PREPAYMENTS.join(', ')}`
    return [{ kind: 'unusual', code: 'vat_inverted_on_goods', message }]
  }
  if (kind === 'plain' && isPrepayment && vat !== 'vat0') {
    const message = `has the VAT rate ${vat} with the payment_method ${method}, and money taken before the goods usually has an inverted rate. Send that rate, or the payment_method of goods that are handed over`
    return [{ kind: 'unusual', code: 'vat_plain_on_prepayment', message }]
  }
  return []
}

function ofTheSystem(vat: Vat, rate: Rate, { taxationSystem }: Circumstances): Finding[] {
  if (taxationSystem === 'patent') {
    const message = `has the VAT rate ${vat} under the taxation_system patent, which knows no VAT. Send none`
    return [{ kind: 'unusual', code: 'vat_under_patent', message }]
  }
  const isOfUsn = rate.kind !== 'none' && (rate.percent === 5 || rate.percent === 7)
  if (!isOfUsn || taxationSystem === undefined || taxationSystem.startsWith('usn_')) return []
  const message = `has the VAT rate ${vat}, which only the taxation systems usn_income and usn_income_outcome know, under ${taxationSystem}. Check the rate and the taxation_system`
  return [{ kind: 'unusual', code: 'vat_rate_of_usn', message }]
}
