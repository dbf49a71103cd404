/** A refused body, and the warnings of a receipt, in a cashier's words. */
import { describe, expect, test } from 'bun:test'
import { readInWords } from '@kkt/platform/wording.ts'
import { receiptBody } from '../../http/receipt_schema.ts'
import { item, payment, receipt } from '../../testing/receipt_bodies.ts'
import { placeInRussian } from './places_ru.ts'
import { RECEIPT_WORDS } from './words.ts'

function faultsIn(language: 'en' | 'ru', body: unknown) {
  const result = readInWords(receiptBody, body, undefined, language)
  return result.success ? [] : result.issues.map(({ path, message }) => `/${path.join('/')} ${message}`)
}

const marked = { payment_object: 'commodity_with_marking' }
const CODE = 'AQID'
const withCustomer = (customer: object) => receipt([item()], { customer })

const FAULTS: [what: string, body: unknown, russian: string][] = [
  [
    'a name that is empty',
    receipt([item({ name: '' })]),
    '/items/0/name нужен текст до 128 знаков, не пустой и без управляющих символов',
  ],
  ['a name that is missing', receipt([item({ name: undefined })]), '/items/0/name не указано'],
  [
    'a price below 0',
    receipt([item({ price: -1 })]),
    '/items/0/price нужно число от 0, не больше 42949672,95, с дробной частью до 2 знаков',
  ],
  [
    'a price as text',
    receipt([item({ price: '1' })]),
    '/items/0/price нужно число от 0, не больше 42949672,95, с дробной частью до 2 знаков',
  ],
  [
    'a price beyond all',
    receipt([item({ price: Number.POSITIVE_INFINITY })]),
    '/items/0/price нужно число от 0, не больше 42949672,95, с дробной частью до 2 знаков',
  ],
  [
    'a quantity of nothing',
    receipt([item({ quantity: 0 })]),
    '/items/0/quantity нужно число больше 0, не больше 99999,999999, с дробной частью до 6 знаков',
  ],
  [
    'a total that is not the product',
    receipt([item({ total: 90 })]),
    '/items/0/total сумма должна быть равна цене, умноженной на количество, с точностью до копейки',
  ],
  [
    'a rate that there is not',
    receipt([item({ vat_rate: 18 })]),
    '/items/0/vat_rate нужна ставка в процентах: 0, 5, 7, 10, 20, 22; null — без НДС',
  ],
  ['no rate', receipt([item({ vat_rate: undefined })]), '/items/0/vat_rate не указана ставка НДС'],
  ['two rates', receipt([item({ vat: 'vat22' })]), '/items/0/vat ставка НДС указана дважды: оставьте vat или vat_rate'],
  [
    'a rate by a wrong name',
    receipt([item({ vat_rate: undefined, vat: 'vat18' })]),
    `/items/0/vat нужно одно из: none, vat0, vat5, vat7, vat10, vat20, vat22, vat105, vat107, vat110, vat120, vat122`,
  ],
  ['no items', receipt([], { payments: [] }), '/items должно быть не меньше 1 строки'],
  ['101 items', receipt(Array.from({ length: 101 }, () => item())), '/items должно быть не больше 100 строк'],
  [
    'a kind of payment that there is not',
    receipt([item()], { payments: [payment(100, 'gold')] }),
    '/payments/0/type нужно одно из: cash, card, prepaid, credit, other',
  ],
  [
    'a payment of nothing',
    receipt([item()], { payments: [payment(0)] }),
    '/payments/0/amount нужно число больше 0, не больше 42949672,95, с дробной частью до 2 знаков',
  ],
  ['too little money', receipt([item()], { payments: [payment(99)] }), '/payments оплачено меньше итога'],
  [
    'too much by card',
    receipt([item()], { payments: [payment(101, 'card')] }),
    '/payments без наличных оплачено больше итога, а сдача бывает только с наличных',
  ],
  [
    'change in a refund',
    receipt([item()], { type: 'refund', payments: [payment(101)] }),
    '/payments оплачено больше итога, а при операции refund сдачи не бывает',
  ],
  [
    'a total above the sum',
    receipt([item()], { total: 101 }),
    '/total итог должен быть равен сумме позиций или меньше неё, но не больше чем на 0,99',
  ],
  [
    'two pieces with one code',
    receipt([item({ ...marked, marking_code: CODE, quantity: 2, total: 200 })]),
    '/items/0/quantity у товара с кодом маркировки количество — 1: на каждый код своя позиция',
  ],
  [
    'a marked good without its code',
    receipt([item(marked)]),
    '/items/0/marking_code у маркированного товара нужен код маркировки',
  ],
  [
    'a code that is none',
    receipt([item({ marking_code: '?' })]),
    '/items/0/marking_code нужен код маркировки в base64, от 1 байта до 256',
  ],
  [
    'an address without @',
    withCustomer({ email: 'anna' }),
    '/customer/email нужен адрес электронной почты до 64 знаков',
  ],
  [
    'a phone of letters',
    withCustomer({ phone: 'anna' }),
    '/customer/phone нужен номер телефона из цифр, пробелов, скобок, точек и дефисов, от 3 до 19 знаков, с + впереди или без',
  ],
  [
    'phone and address',
    withCustomer({ phone: '+79990000000', email: 'a@b' }),
    '/customer/phone укажите телефон или почту: чек уйдёт только на что-то одно',
  ],
  ['an INN of 11 digits', withCustomer({ inn: '12345678901' }), '/customer/inn нужны только цифры, ровно 10 или 12'],
  [
    'an electronic receipt to nobody',
    receipt([item()], { electronic: true }),
    '/electronic электронному чеку нужна почта или телефон покупателя: иначе его никто не получит',
  ],
]

