import { dueKopecks } from '../../harness/completed.ts'
import type { Body } from '../../harness/wire_content.ts'
import type { Tracked } from '../checks/tracked.ts'
import type { SimNode } from '../world/node.ts'
import type { World } from '../world/world.ts'
import type { Command } from './command.ts'
import { type Sold, type Tills, tillName } from './tills.ts'

type RefundCommand = Extract<Command, { do: 'refund' }>

/** The receipt and the document that no adapter has. */
export const UNKNOWN_ID = '01900000-0000-7000-8000-00000000ffff'
export const UNKNOWN_DOCUMENT = { fn: '9999078900000961', fd: 71, fpd: '1494325660' }

/** Sends refunds that name a receipt. Some are for more than is left of it. */
export function refund(world: World, tills: Tills, node: SimNode, { till, back, by, how }: RefundCommand): void {
  const sold = tills.sold(back)
  if (!sold) return
  const original = how === 'unknown' ? undefined : world.receipts.ofKey(sold.key)
  const kopecks = Math.max(1, amountOf(how, original ? world.refunds.leftOf(original) : dueKopecks(sold.body)))
  const [others] = [world.nodes.find((other) => other !== node) ?? node]
  const senders = how === 'two_at_once' ? [node, others] : [node]
  for (const [i, sender] of senders.entries()) {
    const body = bodyOf(sold, kopecks / 100, { posId: tillName((till + i) % 3), of: namedBy(world, by, original) })
    world.findings.count('refunds', how)
    tills.send(sender, (key) => {
      world.refunds.asks(key, { originalId: original?.id ?? null, kopecks })
      return body
    })
  }
}

function amountOf(how: RefundCommand['how'], leftKopecks: number): number {
  if (how === 'part') return Math.ceil(leftKopecks / 2)
  return how === 'beyond' ? leftKopecks + 1 : leftKopecks
}

/** A till has the numbers once its receipt is printed. */
function namedBy({ kkt }: World, by: 'id' | 'numbers', original: Tracked | undefined): NonNullable<Body['refund_of']> {
  if (!original) return by === 'id' ? { receipt_id: UNKNOWN_ID } : UNKNOWN_DOCUMENT
  const signed = by === 'id' || original.documentedAt === null ? null : kkt.signedOf(original.id)
  return signed ? { fn: signed.fn, fd: signed.fd, fpd: signed.fpd } : { receipt_id: original.id }
}

function bodyOf(
  { body: { type, items } }: Sold,
  roubles: number,
  { posId, of }: { posId: string; of: NonNullable<Body['refund_of']> },
): Body {
  const [{ name } = { name: 'Goods' }] = items
  return {
    pos_id: posId,
    type: type === 'buy' ? 'buy_refund' : 'refund',
    items: [{ name, price: roubles, quantity: 1, total: roubles, vat_rate: 22 }],
    payments: [{ type: 'card', amount: roubles }],
    refund_of: of,
  }
}
