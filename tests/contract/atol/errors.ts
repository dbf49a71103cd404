/** The driver's error codes that are worth a rule: what became of the document, and what a till does. */

export type Fiscalised = 'no' | 'unknown' | 'look'

/** The next step of a till. */
export type Rule =
  | 'look it up, then try again'
  | 'try again'
  | 'wait for a person'
  | 'continue the print, then look it up'
  | 'close and open the shift, then try again'
  | 'read the state and act'
  | 'set the clock'
  | 'replace the FN'
  | 'watch'
  | 'give up'
  | 'give up until it is configured'
  | 'try again once, then wait for a person'

export type ErrorRow = { codes: readonly number[]; means: string; fiscalised: Fiscalised; rule: Rule }

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

const MARKING_PASSES = [401, 402, 421, 423]

export const ERRORS: readonly ErrorRow[] = [
  {
    codes: [1, 2, 3, 4, 241, 107, 108, 104, 115, 159],
    means: 'no connection, port busy, connection lost, exchange with the device or the FN',
    fiscalised: 'unknown',
    rule: 'look it up, then try again',
  },
  { codes: [55, 72, 221, 226], means: 'busy, or an update', fiscalised: 'no', rule: 'try again' },
  {
    codes: [44, 45, 46, 47, 114, 132, 150],
    means: 'paper, cover, printer, mechanics, heat, battery, cutter',
    fiscalised: 'no',
    rule: 'wait for a person',
  },
  {
    codes: [32, 151, ...range(173, 178)],
    means: 'a report or a closing was interrupted',
    fiscalised: 'look',
    rule: 'continue the print, then look it up',
  },
  {
    codes: [68, 141],
    means: 'the shift is older than 24 h',
    fiscalised: 'no',
    rule: 'close and open the shift, then try again',
  },
  {
    codes: [73, 83, 106],
    means: 'the shift is closed, is open, or has another number',
    fiscalised: 'no',
    rule: 'read the state and act',
  },
  { codes: [35, 36, 122, 142, 198, 218], means: 'the clock', fiscalised: 'no', rule: 'set the clock' },
  {
    codes: [118, 119, 120, 121, 130, 135, 136, 137, 166, 224],
    means: 'the FN is broken, expired, full, foreign, missing or closed',
    fiscalised: 'no',
    rule: 'replace the FN',
  },
  {
    codes: [139, 140, 411],
    means: 'unsent documents, or no answer of the OFD in time',
    fiscalised: 'no',
    rule: 'watch',
  },
  {
    codes: [52, 53, 60, 63, 66, 79, 80, 98, 227],
    means: 'payments and totals',
    fiscalised: 'no',
    rule: 'give up',
  },
  {
    codes: [16, 17, 40, 61, 110, 125, 134, 223],
    means: 'price, quantity, too many or too big',
    fiscalised: 'no',
    rule: 'give up',
  },
  {
    codes: [128, 129, 143, 144, 145, 147, 195, 215, 216, 217, 219, 243],
    means: 'tax, taxation system, 1212 with 1214, 18 % with 20 %',
    fiscalised: 'no',
    rule: 'give up',
  },
  {
    codes: [158, 161, 148, 167, 190, 192, 193, 228, 271],
    means: 'an attribute is denied, missing or bad',
    fiscalised: 'no',
    rule: 'give up',
  },
  { codes: [172, 196], means: 'no cashier', fiscalised: 'no', rule: 'give up until it is configured' },
  { codes: [89, 225], means: 'not registered', fiscalised: 'no', rule: 'give up' },
  { codes: MARKING_PASSES, means: 'marking: a check runs or got no answer', fiscalised: 'no', rule: 'try again' },
  {
    // 411 is the OFD's, and stands above.
    codes: range(401, 426).filter((code) => ![...MARKING_PASSES, 411].includes(code)),
    means: 'marking: a bad code, blocked, full, keys, notices',
    fiscalised: 'no',
    rule: 'give up',
  },
  {
    codes: [501, 502, 503, 504],
    means: 'the task is wrong, was interrupted, or the driver’s script failed',
    fiscalised: 'no',
    rule: 'give up',
  },
  {
    codes: [12, 13, 62, 81, 82, 201, 203, 249],
    means: 'mode, parameter, table, a document that is open, closed or cancelled',
    fiscalised: 'no',
    rule: 'try again once, then wait for a person',
  },
]

/** The answer to a look-up of a document that the FN does not have: it was not made. */
export const NO_SUCH_DATA = 123
