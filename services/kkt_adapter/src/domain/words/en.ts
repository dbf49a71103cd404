import type { PaymentMethod } from '../item.ts'
import type { Operation } from '../operation.ts'
import type { TaxationSystem } from '../taxation.ts'
import type { Rule, Vat } from '../vat.ts'

/** The document is signed, and only a correction changes anything. */
const NEXT =
  "The document holds as it is signed: have the KKT's settings looked at, and correct the receipt if they were wrong"

const ruleIn = ({ kind, number, on }: Rule) => `${kind} ${number} of the tax service, ${on}`

/** Things that its till should know about a receipt. Sums are in roubles, as people write them; days `yyyy-mm-dd`. */
const warnings = {
  totalDiffers: (signed: string, sold: string) =>
    `The KKT signed a total of ${signed}, and the receipt has ${sold}. ${NEXT}.`,
  /** @param signed null for nothing, and so is `reckoned` */
  vatSumDiffers: (vat: Vat, signed: string | null, reckoned: string | null) =>
    `The KKT signed ${signed ?? 'nothing'} at the rate ${vat}, and the receipt's items make ${reckoned ?? 'nothing'}. ${NEXT}.`,
  taxationSystemDiffers: (signed: TaxationSystem, sold: TaxationSystem) =>
    `The KKT signed the taxation system ${signed}, and the receipt has ${sold}. ${NEXT}.`,
  shiftOpened: (shiftNumber: number) =>
    `The shift was closed, and the KKT opened shift ${shiftNumber} for this receipt by itself. Its document is in GET /v1/kkt/shifts.`,
  twin: (firstId: string, fdNumber: number | null) =>
    `The same till sold the same a moment before: receipt ${firstId}, ${fdNumber === null ? 'which has no document yet' : `document ${fdNumber}`}. If there was one customer only, refund this one. A till that sends a sale again keeps its Idempotency-Key.`,
  refundOfUnknown: () =>
    'The buffer knows no receipt that refund_of names, so nothing is held against it: it is older than RECEIPTS_KEPT_DAYS or another adapter sold it. Look at the receipt of the customer.',
  /** @param left a sum in roubles */
  refundExceeds: (left: string) =>
    `The refund takes back more than the ${left} that are left of its original, by the word of an operator. See that the customer gets no more than was paid.`,
  refundOfOther: (operation: Operation) =>
    `The original is a ${operation}, and not what this refund takes back. Correct the receipt if this was a mistake.`,
  refundNotSold: (index: number) =>
    `The original has no item like that at /items/${index}. A refund repeats its original; correct the receipt if this was a mistake.`,
  refundSoldOtherwise: (index: number, price: string, vat: Vat) =>
    `The item at /items/${index} has another price or VAT rate than in the original, which has ${price} and ${vat}. A refund repeats its original; correct the receipt if this was a mistake.`,
  /** @param left a quantity */
  refundExceedsQuantity: (index: number, left: string) =>
    `More comes back of the item at /items/${index} than the ${left} that are left of it in the original. Look at what came back before; correct the receipt if this was a mistake.`,
  refundMarkedAgain: (index: number) =>
    `The good with the marking code of the item at /items/${index} came back before. Look at its code; correct the receipt if this was a mistake.`,
  noCashier: () =>
    'The document names no cashier, which the law wants of all but automatic devices: send cashier, or set CASHIER_NAME or TILLS_FILE.',
  noContact: () =>
    "The settlement is on the internet, and nothing says where the customer's receipt goes, which the law wants there: send the email or the phone of the customer.",
  /** @param pointers to the texts; `more`: the number of those that are not named */
  notPrintable(pointers: readonly string[], more: number) {
    const named = pointers.join(', ') + (more > 0 ? ` and ${more} more` : '')
    return `The KKT cannot print every character of ${named}: it prints a near one or "?" in its place. It has the characters of code page 866: Latin and Russian letters, digits and common signs.`
  },
  /** @param verdict one of `verdicts` */
  ofItem: (pointer: string, verdict: string) => `The item at ${pointer} ${verdict}.`,
}

