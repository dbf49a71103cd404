import { counted } from '@kkt/platform/language.ts'
import { createFormat } from '../../kit/format.ts'

const format = createFormat('en')

/** The page of one receipt. */
export const receipt = {
  title: 'Receipt',
  back: 'All receipts',
  notFound: 'There is no such receipt.',
  why: 'Why it waits',
  types: { sale: 'Sale', refund: 'Refund', buy: 'Purchase', buy_refund: 'Refund of a purchase' },
  item: 'Item',
  price: 'Price',
  quantity: 'Quantity',
  total: 'Total',
  vat: 'VAT',
  noVat: 'no VAT',
  payments: { cash: 'cash', card: 'card', prepaid: 'prepaid', credit: 'on credit', other: 'other' },
  paid: 'Paid',
  document: 'Fiscal document',
  number: 'Document (FD)',
  sign: 'Sign (FPD)',
  fn: 'FN',
  kkt: 'KKT',
  shift: 'Shift',
  inShift: 'Receipt in the shift',
  at: 'Fiscalised at',
  ofdId: 'At the OFD as',
  noDocument: 'The KKT has made no document yet.',
  neverDocument: 'The KKT made no document.',
  toDlq: 'To the dead letters',
  slip: 'Slip',
  print: 'Print the slip',
  qr: 'QR code of the receipt',
  timeline: 'What happened',
  after: (seconds: number) => `after ${format.duration(seconds)}`,
  begins: 'accepted from the till',
  attempts: (count: number) => counted('en', count, { one: 'attempt counted', other: 'attempts counted' }),
}

/** The reasons for which a receipt waits. */
export const waits = {
  kkt: 'The KKT has not printed it yet. Its state is on the first page, below “Parts”.',
  kktTrouble: (text: string, action: string) => `${text} ${action}`,
  unknown: 'The KKT’s answer got lost. The KKT is asked what became of it as soon as it answers.',
  breaker: 'The OFD fails, so nothing is sent to it. It goes by itself when the OFD is back.',
  failed: (error: string) => `The OFD did not take it: ${error}. It is tried again.`,
  turn: 'It is in the queue: the receipts of a till are sent one after the other.',
  soon: 'It is its turn: it is sent within moments.',
  sender: (text: string) => `This process may not send now: ${text}.`,
  dead: (error: string) => `The OFD refused it: ${error}. Requeue or close it.`,
}
