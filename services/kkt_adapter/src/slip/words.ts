/** The words of a slip for what a receipt holds as codes, as KKTs of this country print them. */
import type { AgentType } from '../domain/agent.ts'
import type { Correction } from '../domain/correction.ts'
import type { Measure, PaymentMethod, PaymentObject } from '../domain/item.ts'
import type { Operation } from '../domain/operation.ts'
import type { PaymentType } from '../domain/payment.ts'
import type { FnFlag } from '../domain/shift.ts'
import type { TaxationSystem } from '../domain/taxation.ts'
import type { Vat } from '../domain/vat.ts'

/** Tag 1054. */
export const OPERATION_WORDS: Readonly<Record<Operation, string>> = {
  sale: 'ПРИХОД',
  refund: 'ВОЗВРАТ ПРИХОДА',
  buy: 'РАСХОД',
  buy_refund: 'ВОЗВРАТ РАСХОДА',
}

/** Tag 1173. */
export const CORRECTION_WORDS: Readonly<Record<Correction['type'], string>> = {
  self: 'САМОСТОЯТЕЛЬНО',
  instruction: 'ПО ПРЕДПИСАНИЮ',
}

/** The FN's warnings: tags 1050, 1051, 1052 and 1053. */
export const FN_FLAG_WORDS: Readonly<Record<FnFlag, string>> = {
  ends_in_30_days: 'РЕСУРС КЛЮЧЕЙ ФН МЕНЕЕ 30 ДНЕЙ',
  ends_in_3_days: 'СРОЧНО ЗАМЕНИТЕ ФН: МЕНЕЕ 3 ДНЕЙ',
  nearly_full: 'ПАМЯТЬ ФН ЗАПОЛНЕНА НА 90%',
  ofd_silent: 'ПРЕВЫШЕНО ВРЕМЯ ОЖИДАНИЯ ОТВЕТА ОФД',
}

/** Tags 1031, 1081, 1215, 1216 and 1217. */
export const PAYMENT_WORDS: Readonly<Record<PaymentType, string>> = {
  cash: 'НАЛИЧНЫМИ',
  card: 'БЕЗНАЛИЧНЫМИ',
  prepaid: 'ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)',
  credit: 'ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)',
  other: 'ИНАЯ ФОРМА ОПЛАТЫ',
}

/** Tag 1199. */
export const VAT_WORDS: Readonly<Record<Vat, string>> = {
  none: 'БЕЗ НДС',
  vat0: 'НДС 0%',
  vat5: 'НДС 5%',
  vat7: 'НДС 7%',
  vat10: 'НДС 10%',
  vat20: 'НДС 20%',
  vat22: 'НДС 22%',
  vat105: 'НДС 5/105',
  vat107: 'НДС 7/107',
  vat110: 'НДС 10/110',
  vat120: 'НДС 20/120',
  vat122: 'НДС 22/122',
}

/** Tag 1055. */
export const TAXATION_WORDS: Readonly<Record<TaxationSystem, string>> = {
  osn: 'ОСН',
  usn_income: 'УСН ДОХОД',
  usn_income_outcome: 'УСН ДОХОД - РАСХОД',
  esn: 'ЕСХН',
  patent: 'ПАТЕНТ',
}

/** Tag 1214. */
export const METHOD_WORDS: Readonly<Record<PaymentMethod, string>> = {
  full_prepayment: 'ПРЕДОПЛАТА 100%',
  prepayment: 'ПРЕДОПЛАТА',
  advance: 'АВАНС',
  full_payment: 'ПОЛНЫЙ РАСЧЕТ',
  partial_payment: 'ЧАСТИЧНЫЙ РАСЧЕТ И КРЕДИТ',
  credit: 'ПЕРЕДАЧА В КРЕДИТ',
  credit_payment: 'ОПЛАТА КРЕДИТА',
}

