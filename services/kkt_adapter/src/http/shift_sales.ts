import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { toRoubles, toUnits } from '../domain/money.ts'
import type { FiscalDoc, ReceiptContent } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'

/** Few enough that a till hardly waits for them. */
const PAGE = 50
/** As many as a screen shows. */
const TOP_ITEMS = 10

export const salesAnswer = z.object({
  by_hour: z
    .array(
      z.object({
        hour: z.iso.datetime({ offset: true }).meta({ description: "Its beginning, in the KKT's zone" }),
        count: whole.meta({ description: 'The sales of this hour' }),
        sum: z.number().meta({ description: 'Their sum, in roubles' }),
      }),
    )
    .meta({ description: 'The hours in which something was sold, the first one first' }),
  top_items: z
    .array(
      z.object({
        name: z.string().meta({ description: 'The name in the receipts' }),
        quantity: z.number().meta({ description: 'The quantity that was sold' }),
        sum: z.number().meta({ description: 'Its sum, in roubles' }),
      }),
    )
    .meta({ description: `The ${TOP_ITEMS} items with the largest sums` }),
})

type OfShift = { fnNumber: string; shiftNumber: number }
type Hour = { count: number; sumKopecks: number }
type Sold = { quantityMicro: number; sumKopecks: number }

/**
 * The sales of a shift by hour and by item, without refunds and corrections. Others work between its pages.
 * @throws StorageFailure
 */
export async function salesOf(
  { fnNumber, shiftNumber }: OfShift,
  { queries }: Pick<Journal, 'queries'>,
): Promise<z.input<typeof salesAnswer>> {
  const hours = new Map<string, Hour>()
  const items = new Map<string, Sold>()
  let beforeFd: number | null = null
  for (;;) {
    const documents = queries.ofFn(fnNumber, beforeFd, PAGE)
    const ofShift = documents.filter(({ doc }) => doc.shiftNumber === shiftNumber)
    for (const { content, doc } of ofShift) if (isSale(content)) count(content, doc, { hours, items })
    // The FN numbers its documents in the order of its shifts, and these come newest first.
    const last = documents.at(-1)
    if (last === undefined || documents.length < PAGE || last.doc.shiftNumber < shiftNumber) break
    beforeFd = last.doc.fdNumber
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    by_hour: [...hours]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([hour, { count, sumKopecks }]) => ({ hour, count, sum: toRoubles(sumKopecks) })),
    top_items: [...items]
      .sort(([, one], [, other]) => other.sumKopecks - one.sumKopecks)
      .slice(0, TOP_ITEMS)
      .map(([name, { quantityMicro, sumKopecks }]) => ({
        name,
        quantity: toUnits(quantityMicro),
        sum: toRoubles(sumKopecks),
      })),
  }
}

const isSale = ({ type, correction }: ReceiptContent): boolean => type === 'sale' && correction === undefined

function count(
  content: ReceiptContent,
  doc: FiscalDoc,
  { hours, items }: { hours: Map<string, Hour>; items: Map<string, Sold> },
): void {
  const hour = hourOf(doc)
  const known = hours.get(hour) ?? { count: 0, sumKopecks: 0 }
  hours.set(hour, { count: known.count + 1, sumKopecks: known.sumKopecks + doc.totalKopecks })
  for (const { name, quantityMicro, totalKopecks } of content.items) {
    const sold = items.get(name) ?? { quantityMicro: 0, sumKopecks: 0 }
    items.set(name, {
      quantityMicro: sold.quantityMicro + quantityMicro,
      sumKopecks: sold.sumKopecks + totalKopecks,
    })
  }
}

/** `2026-11-22T16:43:00+03:00` is of the hour `2026-11-22T16:00:00+03:00`. */
const hourOf = ({ fiscalDatetime }: FiscalDoc): string =>
  fiscalDatetime.replace(/^(.{13}):\d\d:\d\d(?:\.\d+)?/, '$1:00:00')
