/** The words of the driver for the values that the law has a table of, by name or by the number of the table. */
import { AGENT_BITS } from '@kkt/adapter/src/domain/agent.ts'
import { CORRECTION_TYPES, type Correction } from '@kkt/adapter/src/domain/correction.ts'
import { MEASURE_TAGS, PAYMENT_METHOD_TAGS, PAYMENT_OBJECT_TAGS } from '@kkt/adapter/src/domain/item.ts'
import type { MarkingStatus } from '@kkt/adapter/src/domain/marking.ts'
import type { Operation } from '@kkt/adapter/src/domain/operation.ts'
import type { PaymentType } from '@kkt/adapter/src/domain/payment.ts'
import { TAXATION_SYSTEMS, type TaxationSystem } from '@kkt/adapter/src/domain/taxation.ts'
import { VATS, type Vat } from '@kkt/adapter/src/domain/vat.ts'

export type Words<Name> = ReadonlyMap<string, Name>

const inCamelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** @param own the driver's words where they are not ours in camel case */
function wordsOf<Name extends string>(
  tags: Readonly<Record<Name, number>>,
  own: Partial<Record<Name, readonly string[]>> = {},
): Words<Name> {
  const words = new Map<string, Name>()
  for (const name in tags) {
    for (const word of own[name] ?? [inCamelCase(name)]) words.set(word, name)
    words.set(String(tags[name]), name)
  }
  return words
}

/** 1214. */
export const PAYMENT_METHOD_WORDS = wordsOf(PAYMENT_METHOD_TAGS)

/** 1212. */
export const PAYMENT_OBJECT_WORDS = wordsOf(PAYMENT_OBJECT_TAGS, {
  composite: ['composite', 'pay'],
  property_right: ['proprietaryLaw'],
  non_operating_gain: ['nonOperatingIncome'],
  other_contributions: ['otherContributions', 'insuranceContributions'],
  trade_fee: ['merchantTax'],
  tourist_tax: ['touristTax', 'resortFee'],
  expense: ['consumption'],
  pension_insurance_ip: ['soleProprietorCPIContributions'],
  pension_insurance: ['cpiContributions'],
  medical_insurance_ip: ['soleProprietorCMIContributions'],
  medical_insurance: ['cmiContributions'],
  social_insurance: ['csiContributions'],
  cash_withdrawal: ['fundsIssuance'],
})

/** 2108. */
export const MEASURE_WORDS = wordsOf(MEASURE_TAGS, { gigacalorie: ['gkal'], other: ['otherUnits'] })

/** 1222. The driver takes no number here. */
export const AGENT_WORDS: Words<keyof typeof AGENT_BITS> = new Map(
  [...wordsOf(AGENT_BITS)].filter(([word]) => !/^\d+$/.test(word)),
)

export const taxationWord = (system: TaxationSystem): string => inCamelCase(system)
/** 1055. */
export const TAXATION_WORDS: Words<TaxationSystem> = new Map(TAXATION_SYSTEMS.map((one) => [taxationWord(one), one]))

/** The rates of 18 % ended in 2018, and the driver still knows their names. */
export type SaidVat = Vat | 'vat18' | 'vat118'
export const VAT_WORDS: Words<SaidVat> = new Map(
  [...VATS, 'vat18' as const, 'vat118' as const].map((vat) => [vat, vat]),
)

/** 1173. */
export const CORRECTION_WORDS: Words<Correction['type']> = new Map(CORRECTION_TYPES.map((type) => [type, type]))

/** 2003. */
export const MARKING_STATUS_WORDS: Words<MarkingStatus> = new Map<string, MarkingStatus>([
  ['itemPieceSold', 'piece_sold'],
  ['itemDryForSale', 'measured_for_sale'],
  ['itemPieceReturn', 'piece_returned'],
  ['itemDryReturn', 'measured_returned'],
  ['itemPieceForSale', 'piece_for_sale'],
  ['itemDrySold', 'measured_sold'],
  ['itemStatusUnchanged', 'unchanged'],
])

/** The kinds of payment of the till's own, 5 to 9, are cashless ones. */
const OWN_KINDS = ['5', '6', '7', '8', '9'] as const
export const OWN_PAYMENT_WORDS = OWN_KINDS.map((kind) => `userPaymentType-${kind}`)

/** The word of each way of paying, in the order of the driver's numbers from 0. */
export const PAYMENT_WORD = {
  cash: 'cash',
  card: 'electronically',
  prepaid: 'prepaid',
  credit: 'credit',
  other: 'other',
} as const satisfies Record<PaymentType, string>

export const PAYMENT_WORDS: Words<PaymentType> = new Map<string, PaymentType>([
  ['cash', 'cash'],
  ['0', 'cash'],
  ['electronically', 'card'],
  ['1', 'card'],
  ['prepaid', 'prepaid'],
  ['2', 'prepaid'],
  ['credit', 'credit'],
  ['3', 'credit'],
  ['other', 'other'],
  ['4', 'other'],
  ...OWN_KINDS.map((kind): [string, PaymentType] => [kind, 'card']),
])

export const OPERATION_WORD = {
  sale: 'sell',
  refund: 'sellReturn',
  buy: 'buy',
  buy_refund: 'buyReturn',
} as const satisfies Record<Operation, string>
