import { type Payment, settle } from '../domain/payment.ts'
import { type Vat, type VatSum, vatSums } from '../domain/vat.ts'
import { amount, type Block, type Fiscalised, type Section, sum } from './blocks.ts'
import { PAYMENT_WORDS, TAXATION_WORDS, VAT_WORDS } from './words.ts'

/** The total, the payments with the change, the sums by VAT rate, and the taxation system. */
export function sums(receipt: Fiscalised): Section {
  const { content, doc } = receipt
  const system = doc.details?.taxationSystem ?? content.taxationSystem
  return [
    { kind: 'pair', label: 'ИТОГ', value: sum(doc.totalKopecks), isStrong: true },
    ...paid(receipt),
    ...vatSumsOf(receipt).map(({ vat, sumKopecks }) => amount(vatLabel(vat), sumKopecks)),
    ...(system === undefined ? [] : [{ kind: 'text' as const, text: `СНО: ${TAXATION_WORDS[system]}` }]),
  ]
}

/** Tags 1102 to 1107. The sum at 0% is a turnover, as that without VAT, and not a tax. */
const vatLabel = (vat: Vat): string => (vat === 'vat0' ? `СУММА С ${VAT_WORDS[vat]}` : `СУММА ${VAT_WORDS[vat]}`)

/** The KKT adds up the payments of a kind, and takes the change off the cash. A kind of nothing is left out. */
function paid({ content, doc }: Fiscalised): Block[] {
  const { payments, changeKopecks } = doc.details ?? settle(content.payments, doc.totalKopecks, content.type)
  const kinds = payments.filter(({ amountKopecks }) => amountKopecks > 0)
  const settled = kinds.map(({ type, amountKopecks }) => amount(PAYMENT_WORDS[type], amountKopecks))
  if (changeKopecks === 0) return settled
  return [...settled, amount('ПОЛУЧЕНО', cashOf(payments) + changeKopecks), amount('СДАЧА', changeKopecks)]
}

const cashOf = (payments: readonly Payment[]): number =>
  payments.find(({ type }) => type === 'cash')?.amountKopecks ?? 0

/**
 * A document that an earlier version recorded tells no sums. Its turnovers at 0% and without VAT follow from its items. A
 * tax does not: the KKT rounds it by a setting of its own.
 */
function vatSumsOf({ content, doc: { details } }: Fiscalised): readonly VatSum[] {
  const known = details?.vatSums ?? vatSums(content.items).filter(({ vat }) => vat === 'none' || vat === 'vat0')
  return known.filter(({ sumKopecks }) => sumKopecks > 0)
}
