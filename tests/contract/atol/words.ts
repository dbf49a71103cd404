/** The wire's words and the fiscal tags behind them. Each word is a name of ATOL's driver, each number one of FFD 1.2. */

/** Operation of a receipt, and the value of 1054. */
export const OPERATIONS = { sell: 1, sellReturn: 2, buy: 3, buyReturn: 4 } as const

export const CORRECTIONS = {
  sellCorrection: 1,
  sellReturnCorrection: 2,
  buyCorrection: 3,
  buyReturnCorrection: 4,
} as const

/** Taxation system, and the value of 1055. */
export const TAXATIONS = { osn: 1, usnIncome: 2, usnIncomeOutcome: 4, esn: 16, patent: 32 } as const

/** VAT of an item, and the value of 1199. */
export const VATS = {
  vat20: 1,
  vat10: 2,
  vat120: 3,
  vat110: 4,
  vat0: 5,
  none: 6,
  vat5: 7,
  vat7: 8,
  vat105: 9,
  vat107: 10,
  vat22: 11,
  vat122: 12,
} as const

/** The receipt's sums by VAT whose tags are known: the tax, but the turnover for 0 % and for no VAT. */
export const VAT_SUM_TAGS = {
  vat20: '1102',
  vat10: '1103',
  vat0: '1104',
  none: '1105',
  vat120: '1106',
  vat110: '1107',
} as const

/** Way of paying: its other name, and the tag of its sum. */
export const PAYMENTS = {
  cash: { number: '0', tag: '1031' },
  electronically: { number: '1', tag: '1081' },
  prepaid: { number: '2', tag: '1215' },
  credit: { number: '3', tag: '1216' },
  other: { number: '4', tag: '1217' },
} as const

/** The till's own kinds of payment. */
export const OWN_PAYMENTS = ['5', '6', '7', '8', '9'] as const

/** Way of settlement, and the value of 1214. */
export const PAYMENT_METHODS = {
  fullPrepayment: 1,
  prepayment: 2,
  advance: 3,
  fullPayment: 4,
  partialPayment: 5,
  credit: 6,
  creditPayment: 7,
} as const

/** Subject of settlement, and the value of 1212. The resort fee became the tourist tax, and both names are known. */
export const PAYMENT_OBJECTS = {
  commodity: 1,
  excise: 2,
  job: 3,
  service: 4,
  gamblingBet: 5,
  gamblingPrize: 6,
  lottery: 7,
  lotteryPrize: 8,
  intellectualActivity: 9,
  payment: 10,
  agentCommission: 11,
  composite: 12,
  another: 13,
  proprietaryLaw: 14,
  nonOperatingIncome: 15,
  otherContributions: 16,
  merchantTax: 17,
  resortFee: 18,
  touristTax: 18,
  deposit: 19,
  consumption: 20,
  soleProprietorCPIContributions: 21,
  cpiContributions: 22,
  soleProprietorCMIContributions: 23,
  cmiContributions: 24,
  csiContributions: 25,
  casinoPayment: 26,
  fundsIssuance: 27,
  exciseWithoutMarking: 30,
  exciseWithMarking: 31,
  commodityWithoutMarking: 32,
  commodityWithMarking: 33,
} as const

/** Measure of an item, and the value of 2108. */
export const MEASURES = {
  piece: 0,
  gram: 10,
  kilogram: 11,
  ton: 12,
  centimeter: 20,
  decimeter: 21,
  meter: 22,
  squareCentimeter: 30,
  squareDecimeter: 31,
  squareMeter: 32,
  milliliter: 40,
  liter: 41,
  cubicMeter: 42,
  kilowattHour: 50,
  gkal: 51,
  day: 70,
  hour: 71,
  minute: 72,
  second: 73,
  kilobyte: 80,
  megabyte: 81,
  gigabyte: 82,
  terabyte: 83,
  otherUnits: 255,
} as const

export const AGENTS = [
  'bankPayingAgent',
  'bankPayingSubagent',
  'payingAgent',
  'payingSubagent',
  'attorney',
  'commissionAgent',
  'another',
] as const

/** The names of a word list, as zod's enum wants them. */
export const namesOf = <Word extends string>(words: Readonly<Record<Word, unknown>>): Word[] => {
  const isWord = (name: string): name is Word => name in words
  return Object.keys(words).filter(isWord)
}
