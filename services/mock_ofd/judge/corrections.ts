/** Corrections, and receipts that answer to another. */
import type { Check, Tell } from './check.ts'
import { type Fields, fieldsIn, textIn } from './reading.ts'
import { signIn } from './signs.ts'

export const operation: Check = {
  code: 'operation',
  tags: '1054',
  rule: "The document's operation is the receipt's type, and it is a correction where the receipt is one.",
  judges: '1.2',
  find({ content, fiscalDoc, type }, tell) {
    const told = textIn(fiscalDoc, 'operation')
    if (told !== null && type !== null && told !== type)
      tell(1054, '/fiscal_doc/operation', 'is not the type of the receipt')
    const isCorrection = fieldsIn(content, 'correction') !== null
    if ((fiscalDoc['correction'] === true) !== isCorrection) {
      tell(1054, '/fiscal_doc/correction', isCorrection ? 'is missing' : 'is of a receipt that corrects nothing')
    }
  },
}

export const correction: Check = {
  code: 'correction',
  tags: '1179',
  rule: "A correction by order of the tax office has the order's number.",
  judges: '1.2',
  find({ content }, tell) {
    const given = fieldsIn(content, 'correction')
    if (given?.['type'] !== 'instruction') return
    if (!textIn(given, 'number')) tell(1179, '/correction/number', 'is missing, for the tax office ordered it')
  },
}

export const original: Check = {
  code: 'original',
  tags: '1192',
  rule: '`corrects` and `refund_of` name a receipt by its id, or by `fn`, `fd` and `fpd`. Only a correction corrects, and `attribute` does not stand beside them.',
  judges: '1.2',
  find({ content }, tell) {
    for (const name of ['corrects', 'refund_of'] as const) {
      const given = fieldsIn(content, name)
      if (!given) continue
      judgeOriginal(given, `/${name}`, tell)
      if (content['attribute'] !== undefined) tell(1192, '/attribute', `stands beside ${name}, which takes its tag`)
    }
    if (fieldsIn(content, 'corrects') && !fieldsIn(content, 'correction')) {
      tell(1192, '/corrects', 'is given, and the receipt is no correction')
    }
  },
}

function judgeOriginal(given: Fields, at: string, tell: Tell): void {
  const missing = ['fn', 'fd', 'fpd'].filter((name) => given[name] === undefined)
  if (textIn(given, 'receipt_id') === null && missing.length > 0) {
    tell(1192, at, 'has neither receipt_id nor fn, fd and fpd')
  }
  if ((signIn(given, 'fpd') ?? 0) > 0xffff_ffff) tell(1192, `${at}/fpd`, 'is above 4294967295')
}
