/** Fields that FFD 1.2 wants in each receipt, or in receipts of a kind. */
import type { Check } from './check.ts'
import { type Fields, fieldsIn } from './reading.ts'

const isGiven = (of: Fields | null, name: string) => {
  const value = of?.[name]
  return value !== undefined && value !== null && value !== ''
}

const OF_THE_DOCUMENT = {
  taxation_system: 1055,
  operation: 1054,
  registration_number: 1037,
  serial_number: 1013,
  fns_url: 1060,
} as const
const OF_THE_SELLER = { name: 1048, inn: 1018 } as const
const OF_AN_ITEM = { payment_method: 1214, payment_object: 1212, measure: 2108 } as const

export const requiredOfDocument: Check = {
  code: 'required',
  tags: Object.values({ ...OF_THE_DOCUMENT, ...OF_THE_SELLER }).join(', '),
  rule: 'The document has its operation, its taxation system, the numbers of its cash register, the seller and the site of the tax service.',
  judges: '1.2',
  find({ fiscalDoc }, tell) {
    for (const [name, tag] of Object.entries(OF_THE_DOCUMENT)) {
      if (!isGiven(fiscalDoc, name)) tell(tag, `/fiscal_doc/${name}`, 'is missing')
    }
    const seller = fieldsIn(fiscalDoc, 'seller')
    for (const [name, tag] of Object.entries(OF_THE_SELLER)) {
      if (!isGiven(seller, name)) tell(tag, `/fiscal_doc/seller/${name}`, 'is missing')
    }
  },
}

export const requiredOfItems: Check = {
  code: 'required_of_item',
  tags: Object.values(OF_AN_ITEM).join(', '),
  rule: 'Each item has its way of settlement, its subject and its measure.',
  judges: '1.2',
  find({ items }, tell) {
    for (const [i, item] of items.entries()) {
      for (const [name, tag] of Object.entries(OF_AN_ITEM)) {
        if (!isGiven(item, name)) tell(tag, `/items/${i}/${name}`, 'is missing')
      }
    }
  },
}

export const cashier: Check = {
  code: 'cashier',
  tags: '1021',
  rule: 'The document names the cashier. Settlements on the internet, which automatic devices make, may do without.',
  judges: '1.2',
  find({ content, fiscalDoc }, tell) {
    if (content['internet'] === true || isGiven(fieldsIn(fiscalDoc, 'cashier'), 'name')) return
    tell(1021, '/fiscal_doc/cashier', 'is missing')
  },
}

export const contact: Check = {
  code: 'contact',
  tags: '1008, 1187',
  rule: "A settlement on the internet has the customer's e-mail or phone, and the site as its place. A receipt without paper has the contact, too.",
  judges: '1.2',
  find({ content, fiscalDoc }, tell) {
    const isOnInternet = content['internet'] === true
    const customer = fieldsIn(content, 'customer')
    const hasContact = isGiven(customer, 'email') || isGiven(customer, 'phone')
    if ((isOnInternet || content['electronic'] === true) && !hasContact) {
      tell(1008, '/customer', 'has neither email nor phone')
    }
    if (isOnInternet && !isGiven(content, 'place') && !isGiven(fiscalDoc, 'place')) tell(1187, '/place', 'is missing')
  },
}