describe('a body that a cashier may have spoilt is refused in Russian', () => {
  test.each(FAULTS)('%s', (_what, body, russian) => {
    expect(faultsIn('ru', body)).toEqual([russian])
    const english = faultsIn('en', body)
    expect(english).toHaveLength(1)
    expect(english[0]).not.toMatch(/\p{Script=Cyrillic}/u)
  })

  test('each fault of the table is met', () => {
    const told = new Set<string>()
    const faults = Object.entries(RECEIPT_WORDS.ru.faults)
    for (const [, body] of FAULTS) for (const text of faultsIn('ru', body)) told.add(text.replace(/^\S+ /, ''))
    /** The text up to its first parameter. */
    const beginning: Record<keyof typeof RECEIPT_WORDS.ru.faults, string> = {
      text: 'нужен текст',
      decimal: 'нужно число',
      oneOf: 'нужно одно из',
      vatRate: 'нужна ставка',
      vatMissing: 'не указана ставка',
      vatTwice: 'ставка НДС указана дважды',
      itemTotal: 'сумма должна быть',
      quantityOfMarked: 'у товара с кодом',
      receiptTotal: 'итог должен быть',
      paidBeyondTotal: 'без наличных',
      paidTooLittle: 'оплачено меньше',
      noChange: 'оплачено больше',
      digits: 'нужны только цифры',
      markingCode: 'нужен код маркировки в base64',
      markingMissing: 'у маркированного товара',
      email: 'нужен адрес',
      phone: 'нужен номер',
      phoneBesideEmail: 'укажите телефон',
      electronicToNobody: 'электронному чеку',
    }
    expect(Object.keys(beginning).sort()).toEqual(faults.map(([name]) => name).sort())
    for (const start of Object.values(beginning)) expect([...told].some((text) => text.startsWith(start))).toBe(true)
  })

  test("a till's maker reads of his own mistakes in English", () => {
    expect(faultsIn('ru', receipt([item()], { pos_id: 'a/b' }))).toEqual([
      '/pos_id must be 1 to 64 letters, digits, dots, dashes or underscores',
    ])
  })

  test('a language holds for one reading only', () => {
    const body = receipt([item({ price: -1 })])
    expect(faultsIn('en', body)).not.toEqual(faultsIn('ru', body))
    expect(receiptBody.safeParse(body).error?.issues[0]?.message).toStartWith('must be a number')
  })
})

test.each([
  ['/items/0/price', 'Позиция 1, цена'],
  ['/items/99/vat_rate', 'Позиция 100, ставка НДС'],
  ['/items', 'Позиции'],
  ['/total/0', null],
  ['/payments/1/amount', 'Оплата 2, сумма'],
  ['/payments', 'Оплата'],
  ['/customer/phone', 'Покупатель, телефон'],
  ['/total', 'Итог'],
  ['/pos_id', null],
  ['/items/0/constructor', null],
  ['/constructor', null],
  ['/items/0/agent/phones', null],
  ['', null],
])('the place %p is %p to a cashier', (pointer, place) => {
  expect(placeInRussian(pointer)).toBe(place)
})

const rule = { kind: 'letter', number: 'АБ-4-20/11248@', on: '15.12.2025' } as const
const { en, ru } = RECEIPT_WORDS
const onADay = { vat: 'vat20', date: '2026-01-31', rule } as const

