import { formatRoubles } from './money.ts'
import type { DocDetails, FiscalDoc, ReceiptContent } from './receipt.ts'
import { type Vat, type VatSum, vatSums } from './vat.ts'
import { RECEIPT_WORDS, type ReceiptWords } from './words/words.ts'

/** Something about a receipt that its till should know. `message` says what it is, and what to do about it. */
export type Warning = { code: string; message: string }

/**
 * Compares a document with what its receipt should have become. KKTs have settings of their own: one rounds the tax of a
 * whole receipt, another replaces a rate that has ended.
 * @returns a warning for each difference
 */
export function differences(
  content: ReceiptContent,
  doc: FiscalDoc,
  { warnings: words }: ReceiptWords = RECEIPT_WORDS.en,
): Warning[] {
  const found = content.totalKopecks === doc.totalKopecks ? [] : [totalDiffers(content, doc, words)]
  const { details } = doc
  if (details === undefined) return found
  addVatSums(found, content, details, words)
  const { taxationSystem } = content
  // Without a system in the receipt the KKT's own default holds.
  if (taxationSystem !== undefined && taxationSystem !== details.taxationSystem) {
    const message = words.taxationSystemDiffers(details.taxationSystem, taxationSystem)
    found.push({ code: 'taxation_system_differs', message })
  }
  return found
}

type Words = ReceiptWords['warnings']

function totalDiffers({ totalKopecks }: ReceiptContent, doc: FiscalDoc, words: Words): Warning {
  const message = words.totalDiffers(formatRoubles(doc.totalKopecks), formatRoubles(totalKopecks))
  return { code: 'total_differs', message }
}

function addVatSums(found: Warning[], { items }: ReceiptContent, { vatSums: sums }: DocDetails, words: Words): void {
  const wanted = vatSums(items)
  if (isSame(sums, wanted)) return
  const [signed, reckoned] = [sumsByRate(sums), sumsByRate(wanted)]
  for (const vat of new Set([...reckoned.keys(), ...signed.keys()])) {
    if (signed.get(vat) === reckoned.get(vat)) continue
    const message = words.vatSumDiffers(vat, inRoubles(signed.get(vat)), inRoubles(reckoned.get(vat)))
    found.push({ code: 'vat_sum_differs', message })
  }
}

/** Almost all documents agree, in the order of the rates, too. */
const isSame = (sums: readonly VatSum[], others: readonly VatSum[]): boolean =>
  sums.length === others.length &&
  sums.every(({ vat, sumKopecks }, i) => others[i]?.vat === vat && others[i]?.sumKopecks === sumKopecks)

const inRoubles = (sumKopecks: number | undefined): string | null =>
  sumKopecks === undefined ? null : formatRoubles(sumKopecks)

const sumsByRate = (sums: readonly VatSum[]): Map<Vat, number> =>
  new Map(sums.map(({ vat, sumKopecks }) => [vat, sumKopecks]))