/** Tag 1212. */
export const OBJECT_WORDS: Readonly<Record<PaymentObject, string>> = {
  commodity: 'ТОВАР',
  excise: 'ПОДАКЦИЗНЫЙ ТОВАР',
  job: 'РАБОТА',
  service: 'УСЛУГА',
  gambling_bet: 'СТАВКА ИГРЫ',
  gambling_prize: 'ВЫИГРЫШ ИГРЫ',
  lottery: 'СТАВКА ЛОТЕРЕИ',
  lottery_prize: 'ВЫИГРЫШ ЛОТЕРЕИ',
  intellectual_activity: 'ПРЕДОСТАВЛЕНИЕ РИД',
  payment: 'ПЛАТЕЖ',
  agent_commission: 'АГЕНТСКОЕ ВОЗНАГРАЖДЕНИЕ',
  composite: 'ВЫПЛАТА',
  another: 'ИНОЙ ПРЕДМЕТ РАСЧЕТА',
  property_right: 'ИМУЩЕСТВЕННОЕ ПРАВО',
  non_operating_gain: 'ВНЕРЕАЛИЗАЦИОННЫЙ ДОХОД',
  other_contributions: 'ИНЫЕ ПЛАТЕЖИ И ВЗНОСЫ',
  trade_fee: 'ТОРГОВЫЙ СБОР',
  tourist_tax: 'ТУРИСТИЧЕСКИЙ НАЛОГ',
  deposit: 'ЗАЛОГ',
  expense: 'РАСХОД',
  pension_insurance_ip: 'ВЗНОСЫ НА ОПС ИП',
  pension_insurance: 'ВЗНОСЫ НА ОПС',
  medical_insurance_ip: 'ВЗНОСЫ НА ОМС ИП',
  medical_insurance: 'ВЗНОСЫ НА ОМС',
  social_insurance: 'ВЗНОСЫ НА ОСС',
  casino_payment: 'ПЛАТЕЖ КАЗИНО',
  cash_withdrawal: 'ВЫДАЧА ДЕНЕЖНЫХ СРЕДСТВ',
  excise_without_marking: 'ПОДАКЦИЗНЫЙ ТОВАР БЕЗ КОДА МАРКИРОВКИ',
  excise_with_marking: 'ПОДАКЦИЗНЫЙ ТОВАР С КОДОМ МАРКИРОВКИ',
  commodity_without_marking: 'ТОВАР БЕЗ КОДА МАРКИРОВКИ',
  commodity_with_marking: 'ТОВАР С КОДОМ МАРКИРОВКИ',
}

/** Tag 2108. The last measure of the law has no word. */
export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  piece: 'шт',
  gram: 'г',
  kilogram: 'кг',
  ton: 'т',
  centimeter: 'см',
  decimeter: 'дм',
  meter: 'м',
  square_centimeter: 'кв. см',
  square_decimeter: 'кв. дм',
  square_meter: 'кв. м',
  milliliter: 'мл',
  liter: 'л',
  cubic_meter: 'куб. м',
  kilowatt_hour: 'кВт·ч',
  gigacalorie: 'Гкал',
  day: 'сутки',
  hour: 'час',
  minute: 'мин',
  second: 'с',
  kilobyte: 'Кбайт',
  megabyte: 'Мбайт',
  gigabyte: 'Гбайт',
  terabyte: 'Тбайт',
  other: '',
}

/** Tag 1222. */
export const AGENT_WORDS: Readonly<Record<AgentType, string>> = {
  bank_paying_agent: 'БАНК. ПЛ. АГЕНТ',
  bank_paying_subagent: 'БАНК. ПЛ. СУБАГЕНТ',
  paying_agent: 'ПЛ. АГЕНТ',
  paying_subagent: 'ПЛ. СУБАГЕНТ',
  attorney: 'ПОВЕРЕННЫЙ',
  commission_agent: 'КОМИССИОНЕР',
  another: 'АГЕНТ',
}
