import { counted } from '@kkt/platform/language.ts'
import { createFormat } from '../../kit/format.ts'
import type { receipt as enReceipt, waits as enWaits } from './en_receipt.ts'

const format = createFormat('ru')

/** The page of one receipt. */
export const receipt: typeof enReceipt = {
  title: 'Чек',
  back: 'Все чеки',
  notFound: 'Такого чека нет.',
  why: 'Почему он ждёт',
  types: { sale: 'Приход', refund: 'Возврат прихода', buy: 'Расход', buy_refund: 'Возврат расхода' },
  item: 'Товар',
  price: 'Цена',
  quantity: 'Количество',
  total: 'Сумма',
  vat: 'НДС',
  noVat: 'без НДС',
  payments: {
    cash: 'наличными',
    card: 'картой',
    prepaid: 'авансом',
    credit: 'в кредит',
    other: 'другим способом',
  },
  paid: 'Оплата',
  document: 'Фискальный документ',
  number: 'Документ (ФД)',
  sign: 'Фискальный признак (ФП)',
  fn: 'ФН',
  kkt: 'ККТ',
  shift: 'Смена',
  inShift: 'Номер чека за смену',
  at: 'Фискализирован',
  ofdId: 'Номер в ОФД',
  noDocument: 'ККТ ещё не сделала документ.',
  neverDocument: 'ККТ не сделала документ.',
  toDlq: 'К отклонённым чекам',
  slip: 'Печатный вид',
  print: 'Печать чека',
  qr: 'QR-код чека',
  timeline: 'История чека',
  after: (seconds) => `через ${format.duration(seconds)}`,
  begins: 'принят от кассы',
  attempts: (count) =>
    counted('ru', count, {
      one: 'попытка засчитана',
      few: 'попытки засчитаны',
      many: 'попыток засчитано',
      other: 'попытки засчитаны',
    }),
}

/** The reasons for which a receipt waits. */
export const waits: typeof enWaits = {
  kkt: 'ККТ ещё не напечатала его. Её состояние — на главной странице, в разделе «Связь и оборудование».',
  kktTrouble: (text, action) => `${text} ${action}`,
  unknown: 'Ответ ККТ потерялся. Как только она будет на связи, адаптер спросит у неё, что стало с чеком.',
  breaker: 'ОФД не принимает чеки, отправка приостановлена. Чек уйдёт сам, когда ОФД заработает.',
  failed: (error) => `ОФД не принял его: ${error}. Будет ещё попытка.`,
  turn: 'Он в очереди: чеки одной кассы отправляются по порядку.',
  soon: 'Его очередь: он уйдёт через мгновение.',
  sender: (text) => `Этот процесс сейчас не отправляет: ${text}.`,
  dead: (error) => `ОФД отклонил его: ${error}. Отправьте чек снова или закройте.`,
}
