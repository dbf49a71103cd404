/** The words that the fields of a receipt take. */

/** Tag 1055. */
export const TAXATION_SYSTEMS = ['osn', 'usn_income', 'usn_income_outcome', 'esn', 'patent'] as const

/** Tag 1209. */
export const FFD_VERSIONS = ['1.05', '1.1', '1.2'] as const

/** Tag 1214, in the order of its numbers. */
export const PAYMENT_METHODS = [
  'full_prepayment',
  'prepayment',
  'advance',
  'full_payment',
  'partial_payment',
  'credit',
  'credit_payment',
] as const

/** Tag 1212, in the order of its numbers. */
export const PAYMENT_OBJECTS = [
  'commodity',
  'excise',
  'job',
  'service',
  'gambling_bet',
  'gambling_prize',
  'lottery',
  'lottery_prize',
  'intellectual_activity',
  'payment',
  'agent_commission',
  'composite',
  'another',
  'property_right',
  'non_operating_gain',
  'other_contributions',
  'trade_fee',
  'tourist_tax',
  'deposit',
  'expense',
  'pension_insurance_ip',
  'pension_insurance',
  'medical_insurance_ip',
  'medical_insurance',
  'social_insurance',
  'casino_payment',
  'cash_withdrawal',
  'excise_without_marking',
  'excise_with_marking',
  'commodity_without_marking',
  'commodity_with_marking',
] as const

/** Tag 2108, in the order of its numbers. */
export const MEASURES = [
  'piece',
  'gram',
  'kilogram',
  'ton',
  'centimeter',
  'decimeter',
  'meter',
  'square_centimeter',
  'square_decimeter',
  'square_meter',
  'milliliter',
  'liter',
  'cubic_meter',
  'kilowatt_hour',
  'gigacalorie',
  'day',
  'hour',
  'minute',
  'second',
  'kilobyte',
  'megabyte',
  'gigabyte',
  'terabyte',
  'other',
] as const

/** Tag 2003. */
export const MARKING_STATUSES = [
  'piece_sold',
  'measured_for_sale',
  'piece_returned',
  'measured_returned',
  'piece_for_sale',
  'measured_sold',
  'unchanged',
] as const

/** Tag 1222. */
export const AGENT_TYPES = [
  'bank_paying_agent',
  'bank_paying_subagent',
  'paying_agent',
  'paying_subagent',
  'attorney',
  'commission_agent',
  'another',
] as const
