import { formatRoubles } from './money.ts'
import type { DocDetails, FiscalDoc, ReceiptContent } from './receipt.ts'
import { type Vat, type VatSum, vatSums } from './vat.ts'

/** Something about a receipt that its till should know. `message` says what it is, and what to do about it. */
export type Warning = { code: string; message: string }

/** The document is signed, and only a correction changes anything. */
const NEXT =
  "The document holds as it is signed: have the KKT's settings looked at, and correct the receipt if they were wrong"

/**
 * Compares a document with what its receipt should have become. KKTs have settings of their own: one rounds the tax of a
 * whole receipt, another replaces a rate that has ended.
 * @returns a warning for each difference
 */
export function differences(content: ReceiptContent, doc: FiscalDoc): Warning[] {
  const ofTotal = content.totalKopecks === doc.totalKopecks ? [] : [totalDiffers(content, doc)]
  const { details } = doc
  return details
    ? [...ofTotal, ...vatSumsDiffer(content, details), ...taxationSystemDiffers(content, details)]
    : ofTotal
}

function totalDiffers({ totalKopecks }: ReceiptContent, doc: FiscalDoc): Warning {
  const [signed, sold] = [formatRoubles(doc.totalKopecks), formatRoubles(totalKopecks)]
  return {
    code: 'total_differs',
    message: `The KKT signed a total of ${signed}, and the receipt has ${sold}. ${NEXT}.`,
  }
}

function vatSumsDiffer({ items }: ReceiptContent, { vatSums: sums }: DocDetails): Warning[] {
  const [signed, reckoned] = [sumsByRate(sums), sumsByRate(vatSums(items))]
  const rates = [...new Set([...reckoned.keys(), ...signed.keys()])]
  return rates
    .filter((vat) => signed.get(vat) !== reckoned.get(vat))
    .map((vat) => ({
      code: 'vat_sum_differs',
      message: `The KKT signed ${inWords(signed.get(vat))} at the rate ${vat}, and the receipt's items make ${inWords(reckoned.get(vat))}. ${NEXT}.`,
    }))
}

const inWords = (sumKopecks: number | undefined): string =>
  sumKopecks === undefined ? 'nothing' : formatRoubles(sumKopecks)

const sumsByRate = (sums: readonly VatSum[]): Map<Vat, number> =>
  new Map(sums.map(({ vat, sumKopecks }) => [vat, sumKopecks]))

/** Without a system in the receipt the KKT's own default holds. */
function taxationSystemDiffers({ taxationSystem: sold }: ReceiptContent, { taxationSystem }: DocDetails): Warning[] {
  if (sold === undefined || sold === taxationSystem) return []
  const message = `The KKT signed the taxation system ${taxationSystem}, and the receipt has ${sold}. ${NEXT}.`
  return [{ code: 'taxation_system_differs', message }]
}
