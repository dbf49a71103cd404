import { inCodePage } from '@kkt/adapter/src/kkt/atol/task_items.ts'
import type { Content, ShownItem } from '../../harness/wire_content.ts'

/** Characters that a tag takes. A longer text is cut. */
const MOST = {
  name: 128,
  ofPosition: 64,
  declaration: 32,
  operation: 24,
  person: 64,
  text: 256,
  supplier: 239,
  reason: 32,
  attribute: 16,
  sectorNumber: 32,
  userName: 64,
}

/** The facts that the register's document takes from elsewhere. `sign`: of the document that it answers to; null for none. */
type Facts = { receiptId: string; sign: string | null }

/** Leaves out what is undefined. */
const given = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T

const cut = (text: string | undefined, most: number) => (text === undefined ? undefined : inCodePage(text, most))

/**
 * A till's content as a register prints it and sends it to the OFD: names in code page 866 and no longer than their tags, the receipt's
 * id where the till leaves tag 1084 free, and of the document that it answers to only the sign. Nothing else may differ.
 */
export function printedContent(content: Content, { receiptId, sign }: Facts): Content {
  const { corrects: _corrects, refund_of: _refunded, items, cashier, customer, correction, ...same } = content
  const { place, address, attribute, user_attribute: own = { name: 'receipt_id', value: receiptId } } = content
  return given({
    ...same,
    items: items.map(printedItem),
    payments: printedPayments(content),
    taxation_system: content.taxation_system ?? 'osn',
    cashier: cashier && { ...cashier, name: inCodePage(cashier.name, MOST.person) },
    customer: customer && given({ ...customer, name: cut(customer.name, MOST.text) }),
    correction: correction && given({ ...correction, number: cut(correction.number, MOST.reason) }),
    place: cut(place, MOST.text),
    address: cut(address, MOST.text),
    electronic: content.electronic ?? false,
    attribute: cut(sign ?? attribute, MOST.attribute),
    user_attribute: { name: inCodePage(own.name, MOST.userName), value: inCodePage(own.value, MOST.text) },
  })
}

/** The driver hands over cash last, and no payment of nothing. */
function printedPayments({ payments }: Content): Content['payments'] {
  const paid = payments.filter(({ amount }) => amount > 0)
  return [...paid.filter(({ type }) => type !== 'cash'), ...paid.filter(({ type }) => type === 'cash')]
}

const printedItem = (item: ShownItem): ShownItem =>
  given({
    ...item,
    name: inCodePage(item.name, MOST.name),
    agent: item.agent && printedAgent(item.agent),
    supplier: item.supplier && given({ ...item.supplier, name: cut(item.supplier.name, MOST.supplier) }),
    declaration: cut(item.declaration, MOST.declaration),
    attribute: cut(item.attribute, MOST.ofPosition),
    sector: item.sector?.map((one) => ({
      ...one,
      number: inCodePage(one.number, MOST.sectorNumber),
      value: inCodePage(one.value, MOST.text),
    })),
  })

function printedAgent(agent: NonNullable<ShownItem['agent']>): NonNullable<ShownItem['agent']> {
  const { operation, transfer_operator: operator } = agent
  return given({
    ...agent,
    operation: cut(operation, MOST.operation),
    transfer_operator:
      operator &&
      given({ ...operator, name: cut(operator.name, MOST.person), address: cut(operator.address, MOST.text) }),
  })
}
