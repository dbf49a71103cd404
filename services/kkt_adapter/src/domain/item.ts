import type { Agent, Supplier } from './agent.ts'
import type { Marking } from './marking.ts'
import { namesOf } from './names.ts'
import type { Vat } from './vat.ts'

/** The ways of settlement, tag 1214. Without a word of the till it is `full_payment`. */
export const PAYMENT_METHOD_TAGS = {
  full_prepayment: 1,
  prepayment: 2,
  advance: 3,
  full_payment: 4,
  partial_payment: 5,
  credit: 6,
  credit_payment: 7,
} as const

export type PaymentMethod = keyof typeof PAYMENT_METHOD_TAGS

export const PAYMENT_METHODS = namesOf(PAYMENT_METHOD_TAGS)

/** The subjects of settlement, tag 1212. Without a word of the till it is `commodity`. */
export const PAYMENT_OBJECT_TAGS = {
  commodity: 1,
  excise: 2,
  job: 3,
  service: 4,
  gambling_bet: 5,
  gambling_prize: 6,
  lottery: 7,
  lottery_prize: 8,
  intellectual_activity: 9,
  payment: 10,
  agent_commission: 11,
  composite: 12,
  another: 13,
  property_right: 14,
  non_operating_gain: 15,
  other_contributions: 16,
  trade_fee: 17,
  tourist_tax: 18,
  deposit: 19,
  expense: 20,
  pension_insurance_ip: 21,
  pension_insurance: 22,
  medical_insurance_ip: 23,
  medical_insurance: 24,
  social_insurance: 25,
  casino_payment: 26,
  cash_withdrawal: 27,
  excise_without_marking: 30,
  excise_with_marking: 31,
  commodity_without_marking: 32,
  commodity_with_marking: 33,
} as const

export type PaymentObject = keyof typeof PAYMENT_OBJECT_TAGS

export const PAYMENT_OBJECTS = namesOf(PAYMENT_OBJECT_TAGS)

/** Measures of quantity, tag 2108. Without a word of the till it is `piece`. */
export const MEASURE_TAGS = {
  piece: 0,
  gram: 10,
  kilogram: 11,
  ton: 12,
  centimeter: 20,
  decimeter: 21,
  meter: 22,
  square_centimeter: 30,
  square_decimeter: 31,
  square_meter: 32,
  milliliter: 40,
  liter: 41,
  cubic_meter: 42,
  kilowatt_hour: 50,
  gigacalorie: 51,
  day: 70,
  hour: 71,
  minute: 72,
  second: 73,
  kilobyte: 80,
  megabyte: 81,
  gigabyte: 82,
  terabyte: 83,
  other: 255,
} as const

export type Measure = keyof typeof MEASURE_TAGS

export const MEASURES = namesOf(MEASURE_TAGS)

/** A sector's attribute, tag 1260: the body that wants it (1262), its act's date and number (1263, 1264), and 1265. */
export type Sector = { body: string; date: string; number: string; value: string }

type ItemFields = {
  /** 1030. */
  name: string
  /** 1079, with discounts and markups in it. */
  priceKopecks: number
  /** 1023. */
  quantityMicro: number
  /** 1043. */
  totalKopecks: number
  paymentMethod?: PaymentMethod
  paymentObject?: PaymentObject
  measure?: Measure
  agent?: Agent
  supplier?: Supplier
  /** 1229. */
  exciseKopecks?: number
  /** 1230: the country's three digits. */
  country?: string
  /** 1231: the number of the customs declaration. */
  declaration?: string
  /** 1191. */
  attribute?: string
  sector?: Sector[]
} & Marking

/**
 * An item, tag 1059. Money in kopecks, `quantityMicro` in millionths. `vat`: tag 1199. An optional field that is not said is
 * absent.
 */
export type Item = ItemFields & { vat: Vat }

/** An item in its till's words. A refund that names its original may leave the rate to it. */
export type SaidItem = ItemFields & { vat?: Vat }
