/** Receipts as a till sends them. Each test uses a `pos_id` of its own, so that it sees no other test's receipts. */
export type Item = { name: string; price: number; quantity: number; total: number; vat_rate: number | null }
export type Payment = { type: 'cash' | 'card' | 'other'; amount: number }
export type Receipt = { pos_id: string; type: 'sale' | 'refund'; items: Item[]; payments: Payment[] }

export const newKey = (): string => crypto.randomUUID()

/** @param label tells in logs and lists what the point of sale is for */
export const newPosId = (label: string): string => `${label}.${crypto.randomUUID().slice(0, 8)}`

export const roubles = (kopecks: number): number => kopecks / 100

const kopecks = (roubles: number): number => Math.round(roubles * 100)

/** One line of a receipt. Its total is price × quantity, rounded half up to the kopeck and computed in integers. */
export function item(given: Partial<Omit<Item, 'total'>> = {}): Item {
  const { name = 'Reading glasses +1.5', price = 1250, quantity = 1, vat_rate = 22 } = given
  const thousandthsOfKopecks = BigInt(kopecks(price)) * BigInt(Math.round(quantity * 1000))
  return { name, price, quantity, total: roubles(Number((thousandthsOfKopecks + 500n) / 1000n)), vat_rate }
}

export const totalOf = (items: Item[]): number => roubles(items.reduce((sum, { total }) => sum + kopecks(total), 0))

/** A valid receipt. Fields that are not given are filled in so that all sums agree. */
export function receipt(given: Partial<Receipt> = {}): Receipt {
  const items = given.items ?? [item()]
  return {
    pos_id: given.pos_id ?? newPosId('till'),
    type: given.type ?? 'sale',
    items,
    payments: given.payments ?? [{ type: 'card', amount: totalOf(items) }],
  }
}