const beyond = ({ warnings }: typeof en) => warnings.refundExceedsQuantity(1, '0.5')
const WARNINGS: [what: string, english: string, russian: string, inRussian: string[]][] = [
  [
    'total',
    en.warnings.totalDiffers('9.50', '10.00'),
    ru.warnings.totalDiffers('9.50', '10.00'),
    ['9,50 ₽', '10,00 ₽'],
  ],
  [
    'vat sum',
    en.warnings.vatSumDiffers('vat22', null, '1.00'),
    ru.warnings.vatSumDiffers('vat22', null, '1.00'),
    ['НДС 22%', 'ничего', '1,00 ₽'],
  ],
  [
    'system',
    en.warnings.taxationSystemDiffers('osn', 'patent'),
    ru.warnings.taxationSystemDiffers('osn', 'patent'),
    ['ОСН', 'патент'],
  ],
  ['no contact', en.warnings.noContact(), ru.warnings.noContact(), ['customer']],
  ['no cashier', en.warnings.noCashier(), ru.warnings.noCashier(), ['cashier', 'CASHIER_NAME', 'TILLS_FILE']],
  [
    'print',
    en.warnings.notPrintable(['/items/1/name', '/place'], 21),
    ru.warnings.notPrintable(['/items/1/name', '/place'], 21),
    ['Позиция 2, название; /place и ещё 21 место'],
  ],
  [
    'item',
    en.warnings.ofItem('/items/0/vat', 'x'),
    ru.warnings.ofItem('/items/0/vat', 'x'),
    ['Позиция 1, ставка НДС: x.'],
  ],
  ['shiftOpened', en.warnings.shiftOpened(12), ru.warnings.shiftOpened(12), ['12', '/v1/kkt/shifts']],
  ['twin', en.warnings.twin('R1', 12), ru.warnings.twin('R1', 12), ['R1', 'документ 12', 'возврат']],
  ['unknown', en.warnings.refundOfUnknown(), ru.warnings.refundOfUnknown(), ['refund_of', 'RECEIPTS_KEPT_DAYS']],
  ['exceeds', en.warnings.refundExceeds('200.00'), ru.warnings.refundExceeds('200.00'), ['200,00 ₽']],
  ['by the piece', beyond(en), beyond(ru), ['№ 2', '(0,5)']],
  ['marked again', en.warnings.refundMarkedAgain(1), ru.warnings.refundMarkedAgain(1), ['№ 2', 'кодом маркировки']],
  ['of other', en.warnings.refundOfOther('buy'), ru.warnings.refundOfOther('buy'), ['расход']],
  ['not sold', en.warnings.refundNotSold(1), ru.warnings.refundNotSold(1), ['№ 2']],
  [
    'sold otherwise',
    en.warnings.refundSoldOtherwise(0, '90.00', 'vat10'),
    ru.warnings.refundSoldOtherwise(0, '90.00', 'vat10'),
    ['№ 1', '90,00 ₽', 'НДС 10%'],
  ],
  [
    'early',
    en.verdicts.vatRateTooEarly(onADay, '2026-02-01'),
    ru.verdicts.vatRateTooEarly(onADay, '2026-02-01'),
    ['31.01.2026', '01.02.2026', 'НДС 20%', 'письмо ФНС от 15.12.2025 № АБ-4-20/11248@'],
  ],
  [
    'ended',
    en.verdicts.vatRateEnded(onADay, '2026-01-01'),
    ru.verdicts.vatRateEnded(onADay, '2026-01-01'),
    ['31.01.2026', '01.01.2026', 'НДС 20%', 'АБ-4-20/11248@'],
  ],
  [
    'inverted',
    en.verdicts.vatInvertedOnGoods('vat120', 'full_payment', ['advance']),
    ru.verdicts.vatInvertedOnGoods('vat120', 'full_payment', ['advance']),
    ['НДС 20/120', '«полный расчёт»', 'аванс'],
  ],
  [
    'plain',
    en.verdicts.vatPlainOnPrepayment('vat22', 'advance'),
    ru.verdicts.vatPlainOnPrepayment('vat22', 'advance'),
    ['НДС 22%', '«аванс»'],
  ],
  ['patent', en.verdicts.vatUnderPatent('vat10'), ru.verdicts.vatUnderPatent('vat10'), ['НДС 10%', 'патенте']],
  ['usn', en.verdicts.vatRateOfUsn('vat5', 'esn'), ru.verdicts.vatRateOfUsn('vat5', 'esn'), ['НДС 5%', 'ЕСХН']],
]

describe('warnings', () => {
  test.each(WARNINGS)('%s', (_what, english, russian, inRussian) => {
    expect(russian).toMatch(/\p{Script=Cyrillic}/u)
    expect(english.replace(rule.number, '')).not.toMatch(/\p{Script=Cyrillic}/u)
    for (const words of inRussian) expect(russian).toContain(words)
  })

  test('each has its example', () => {
    expect(WARNINGS).toHaveLength(Object.keys(ru.warnings).length + Object.keys(ru.verdicts).length)
  })

  test.each([
    [1, '1 место'],
    [2, '2 места'],
    [5, '5 мест'],
    [11, '11 мест'],
    [21, '21 место'],
    [111, '111 мест'],
  ])('%i places more are %s', (more, counted) => {
    expect(ru.warnings.notPrintable(['/place'], more)).toContain(` и ещё ${counted}.`)
  })
})