type OnADay = { vat: Vat; date: string; rule: Rule }

/** Each continues a sentence that begins with the item, and says what to do. */
const verdicts = {
  vatRateTooEarly: ({ vat, date, rule }: OnADay, from: string) =>
    `has the VAT rate ${vat} on ${date}, and it exists from ${from} on (${ruleIn(rule)}). Send a rate of that day, or set the clock right`,
  vatRateEnded: ({ vat, date, rule }: OnADay, until: string) =>
    `has the VAT rate ${vat} on ${date}, and it ended on ${until} for new business (${ruleIn(rule)}). Send the rate of today; ${vat} stays right for refunds, for corrections of earlier receipts, and with the payment_method credit_payment`,
  vatInvertedOnGoods: (vat: Vat, method: PaymentMethod, prepayments: readonly PaymentMethod[]) =>
    `has the inverted VAT rate ${vat}, which belongs to money taken before the goods, with the payment_method ${method}. Send the plain rate, or one of ${prepayments.join(', ')}`,
  vatPlainOnPrepayment: (vat: Vat, method: PaymentMethod) =>
    `has the VAT rate ${vat} with the payment_method ${method}, and money taken before the goods usually has an inverted rate. Send that rate, or the payment_method of goods that are handed over`,
  vatUnderPatent: (vat: Vat) =>
    `has the VAT rate ${vat} under the taxation_system patent, which knows no VAT. Send none`,
  vatRateOfUsn: (vat: Vat, system: TaxationSystem) =>
    `has the VAT rate ${vat}, which only the taxation systems usn_income and usn_income_outcome know, under ${system}. Check the rate and the taxation_system`,
}

/** Faults of the fields that a cashier fills in. Each continues a sentence that begins with the field's name. */
const faults = {
  text: (maxCharacters: number) =>
    `must be 1 to ${maxCharacters} characters, none of them a control character, and one of them visible`,
  decimal: ({ least, max, places }: { least: 0 | 1; max: string; places: number }) =>
    `must be a number ${least === 0 ? 'not below' : 'above'} 0, at most ${max}, with ${places} decimals at most`,
  oneOf: (names: readonly string[]) => `must be one of ${names.join(', ')}`,
  vatRate: (percents: readonly number[]) => `must be one of ${percents.join(', ')} or null`,
  vatMissing: () => 'is missing',
  vatTwice: () => 'must not be beside vat_rate: send one of the two',
  itemTotal: () => 'must be price times quantity, give or take a kopeck',
  quantityOfMarked: () => 'must be 1 where pieces have a marking code: send one item a code',
  receiptTotal: () => "must be the sum of the items' totals, or 0.99 below it at most",
  paidBeyondTotal: () => 'must not exceed the total without the cash: only cash gives change',
  paidTooLittle: () => 'must add up to the total',
  noChange: (operation: string) => `must add up to the total: a ${operation} gives no change`,
  /** @param counts of digits */
  digits: (counts: readonly number[]) => `must be text of ${counts.join(' or ')} digits`,
  markingCode: (maxBytes: number) => `must be a marking code of 1 to ${maxBytes} bytes in base64, with its padding`,
  markingMissing: (paymentObject: string) => `must be there with the payment_object ${paymentObject}`,
  email: () => 'must be an e-mail address of 64 characters at most',
  phone: () => 'must be a phone number of 3 to 19 digits, spaces, brackets, dots and dashes, behind a + or not',
  phoneBesideEmail: () => 'must not be beside email: the receipt goes to one of the two',
  electronicToNobody: () => 'must not be true without the email or phone of a customer: the receipt would reach nobody',
}

/** Faults of what receipts are looked up by. */
const lookUps = {
  total: () => 'must be a sum in roubles, as 1549.80',
  contact: () => 'must be a whole e-mail address, or a whole phone number of 3 digits at least',
}

export const en = { warnings, verdicts, faults, lookUps }
