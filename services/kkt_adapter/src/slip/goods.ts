import type { Agent, Supplier, TransferOperator } from '../domain/agent.ts'
import type { Item } from '../domain/item.ts'
import { formatQuantity, formatRoubles } from '../domain/money.ts'
import { taxOf, type Vat, vatSums } from '../domain/vat.ts'
import { type Block, type Fiscalised, inRussianOrder, labelled, type Section, sum } from './blocks.ts'
import { AGENT_WORDS, MEASURE_WORDS, METHOD_WORDS, OBJECT_WORDS, VAT_WORDS } from './words.ts'

/** The columns by which what belongs to an item stands below its name. */
const INDENT = 2

/** The mark behind an item with a marking code. No KKT tells the outcome of the code's check yet. */
const MARKED = '[M]'

export function goods(receipt: Fiscalised): Section {
  const taxed = taxedRates(receipt)
  return receipt.content.items.flatMap((item): Block[] => [
    { kind: 'text', text: item.name },
    { kind: 'pair', label: countOf(item), value: sum(item.totalKopecks), indent: INDENT },
    { kind: 'facts', facts: settlementOf(item, taxed), indent: INDENT },
    ...labelled('ДРОБНОЕ КОЛИЧЕСТВО', item.fraction, INDENT),
    ...agent(item.agent),
    ...supplier(item.supplier),
    ...origin(item),
  ])
}

/** `2 шт × 420.50`. */
function countOf({ quantityMicro, measure = 'piece', priceKopecks }: Item): string {
  const word = MEASURE_WORDS[measure]
  const quantity = word === '' ? formatQuantity(quantityMicro) : `${formatQuantity(quantityMicro)} ${word}`
  return `${quantity} × ${formatRoubles(priceKopecks)}`
}

function settlementOf(item: Item, taxed: ReadonlySet<Vat>): string[] {
  const { vat, totalKopecks, paymentMethod = 'full_payment', paymentObject = 'commodity' } = item
  const tax = taxed.has(vat) ? ` ${formatRoubles(taxOf(totalKopecks, vat))}` : ''
  return [
    `${METHOD_WORDS[paymentMethod]} / ${OBJECT_WORDS[paymentObject]}`,
    `${VAT_WORDS[vat]}${tax}`,
    ...(item.markingCode === undefined ? [] : [MARKED]),
  ]
}

/**
 * The rates whose items show their tax: those at which the items' taxes make the sum that the KKT signed. At another rate
 * the KKT rounds by a setting of its own, and does not tell an item's tax.
 */
function taxedRates({ content, doc: { details } }: Fiscalised): Set<Vat> {
  const signed = new Map(details?.vatSums.map(({ vat, sumKopecks }) => [vat, sumKopecks]))
  const taxes = vatSums(content.items).filter(({ vat }) => vat !== 'none' && vat !== 'vat0')
  return new Set(taxes.filter(({ vat, sumKopecks }) => signed.get(vat) === sumKopecks).map(({ vat }) => vat))
}

/** Tags 1222 and 1223. */
function agent(agent: Agent | undefined): Block[] {
  if (agent === undefined) return []
  const kind: Block = { kind: 'text', text: AGENT_WORDS[agent.type], indent: INDENT }
  switch (agent.type) {
    case 'bank_paying_agent':
    case 'bank_paying_subagent':
      return [kind, ...payingAgent(agent), ...transferOperator(agent.transferOperator)]
    case 'paying_agent':
    case 'paying_subagent':
      return [kind, ...payingAgent(agent), ...labelled('ТЕЛ. ОП. ПР. ПЛАТЕЖА', listed(agent.receiverPhones), INDENT)]
    default:
      return [kind]
  }
}

const payingAgent = ({ phones, operation }: { phones?: string[]; operation?: string }): Block[] => [
  ...labelled('ТЕЛ. ПЛ. АГЕНТА', listed(phones), INDENT),
  ...labelled('ОПЕРАЦИЯ ПЛ. АГЕНТА', operation, INDENT),
]

const transferOperator = ({ phones, name, address, inn }: TransferOperator = {}): Block[] => [
  ...labelled('ОПЕРАТОР ПЕРЕВОДА', name, INDENT),
  ...labelled('ИНН ОП. ПЕРЕВОДА', inn, INDENT),
  ...labelled('АДР. ОП. ПЕРЕВОДА', address, INDENT),
  ...labelled('ТЕЛ. ОП. ПЕРЕВОДА', listed(phones), INDENT),
]

/** Tags 1171, 1225 and 1226. */
const supplier = ({ phones, name, inn }: Supplier = {}): Block[] => [
  ...labelled('ПОСТАВЩИК', name, INDENT),
  ...labelled('ИНН ПОСТАВЩИКА', inn, INDENT),
  ...labelled('ТЕЛ. ПОСТАВЩИКА', listed(phones), INDENT),
]

const listed = (phones: readonly string[] | undefined): string | undefined => phones?.join(', ')

/** Tags 1229, 1230, 1231, 1191 and 1260. */
const origin = ({ exciseKopecks, country, declaration, attribute, sector = [] }: Item): Block[] => [
  ...labelled('АКЦИЗ', exciseKopecks === undefined ? undefined : formatRoubles(exciseKopecks), INDENT),
  ...labelled('КОД СТРАНЫ', country, INDENT),
  ...labelled('ДЕКЛАРАЦИЯ', declaration, INDENT),
  ...labelled('ДОП. РЕКВИЗИТ', attribute, INDENT),
  ...sector.flatMap(({ body, date, number, value }) =>
    labelled('ОТР. РЕКВИЗИТ', `${body} ${inRussianOrder(date)} ${number} ${value}`, INDENT),
  ),
]
