import { counted, nounFor } from '@kkt/platform/language.ts'
import type { PaymentMethod } from '../item.ts'
import type { Operation } from '../operation.ts'
import type { TaxationSystem } from '../taxation.ts'
import { type Rule, rateOf, type Vat } from '../vat.ts'
import { placeInRussian } from './places_ru.ts'
import type { ReceiptWords } from './words.ts'

const NEXT =
  'Документ действует как подписан: пусть проверят настройки ККТ. Если они неверны, оформите исправление чека'

const ACTS: Readonly<Record<Rule['kind'], string>> = { letter: 'письмо', order: 'приказ' }
const ruleIn = ({ kind, number, on }: Rule) => `${ACTS[kind]} ФНС от ${on} № ${number}`

const METHODS: Readonly<Record<PaymentMethod, string>> = {
  full_prepayment: 'предоплата 100%',
  prepayment: 'предоплата',
  advance: 'аванс',
  full_payment: 'полный расчёт',
  partial_payment: 'частичный расчёт и кредит',
  credit: 'передача в кредит',
  credit_payment: 'оплата кредита',
}

const SYSTEMS: Readonly<Record<TaxationSystem, string>> = {
  osn: 'ОСН',
  usn_income: 'УСН «доход»',
  usn_income_outcome: 'УСН «доход минус расход»',
  esn: 'ЕСХН',
  patent: 'патент',
}

function rateInWords(vat: Vat): string {
  const rate = rateOf(vat)
  if (rate.kind === 'none') return '«без НДС»'
  return `НДС ${rate.percent}${rate.kind === 'inverted' ? `/${100 + rate.percent}` : '%'}`
}

/** 2026-01-31 as people write it: 31.01.2026. */
const day = (date: string) => date.split('-').reverse().join('.')

const roubles = (sum: string) => `${sum.replace('.', ',')} ₽`

const warnings: ReceiptWords['warnings'] = {
  totalDiffers: (signed, sold) => `ККТ подписала итог ${roubles(signed)}, а в чеке ${roubles(sold)}. ${NEXT}.`,
  vatSumDiffers(vat, signed, reckoned) {
    const [there, here] = [signed, reckoned].map((sum) => (sum === null ? 'ничего' : roubles(sum)))
    return `По ставке ${rateInWords(vat)} ККТ подписала: ${there}, а по товарам чека выходит: ${here}. ${NEXT}.`
  },
  taxationSystemDiffers: (signed, sold) =>
    `ККТ подписала систему налогообложения ${SYSTEMS[signed]}, а в чеке ${SYSTEMS[sold]}. ${NEXT}.`,
  shiftOpened: (shiftNumber) =>
    `Смена была закрыта, и ККТ сама открыла для этого чека смену ${shiftNumber}. Её документ — в GET /v1/kkt/shifts.`,
  twin: (firstId, fdNumber) =>
    `Эта касса только что пробила такой же чек: ${firstId}, ${fdNumber === null ? 'документа у него ещё нет' : `документ ${fdNumber}`}. Если покупатель был один, оформите возврат этого чека. Повторно отправляйте продажу с тем же ключом (Idempotency-Key).`,
  refundOfUnknown: () =>
    'Чека, указанного в refund_of, в буфере нет, и сверить возврат не с чем: он слишком старый (RECEIPTS_KEPT_DAYS) или пробит другим адаптером. Проверьте чек покупателя.',
  refundExceeds: (left) =>
    `Возврат больше, чем осталось по исходному чеку (${roubles(left)}): его провёл оператор. Проверьте, чтобы покупатель не получил больше, чем заплатил.`,
  refundOfOther: (operation) =>
    `Исходный чек другого вида (${OPERATIONS[operation]}), такой возврат к нему не подходит. Если это ошибка, исправьте чек.`,
  refundNotSold: (index) =>
    `Товара № ${index + 1} в исходном чеке нет. Возврат повторяет исходный чек; если это ошибка, исправьте чек.`,
  refundSoldOtherwise: (index, price, vat) =>
    `У товара № ${index + 1} не та цена или ставка НДС, что в исходном чеке (${roubles(price)}, ${rateInWords(vat)}). Возврат повторяет исходный чек; если это ошибка, исправьте чек.`,
  refundExceedsQuantity: (index, left) =>
    `Товара № ${index + 1} возвращают больше, чем осталось по исходному чеку (${left.replace('.', ',')}). Проверьте, что уже вернули; если это ошибка, исправьте чек.`,
  refundMarkedAgain: (index) =>
    `Товар № ${index + 1} с этим кодом маркировки уже вернули. Проверьте код; если это ошибка, исправьте чек.`,
  noCashier: () =>
    'В документе нет кассира, а по закону без него обходятся только автоматы. Укажите кассира в чеке (cashier) или в настройках CASHIER_NAME и TILLS_FILE.',
  noContact: () =>
    'Расчёт в интернете, а куда отправить чек покупателю, не сказано; закон этого требует. Укажите почту или телефон покупателя (customer).',
  notPrintable(pointers, more) {
    const rest = more > 0 ? ` и ещё ${counted('ru', more, PLACES)}` : ''
    const named = pointers.map((pointer) => placeInRussian(pointer) ?? pointer).join('; ')
    return `Не все знаки напечатаются: ${named}${rest}. Вместо них ККТ напечатает похожие или «?». У неё есть русские и латинские буквы, цифры и обычные знаки.`
  },
  ofItem: (pointer, verdict) => `${placeInRussian(pointer) ?? pointer}: ${verdict}.`,
}

