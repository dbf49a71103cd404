import { VAT_WORDS } from '../../slip/words.ts'
import type { csv as enCsv } from './en_csv.ts'

export const csv: typeof enCsv = {
  before: [
    'ФД',
    'ФН',
    'ФПД',
    'Смена',
    'Номер за смену',
    'Время',
    'Касса',
    'Операция',
    'Коррекция: тип',
    'Коррекция: дата расчёта',
    'Коррекция: номер предписания',
    'Исправляет ФПД',
    'Исправляет receipt_id',
    'Кто исправил',
    'Возврат по ФПД',
    'Возврат по receipt_id',
    'Кассир',
    'СНО',
    'Итог',
  ],
  vats: {
    ...VAT_WORDS,
    none: 'Сумма без НДС',
    vat0: 'Сумма с НДС 0%',
  },
  payments: {
    cash: 'Наличными',
    card: 'Безналичными',
    prepaid: 'Предоплата (аванс)',
    credit: 'Кредит',
    other: 'Иная форма оплаты',
  },
  behind: ['Сдача', 'Статус', 'receipt_id'],
}
