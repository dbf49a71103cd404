/** The FN's signature, and the QR code by which a buyer checks the document. */
import type { Check } from './check.ts'
import { OPERATIONS } from './document.ts'
import { type Fields, inRoubles, kopecksIn, numberIn, textIn } from './reading.ts'

/** The sign is an unsigned number of 32 bits. */
const MAX_SIGN = 0xffff_ffff
const DIGITS = /^\d+$/

/** The sign is compared as a number, because it may be written with leading zeros. */
export const signIn = (of: Fields, name: string): number | null => {
  const text = textIn(of, name)
  return text !== null && DIGITS.test(text) ? Number(text) : null
}

export const signRange: Check = {
  code: 'sign_range',
  tags: '1077',
  rule: `The fiscal sign (FPD) is a number up to ${MAX_SIGN}.`,
  judges: 'any',
  find({ fiscalDoc }, tell) {
    const sign = signIn(fiscalDoc, 'fiscal_sign')
    if (sign !== null && sign > MAX_SIGN) tell(1077, '/fiscal_doc/fiscal_sign', `is above ${MAX_SIGN}`)
  },
}

const LOCAL_MINUTE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/
/** The QR code's time is local, and may have seconds. */
const QR_TIME = /^(\d{8}T\d{4})(?:\d\d)?$/

/** The fields of a QR code's text, by their names, and the value that each should have. */
const QR_FIELDS: Readonly<
  Record<string, { of: string; fits(value: string, doc: Fields, type: string | null): boolean }>
> = {
  t: {
    of: "the document's local time",
    fits: (value, doc) => QR_TIME.exec(value)?.[1] === localMinute(textIn(doc, 'fiscal_datetime') ?? ''),
  },
  s: {
    of: 'the total with two decimals',
    fits: (value, doc) => {
      const totalKopecks = kopecksIn(doc, 'total')
      return totalKopecks === null || value === inRoubles(totalKopecks)
    },
  },
  fn: { of: "the FN's number", fits: (value, doc) => value === doc['fn_number'] },
  i: { of: "the document's number", fits: (value, doc) => value === String(numberIn(doc, 'fiscal_doc_number')) },
  fp: {
    of: 'the fiscal sign',
    fits: (value, doc) => DIGITS.test(value) && Number(value) === signIn(doc, 'fiscal_sign'),
  },
  n: {
    of: "the operation's number",
    fits: (value, _doc, type) =>
      Object.entries(OPERATIONS).some(([name, number]) => name === type && String(number) === value),
  },
}

function localMinute(datetime: string): string | undefined {
  const [, year, month, day, hour, minute] = LOCAL_MINUTE.exec(datetime) ?? []
  return year === undefined ? undefined : `${year}${month}${day}T${hour}${minute}`
}

function qrFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const part of text.split('&')) {
    const at = part.indexOf('=')
    fields.set(part.slice(0, at), part.slice(at + 1))
  }
  return fields
}

export const qrCode: Check = {
  code: 'qr_code',
  tags: '1196',
  rule: 'The QR code has the local time `t`, the total `s`, `fn`, the FD number `i`, the sign `fp` and the operation `n` of its document.',
  judges: '1.2',
  find({ fiscalDoc, type }, tell) {
    const text = textIn(fiscalDoc, 'qr_code_data')
    if (text === null) return
    const fields = qrFields(text)
    for (const [name, { of, fits }] of Object.entries(QR_FIELDS)) {
      const value = fields.get(name)
      if (value === undefined || !fits(value, fiscalDoc, type)) {
        tell(1196, '/fiscal_doc/qr_code_data', `has no ${name} that is ${of}`)
      }
    }
  },
}
