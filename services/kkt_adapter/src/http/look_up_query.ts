import { integer } from '@kkt/platform/settings.ts'
import { spoken } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import { RECEIPT_WORDS, type ReceiptWords } from '../domain/words/words.ts'
import type { LookUp } from '../journal/look_ups.ts'
import { day } from './receipt_body/fields.ts'

/** FD and FPD have 32 bits. */
const MOST = 2 ** 32 - 1

/** A plus arrives as a space where it was not encoded. */
const CONTACT = /^(?=.{3})(?:[^\s@]+@[^\s@]+|[ +]?(?=(?:\D*\d){3})[0-9 ().-]+)$/

const fault = (say: (words: ReceiptWords['lookUps']) => string) => spoken(RECEIPT_WORDS, ({ lookUps }) => say(lookUps))

/** The parts of the query that look for receipts by what a person at the counter knows. */
export const lookUpFields = {
  fd: integer({ min: 1, max: MOST }).optional().meta({ description: 'Only the document of this number (FD)' }),
  fpd: integer({ min: 0, max: MOST }).optional().meta({
    description: 'Only the document with this sign (FPD), with or without its leading zeros',
  }),
  total: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/, { error: fault((words) => words.total()) })
    .transform(kopecksOf)
    .optional()
    .meta({ type: 'number', pattern: undefined, minimum: 0, description: 'Only receipts with this total, in roubles' }),
  date: day("Only documents of this day in the KKT's zone").optional(),
  contact: z
    .string()
    .max(64)
    .regex(CONTACT, { error: fault((words) => words.contact()) })
    .optional()
    .meta({
      pattern: undefined,
      description:
        "Only receipts to this customer, the whole e-mail address or phone. Capitals do not matter, nor do a phone's spaces and signs, and whether it begins with +7, 7 or 8",
    }),
}

type Queried = {
  fd?: number | undefined
  fpd?: number | undefined
  total?: number | undefined
  date?: string | undefined
  contact?: string | undefined
}

export const lookUpOf = ({ fd, fpd, total, date, contact }: Queried): LookUp => ({
  fdNumber: fd,
  fiscalSign: fpd,
  totalKopecks: total,
  date,
  contact,
})

function kopecksOf(roubles: string): number {
  const [whole = '', decimals = ''] = roubles.split('.')
  return Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
}
