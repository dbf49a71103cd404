/** The kinds of field that several parts of a receipt have. Their schemas are made once, at load. */
import { spoken } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import { decimalToUnits } from '../../domain/money.ts'
import type { ReceiptId } from '../../domain/receipt.ts'
import { RECEIPT_WORDS, type ReceiptWords } from '../../domain/words/words.ts'

/** The limit of a price, of an item's total and of a payment: 2^32 - 1. Their sum may be larger and stays exact. */
export const MAX_KOPECKS = 4_294_967_295
const IN_ROUBLES = 'in roubles, with 2 decimals at most'

/** The message of a fault, in the language in which the body is being read. */
export const fault = (say: (words: ReceiptWords['faults']) => string) =>
  spoken(RECEIPT_WORDS, ({ faults }) => say(faults))

/** The text of a fault that is found now. */
export const inWords = (say: (words: ReceiptWords['faults']) => string): string => fault(say)()

type Bounds = { least: 0 | 1; most: number }

/** A JSON number that converts exactly into units: kopecks or millionths. */
export const decimal = (places: number, { least, most }: Bounds, description: string) => {
  const max = (most / 10 ** places).toFixed(places)
  const error = fault((words) => words.decimal({ least, max, places }))
  const published = { description, [least === 0 ? 'minimum' : 'exclusiveMinimum']: 0, maximum: Number(max) }
  return z
    .number({ error })
    .transform((value, context) => {
      const units = decimalToUnits(value, places)
      if (units !== undefined && units >= least && units <= most) return units
      context.addIssue(error())
      return z.NEVER
    })
    .meta(published)
}

/** Money that may be nothing, in kopecks. */
export const roubles = (description: string, most = MAX_KOPECKS) =>
  decimal(2, { least: 0, most }, `${description}, ${IN_ROUBLES}`)

/** Money that is something, in kopecks. */
export const someRoubles = (description: string) =>
  decimal(2, { least: 1, most: MAX_KOPECKS }, `${description}, ${IN_ROUBLES}`)

/** One of a table's names. */
export const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names, description: string) =>
  z.enum(names, { error: fault((words) => words.oneOf(names)) }).meta({ description })

/** Text of a form. @param error the form in words */
export const formed = (form: RegExp, error: () => string, description: string) =>
  z.string({ error }).regex(form, { error }).meta({ description })

/** @param form a form that only digits have. `counts`: of the digits that it takes */
export const digits = (form: RegExp, counts: readonly number[], description: string) =>
  formed(
    form,
    fault((words) => words.digits(counts)),
    description,
  )

export const day = (description: string) => {
  const must = 'must be a day that there is, as 2026-01-31'
  return z.iso.date(must).meta({ description })
}

/** Takes capitals, too. */
export const receiptId = z
  .guid('must be a receipt_id, which is a UUID')
  .transform((id) => id.toLowerCase() as ReceiptId)
  .meta({ description: "The receipt's id, a UUID, as an answer gave it" })

/** Lenient: the mail server finds out whether there is such an address. */
export const email = (description: string) =>
  formed(
    /^(?=.{3,64}$)[^\s@\p{Cc}\p{Cs}]+@[^\s@\p{Cc}\p{Cs}]+$/u,
    fault((words) => words.email()),
    description,
  )

const PHONE = /^(?=.{3,19}$)\+?[0-9][0-9 ().-]*$/
const mustBePhone = fault((words) => words.phone())

export const phone = (description: string) => formed(PHONE, mustBePhone, description)

const MAX_PHONES = 10
export const phones = (description: string) =>
  z.array(phone('A phone number')).min(1).max(MAX_PHONES).meta({ description })

/** The INN of a company has 10 digits, that of a person 12. Check digits are the tax service's matter. */
export const inn = (description: string) => digits(/^(?:[0-9]{10}|[0-9]{12})$/, [10, 12], description)
