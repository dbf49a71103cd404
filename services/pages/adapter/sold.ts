import type { Format } from '../kit/format.ts'
import type { Item, Receipt } from './wire.ts'
import type { Words } from './words/en.ts'

/** A term and its value, as a list of facts shows them. */
export type Fact = readonly [term: string, value: string]

type Shown = { words: Words; format: Format }

type Operation = Pick<Receipt, 'type' | 'fiscal_doc' | 'correction'>

/** `Sale`, or `Correction: Sale`. A list tells a correction only by its document. */
export function operationOf({ type, fiscal_doc: doc, correction }: Operation, { codes, receipt }: Words): string {
  const isCorrection = correction !== undefined || doc?.correction === true
  return isCorrection ? receipt.correctionOf(codes.types[type]) : codes.types[type]
}

/** `22 %`, or `22/122` for an inverted rate. @param vat the adapter's name of a rate: `vat22`, `vat122`, `none` */
export function rateInWords(vat: string, { receipt }: Words): string {
  const percent = Number(vat.replace('vat', ''))
  if (vat === 'none') return receipt.noVat
  return percent > 100 ? `${percent - 100}/${percent}` : `${percent} %`
}

/** `0.125 m`. A receipt that tells no measure sells pieces. */
export const quantityOf = ({ quantity, measure = 'piece' }: Item, { words, format }: Shown): string =>
  measure === 'piece' ? format.number(quantity) : `${format.number(quantity)} ${words.codes.measures[measure]}`

/** The lines below an item's name: all that is not as in most sales. */
export function notesOf(item: Item, { codes, receipt }: Words): string[] {
  const { payment_method: method = 'full_payment', payment_object: object = 'commodity', supplier } = item
  const isUsual = method === 'full_payment' && object === 'commodity'
  const from = [supplier?.name, supplier?.inn && `${receipt.inn} ${supplier.inn}`].filter(Boolean)
  const part = item.fraction === undefined ? '' : `, ${receipt.fraction} ${item.fraction}`
  return [
    ...(isUsual ? [] : [`${codes.methods[method]} · ${codes.objects[object]}`]),
    ...(item.marking_status ? [`${receipt.marked}: ${codes.markings[item.marking_status]}${part}`] : []),
    ...(item.agent ? [codes.agents[item.agent.type]] : []),
    ...(from.length > 0 ? [`${receipt.supplier}: ${from.join(', ')}`] : []),
  ]
}

/** The payments as the document settles them, the change, and the sums by rate. Before a document: as the till said them. */
export function paidFacts({ payments, fiscal_doc: doc }: Receipt, { words, format }: Shown): Fact[] {
  const { receipt, codes } = words
  const settled = doc?.payments ?? payments
  const change = doc?.change ?? 0
  const cash = settled.find(({ type }) => type === 'cash')?.amount ?? 0
  const received = (Math.round(cash * 100) + Math.round(change * 100)) / 100
  const sums = doc?.vat_sums ?? []
  return [
    ...settled.map(({ type, amount }): Fact => [`${receipt.paid}: ${codes.payments[type]}`, format.roubles(amount)]),
    ...(change > 0 ? [[receipt.received, format.roubles(received)] as const] : []),
    ...(change > 0 ? [[receipt.change, format.roubles(change)] as const] : []),
    ...sums.map(({ vat, sum }): Fact => {
      const isTurnover = vat === 'none' || vat === 'vat0'
      const rate = rateInWords(vat, words)
      return [isTurnover ? receipt.turnover(rate) : receipt.vatSum(rate), format.roubles(sum)]
    }),
  ]
}

/** The cashier, the customer and the place. The document's words come before the till's. */
export function settlementFacts(receipt: Receipt, { words, format }: Shown): Fact[] {
  const { fiscal_doc: doc, customer, correction } = receipt
  const said = words.receipt
  const { cashier = receipt.cashier, taxation_system: system = receipt.taxation_system } = doc ?? {}
  const { place = receipt.place, address = receipt.address } = doc ?? {}
  return [
    ...fact(said.corrected, correction && correctionInWords(correction, { words, format })),
    ...fact(said.cashier, cashier && named(cashier, words)),
    ...fact(said.system, system && words.codes.systems[system]),
    ...fact(said.customer, customer && named(customer, words)),
    ...fact(said.contact, customer?.email ?? customer?.phone),
    ...fact(said.sender, receipt.sender_email),
    ...fact(said.internet, receipt.internet === true ? said.onInternet : ''),
    ...fact(said.paper, receipt.electronic === true ? said.electronic : ''),
    ...fact(said.place, place),
    ...fact(said.address, address),
    ...fact(said.attribute, receipt.attribute),
    ...fact(receipt.user_attribute?.name ?? '', receipt.user_attribute?.value),
  ]
}

const fact = (term: string, value: string | null | undefined): Fact[] => (value ? [[term, value]] : [])

const named = ({ name, inn }: { name?: string | undefined; inn?: string | undefined }, { receipt }: Words): string =>
  [name, inn && `${receipt.inn} ${inn}`].filter(Boolean).join(', ')

type Correction = NonNullable<Receipt['correction']>

function correctionInWords({ type, date, number }: Correction, { words, format }: Shown): string {
  const order = number === undefined ? '' : `, № ${number}`
  return `${words.codes.corrections[type]}, ${format.day(date)}${order}`
}
