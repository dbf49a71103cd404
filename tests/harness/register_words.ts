/**
 * A receipt's content as a register of ATOL files it: names in code page 866 and no longer than their tags, and the original of a
 * correction or refund told by its sign alone. Written apart from the adapter, all but the code page.
 */
import { inCodePage } from '@kkt/adapter/src/kkt/atol/task_items.ts'
import type { Content, ShownItem } from './wire_content.ts'

/** The system of a register that is registered with all of them. */
const REGISTERS_SYSTEM = 'osn'

/** Without the fields that are undefined. */
const given = <T extends object>(fields: T): T =>
  Object.assign(Object.create(Object.prototype), JSON.parse(JSON.stringify(fields)))

const cut = <Text extends string | undefined>(text: Text, most: number) =>
  text === undefined ? undefined : inCodePage(text, most)

type Agent = NonNullable<ShownItem['agent']>
type Operator = NonNullable<Agent['transfer_operator']>

const operatorOf = (operator: Operator): Operator => ({
  ...operator,
  ...given({ name: cut(operator.name, 64), address: cut(operator.address, 256) }),
})

const agentOf = (agent: Agent): Agent => ({
  ...agent,
  ...given({
    operation: cut(agent.operation, 24),
    transfer_operator: agent.transfer_operator && operatorOf(agent.transfer_operator),
  }),
})

const itemOf = (item: ShownItem): ShownItem => ({
  ...item,
  ...given({
    name: inCodePage(item.name, 128),
    attribute: cut(item.attribute, 64),
    declaration: cut(item.declaration, 32),
    agent: item.agent && agentOf(item.agent),
    supplier: item.supplier && { ...item.supplier, ...given({ name: cut(item.supplier.name, 239) }) },
    sector: item.sector?.map((one) => ({
      ...one,
      number: inCodePage(one.number, 32),
      value: inCodePage(one.value, 256),
    })),
  }),
})

/** It registers what is cashless first, and nothing of nothing. */
const registered = (payments: Content['payments']): Content['payments'] => {
  const paid = payments.filter(({ amount }) => amount > 0)
  return [...paid.filter(({ type }) => type !== 'cash'), ...paid.filter(({ type }) => type === 'cash')]
}

type Customer = NonNullable<Content['customer']>

/** One contact has a place in the document (1008). */
function customerOf({ email, phone, name, inn }: Customer): { customer?: Customer } {
  const customer = given({
    email,
    phone: email === undefined ? phone : undefined,
    name: cut(name, 256),
    inn,
  })
  return Object.keys(customer).length === 0 ? {} : { customer }
}

/** @param signOf the sign of a receipt's document */
export function asRegistered(content: Content, signOf: (receiptId: string) => string | undefined): Content {
  const { corrects, refund_of, attribute, customer, correction, cashier, user_attribute, ...rest } = content
  const original = corrects ?? refund_of
  const sign = original?.receipt_id === undefined ? original?.fpd : signOf(original.receipt_id)
  return {
    ...rest,
    items: content.items.map(itemOf),
    payments: registered(content.payments),
    taxation_system: content.taxation_system ?? REGISTERS_SYSTEM,
    electronic: content.electronic ?? false,
    ...(customer && customerOf(customer)),
    ...given({
      place: cut(content.place, 256),
      address: cut(content.address, 256),
      attribute: cut(sign ?? attribute, 16),
      cashier: cashier && { ...cashier, name: inCodePage(cashier.name, 64) },
      correction: correction && { ...correction, ...given({ number: cut(correction.number, 32) }) },
      user_attribute: user_attribute && {
        name: inCodePage(user_attribute.name, 64),
        value: inCodePage(user_attribute.value, 256),
      },
    }),
  }
}
