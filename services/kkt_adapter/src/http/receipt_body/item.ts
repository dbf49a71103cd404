import { z } from 'zod'
import { MEASURES, PAYMENT_METHODS, PAYMENT_OBJECTS, type SaidItem } from '../../domain/item.ts'
import { isTotalOf, MICRO, QUANTITY_PLACES } from '../../domain/money.ts'
import { readableText } from '../../domain/readable_text.ts'
import { said } from '../../domain/said.ts'
import { PLAIN_RATES, VATS, type Vat, vatOfRate } from '../../domain/vat.ts'
import { agent, supplier } from './agent.ts'
import { day, decimal, digits, fault, inWords, oneOf, roubles } from './fields.ts'
import { markingFields, markingOf } from './marking.ts'

const MAX_NAME_CHARACTERS = 128
const MAX_QUANTITY_MICRO = 99_999_999_999
const MAX_ATTRIBUTE_CHARACTERS = 64
const MAX_DECLARATION_CHARACTERS = 32
const MAX_SECTORS = 6
const MAX_SECTOR_NUMBER_CHARACTERS = 32
const MAX_SECTOR_VALUE_CHARACTERS = 256

const numbers = PLAIN_RATES.filter((rate) => rate !== null)
const mustBeRate = fault((words) => words.vatRate(numbers))

const vatRate = z
  .number({ error: mustBeRate })
  .nullable()
  .transform((rate, context): Vat => {
    const vat = vatOfRate(rate)
    if (vat !== undefined) return vat
    context.addIssue(mustBeRate())
    return z.NEVER
  })
  .meta({
    description:
      'In percent, included in the price. Null: without VAT. `vat` may take its place. With `refund_of` both may be left out: the rate is that of the item of the same name in the original',
    enum: [...numbers, null],
  })

/** A fact about a good that an authority asks for, such as the answer to a check of its marking. */
export const sector = z
  .strictObject({
    body: digits(/^[0-9]{3}$/, [3], 'The number of the authority (tag 1262)'),
    date: day("The day of the authority's act (tag 1263)"),
    number: readableText(MAX_SECTOR_NUMBER_CHARACTERS).meta({ description: "The act's number (tag 1264)" }),
    value: readableText(MAX_SECTOR_VALUE_CHARACTERS).meta({ description: 'The value (tag 1265)' }),
  })
  .meta({ id: 'Sector' })

export const fields = z.strictObject({
  name: readableText(MAX_NAME_CHARACTERS).meta({
    description: 'The name on the receipt (tag 1030). No control character, and one character that is visible',
  }),
  price: roubles('The price of one unit, discounts included (tag 1079)'),
  quantity: decimal(
    QUANTITY_PLACES,
    { least: 1, most: MAX_QUANTITY_MICRO },
    'In units of the thing sold, with 6 decimals at most (tag 1023)',
  ),
  total: roubles('`price` times `quantity`, give or take a kopeck (tag 1043)'),
  vat_rate: vatRate.optional(),
  vat: oneOf(VATS, 'The VAT rate by its name (tag 1199), in the place of `vat_rate`').optional(),
  payment_method: oneOf(PAYMENT_METHODS, 'The way of settlement (tag 1214). Without it: `full_payment`').optional(),
  payment_object: oneOf(
    PAYMENT_OBJECTS,
    'The thing settled for (tag 1212). Without it: that of the original in a refund that names it, or `commodity`',
  ).optional(),
  measure: oneOf(
    MEASURES,
    'The unit of `quantity` (tag 2108). Without it: that of the original in a refund that names it, or `piece`',
  ).optional(),
  ...markingFields,
  agent: agent.meta({ description: 'The agent that sells for a supplier' }).optional(),
  supplier: supplier.meta({ description: 'The supplier behind an agent' }).optional(),
  excise: roubles('The excise in the price (tag 1229)').optional(),
  country: digits(/^[0-9]{3}$/, [3], 'The number of the country of origin (tag 1230)').optional(),
  declaration: readableText(MAX_DECLARATION_CHARACTERS)
    .meta({ description: 'The number of the customs declaration (tag 1231)' })
    .optional(),
  attribute: readableText(MAX_ATTRIBUTE_CHARACTERS)
    .meta({ description: "The item's additional attribute (tag 1191)" })
    .optional(),
  sector: z
    .array(sector)
    .min(1)
    .max(MAX_SECTORS)
    .meta({ description: 'Attributes that authorities ask for (tag 1260)' })
    .optional(),
})

type Fields = z.output<typeof fields>
type Fault = { path: (keyof Fields)[]; message: string }

export const item = fields
  .transform((said, context): SaidItem => {
    for (const fault of faultsOf(said)) context.addIssue({ code: 'custom', ...fault })
    const vat = said.vat ?? said.vat_rate
    const marking = markingOf(said)
    return marking === null ? z.NEVER : Object.assign(itemOf(said, vat), marking)
  })
  .meta({ id: 'Item' })

const itemOf = (fields: Fields, vat: Vat | undefined) =>
  said({
    name: fields.name,
    priceKopecks: fields.price,
    quantityMicro: fields.quantity,
    totalKopecks: fields.total,
    vat,
    paymentMethod: fields.payment_method,
    paymentObject: fields.payment_object,
    measure: fields.measure,
    agent: fields.agent,
    supplier: fields.supplier,
    exciseKopecks: fields.excise,
    country: fields.country,
    declaration: fields.declaration,
    attribute: fields.attribute,
    sector: fields.sector,
  })

/** The places where the fields of an item contradict each other. */
function faultsOf(fields: Fields): Fault[] {
  const { price, quantity, total, vat, vat_rate } = fields
  const faults: Fault[] = []
  if (!isTotalOf(total, price, quantity)) {
    faults.push({ path: ['total'], message: inWords((words) => words.itemTotal()) })
  }
  if (vat !== undefined && vat_rate !== undefined) {
    faults.push({ path: ['vat'], message: inWords((words) => words.vatTwice()) })
  }
  addMarkingFaults(faults, fields)
  return faults
}

function addMarkingFaults(faults: Fault[], fields: Fields): void {
  const { marking_code, payment_object, measure = 'piece', fraction, quantity } = fields
  if (markingOf(fields) === null) {
    const wrong = fraction === undefined ? 'marking_status' : 'fraction'
    faults.push({ path: [wrong], message: 'must not be there without marking_code' })
  }
  if (payment_object !== 'commodity_with_marking' && payment_object !== 'excise_with_marking') return
  if (marking_code === undefined) {
    faults.push({ path: ['marking_code'], message: inWords((words) => words.markingMissing(payment_object)) })
  }
  if (measure === 'piece' && fraction === undefined && quantity !== MICRO) {
    faults.push({ path: ['quantity'], message: inWords((words) => words.quantityOfMarked()) })
  }
}
