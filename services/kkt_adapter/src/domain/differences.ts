import { formatRoubles } from './money.ts'
import type { FiscalDoc, ReceiptContent } from './receipt.ts'
import { type Vat, vatSums } from './vat.ts'

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
  return [...totalDiffers(content, doc), ...vatSumsDiffer(content, doc), ...taxationSystemDiffers(content, doc)]
}

function* totalDiffers({ totalKopecks }: ReceiptContent, doc: FiscalDoc): Generator<Warning> {
  if (totalKopecks === doc.totalKopecks) return
  const [signed, sold] = [formatRoubles(doc.totalKopecks), formatRoubles(totalKopecks)]
  yield { code: 'total_differs', message: `The KKT signed a total of ${signed}, and the receipt has ${sold}. ${NEXT}.` }
}

function* vatSumsDiffer({ items }: ReceiptContent, { details }: FiscalDoc): Generator<Warning> {
  if (!details) return
  const [signed, reckoned] = [sumsByRate(details.vatSums), sumsByRate(vatSums(items))]
  for (const vat of new Set([...reckoned.keys(), ...signed.keys()])) {
    const sums = [signed.get(vat), reckoned.get(vat)] as const
    if (sums[0] === sums[1]) continue
    const [there, here] = sums.map((sum) => (sum === undefined ? 'nothing' : formatRoubles(sum)))
    yield {
      code: 'vat_sum_differs',
      message: `The KKT signed ${there} at the rate ${vat}, and the receipt's items make ${here}. ${NEXT}.`,
    }
  }
}

const sumsByRate = (sums: readonly { vat: Vat; sumKopecks: number }[]): Map<Vat, number> =>
  new Map(sums.map(({ vat, sumKopecks }) => [vat, sumKopecks]))

/** Without a system in the receipt the KKT's own default holds. */
function* taxationSystemDiffers({ taxationSystem: sold }: ReceiptContent, { details }: FiscalDoc): Generator<Warning> {
  if (!details || sold === undefined || sold === details.taxationSystem) return
  yield {
    code: 'taxation_system_differs',
    message: `The KKT signed the taxation system ${details.taxationSystem}, and the receipt has ${sold}. ${NEXT}.`,
  }
}
