/** The names that the register's driver has for the words of the domain. A VAT rate has the same name in both. */
import type { AgentType } from '../../domain/agent.ts'
import type { Measure, PaymentMethod, PaymentObject } from '../../domain/item.ts'
import type { MarkingStatus } from '../../domain/marking.ts'
import type { Operation } from '../../domain/operation.ts'
import type { PaymentType } from '../../domain/payment.ts'
import type { TaxationSystem } from '../../domain/taxation.ts'

export const OPERATION_NAMES = {
  sale: 'sell',
  refund: 'sellReturn',
  buy: 'buy',
  buy_refund: 'buyReturn',
} as const satisfies Record<Operation, string>

export const CORRECTION_NAMES = {
  sale: 'sellCorrection',
  refund: 'sellReturnCorrection',
  buy: 'buyCorrection',
  buy_refund: 'buyReturnCorrection',
} as const satisfies Record<Operation, string>

export const TAXATION_NAMES = {
  osn: 'osn',
  usn_income: 'usnIncome',
  usn_income_outcome: 'usnIncomeOutcome',
  esn: 'esn',
  patent: 'patent',
} as const satisfies Record<TaxationSystem, string>

/** The swagger writes `credir`, which the driver refuses. */
export const PAYMENT_NAMES = {
  cash: 'cash',
  card: 'electronically',
  prepaid: 'prepaid',
  credit: 'credit',
  other: 'other',
} as const satisfies Record<PaymentType, string>

export const METHOD_NAMES = {
  full_prepayment: 'fullPrepayment',
  prepayment: 'prepayment',
  advance: 'advance',
  full_payment: 'fullPayment',
  partial_payment: 'partialPayment',
  credit: 'credit',
  credit_payment: 'creditPayment',
} as const satisfies Record<PaymentMethod, string>

export const OBJECT_NAMES = {
  commodity: 'commodity',
  excise: 'excise',
  job: 'job',
  service: 'service',
  gambling_bet: 'gamblingBet',
  gambling_prize: 'gamblingPrize',
  lottery: 'lottery',
  lottery_prize: 'lotteryPrize',
  intellectual_activity: 'intellectualActivity',
  payment: 'payment',
  agent_commission: 'agentCommission',
  composite: 'composite',
  another: 'another',
  property_right: 'proprietaryLaw',
  non_operating_gain: 'nonOperatingIncome',
  other_contributions: 'otherContributions',
  trade_fee: 'merchantTax',
  tourist_tax: 'touristTax',
  deposit: 'deposit',
  expense: 'consumption',
  pension_insurance_ip: 'soleProprietorCPIContributions',
  pension_insurance: 'cpiContributions',
  medical_insurance_ip: 'soleProprietorCMIContributions',
  medical_insurance: 'cmiContributions',
  social_insurance: 'csiContributions',
  casino_payment: 'casinoPayment',
  cash_withdrawal: 'fundsIssuance',
  excise_without_marking: 'exciseWithoutMarking',
  excise_with_marking: 'exciseWithMarking',
  commodity_without_marking: 'commodityWithoutMarking',
  commodity_with_marking: 'commodityWithMarking',
} as const satisfies Record<PaymentObject, string>

export const MEASURE_NAMES = {
  piece: 'piece',
  gram: 'gram',
  kilogram: 'kilogram',
  ton: 'ton',
  centimeter: 'centimeter',
  decimeter: 'decimeter',
  meter: 'meter',
  square_centimeter: 'squareCentimeter',
  square_decimeter: 'squareDecimeter',
  square_meter: 'squareMeter',
  milliliter: 'milliliter',
  liter: 'liter',
  cubic_meter: 'cubicMeter',
  kilowatt_hour: 'kilowattHour',
  gigacalorie: 'gkal',
  day: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  kilobyte: 'kilobyte',
  megabyte: 'megabyte',
  gigabyte: 'gigabyte',
  terabyte: 'terabyte',
  other: 'otherUnits',
} as const satisfies Record<Measure, string>

export const AGENT_NAMES = {
  bank_paying_agent: 'bankPayingAgent',
  bank_paying_subagent: 'bankPayingSubagent',
  paying_agent: 'payingAgent',
  paying_subagent: 'payingSubagent',
  attorney: 'attorney',
  commission_agent: 'commissionAgent',
  another: 'another',
} as const satisfies Record<AgentType, string>

export const MARKING_NAMES = {
  piece_sold: 'itemPieceSold',
  measured_for_sale: 'itemDryForSale',
  piece_returned: 'itemPieceReturn',
  measured_returned: 'itemDryReturn',
  piece_for_sale: 'itemPieceForSale',
  measured_sold: 'itemDrySold',
  unchanged: 'itemStatusUnchanged',
} as const satisfies Record<MarkingStatus, string>

/** The domain's words for the driver's names, of one of the tables above. */
export const wordsByName = <Word extends string>(names: Readonly<Record<Word, string>>): ReadonlyMap<string, Word> => {
  const isWord = (word: string): word is Word => word in names
  return new Map(
    Object.keys(names)
      .filter(isWord)
      .map((word) => [names[word], word]),
  )
}
