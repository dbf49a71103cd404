/** The receipts that put a wrong one right, written apart from the adapter, which is compared with them. */
import { dueKopecks } from './completed.ts'
import type { Body, Content } from './wire_content.ts'

/** Why a receipt is put right, and the document that is. Null: nothing was fiscalised. */
export type Because = { correction: NonNullable<Body['correction']>; corrects: Numbers | null }
/** The numbers of a document. */
export type Numbers = { fn: string; fd: number; fpd: string }

const OPPOSITE = { sale: 'refund', refund: 'sale', buy: 'buy_refund', buy_refund: 'buy' } as const
/** In the order in which a KKT prints them. */
const WAYS = ['cash', 'card', 'prepaid', 'credit', 'other'] as const
const kopecks = (roubles: number) => Math.round(roubles * 100)

/** @param wrong the till's words, or what the adapter shows of them */
export function reversalOf(wrong: Body | (Content & { pos_id: string }), because: Because): Body {
  const items = wrong.items.map(({ marking_status: planned, ...item }) =>
    item.marking_code === undefined && planned !== undefined ? { ...item, marking_status: planned } : item,
  )
  return correcting({ ...wrong, type: OPPOSITE[wrong.type], items, payments: settled(wrong) }, because)
}

/** The document that is corrected takes the place of any other. */
export function correcting(said: Body, { correction, corrects }: Because): Body {
  const { correction: _its, corrects: _other, refund_of: _sold, attribute, ...rest } = said
  if (corrects !== null) return { ...rest, correction, corrects }
  return attribute === undefined ? { ...rest, correction } : { ...rest, attribute, correction }
}

/** The payments, added up by their ways, without the change. */
function settled({ payments, ...wrong }: Body | Content): Body['payments'] {
  const sum = (of: Body['payments']) => of.reduce((total, { amount }) => total + kopecks(amount), 0)
  const givesChange = wrong.type === 'sale' || wrong.type === 'buy_refund'
  const change = givesChange ? Math.max(0, sum(payments) - dueKopecks(wrong)) : 0
  return WAYS.flatMap((type) => {
    const paid = sum(payments.filter((one) => one.type === type)) - (type === 'cash' ? change : 0)
    return paid > 0 ? [{ type, amount: paid / 100 }] : []
  })
}