const PLACES = { one: 'место', few: 'места', many: 'мест', other: 'места' }

const verdicts: ReceiptWords['verdicts'] = {
  vatRateTooEarly: ({ vat, date, rule }, from) =>
    `на ${day(date)} ставки ${rateInWords(vat)} ещё нет, она действует с ${day(from)} (${ruleIn(rule)}). Укажите ставку того дня или поставьте часы правильно`,
  vatRateEnded: ({ vat, date, rule }, until) =>
    `на ${day(date)} ставка ${rateInWords(vat)} уже не действует: для новых продаж она отменена с ${day(until)} (${ruleIn(rule)}). Укажите сегодняшнюю ставку. Прежняя верна для возвратов, для исправления прежних чеков и для оплаты кредита`,
  vatInvertedOnGoods: (vat, method, prepayments) =>
    `расчётная ставка ${rateInWords(vat)} — для денег, взятых до передачи товара, а способ расчёта «${METHODS[method]}». Укажите обычную ставку или способ расчёта: ${prepayments.map((one) => METHODS[one]).join(', ')}`,
  vatPlainOnPrepayment: (vat, method) =>
    `указана ставка ${rateInWords(vat)} и способ расчёта «${METHODS[method]}», а деньги до передачи товара обычно облагают по расчётной ставке. Укажите её или способ расчёта за переданный товар`,
  vatUnderPatent: (vat) => `указана ставка ${rateInWords(vat)}, а на патенте НДС нет. Укажите «без НДС»`,
  vatRateOfUsn: (vat, system) =>
    `ставка ${rateInWords(vat)} бывает только при УСН, а в чеке ${SYSTEMS[system]}. Проверьте ставку и систему налогообложения`,
}

/** In the genitive, which «до» wants: до 21 знака, до 64 знаков. */
const upTo = (characters: number) => `до ${characters} ${nounFor('ru', characters, { one: 'знака', other: 'знаков' })}`

const faults: ReceiptWords['faults'] = {
  text: (maxCharacters) => `нужен текст ${upTo(maxCharacters)}, не пустой и без управляющих символов`,
  decimal: ({ least, max, places }) =>
    `нужно число ${least === 0 ? 'от 0' : 'больше 0'}, не больше ${max.replace('.', ',')}, с дробной частью ${upTo(places)}`,
  oneOf: (names) => `нужно одно из: ${names.join(', ')}`,
  vatRate: (percents) => `нужна ставка в процентах: ${percents.join(', ')}; null — без НДС`,
  vatMissing: () => 'не указана ставка НДС',
  vatTwice: () => 'ставка НДС указана дважды: оставьте vat или vat_rate',
  itemTotal: () => 'сумма должна быть равна цене, умноженной на количество, с точностью до копейки',
  quantityOfMarked: () => 'у товара с кодом маркировки количество — 1: на каждый код своя позиция',
  receiptTotal: () => 'итог должен быть равен сумме позиций или меньше неё, но не больше чем на 0,99',
  paidBeyondTotal: () => 'без наличных оплачено больше итога, а сдача бывает только с наличных',
  paidTooLittle: () => 'оплачено меньше итога',
  noChange: (operation) => `оплачено больше итога, а при операции ${operation} сдачи не бывает`,
  digits: (counts) => `нужны только цифры, ровно ${counts.join(' или ')}`,
  markingCode: (maxBytes) => `нужен код маркировки в base64, от 1 байта до ${maxBytes}`,
  markingMissing: () => 'у маркированного товара нужен код маркировки',
  email: () => `нужен адрес электронной почты ${upTo(64)}`,
  phone: () => `нужен номер телефона из цифр, пробелов, скобок, точек и дефисов, от 3 ${upTo(19)}, с + впереди или без`,
  phoneBesideEmail: () => 'укажите телефон или почту: чек уйдёт только на что-то одно',
  electronicToNobody: () => 'электронному чеку нужна почта или телефон покупателя: иначе его никто не получит',
}

const OPERATIONS: Readonly<Record<Operation, string>> = {
  sale: 'приход',
  refund: 'возврат прихода',
  buy: 'расход',
  buy_refund: 'возврат расхода',
}

const lookUps: ReceiptWords['lookUps'] = {
  total: () => 'нужна сумма в рублях, например 1549.80',
  contact: () => 'нужен адрес электронной почты или номер телефона целиком, не меньше 3 цифр',
}

export const ru: ReceiptWords = { warnings, verdicts, faults, lookUps }
