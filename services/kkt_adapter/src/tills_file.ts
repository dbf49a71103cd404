import { lineOfJsonFault } from '@kkt/platform/json_fault.ts'
import { readInWords } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import type { TillDefaults } from './domain/filled_in.ts'
import { MEASURES, PAYMENT_METHODS, PAYMENT_OBJECTS } from './domain/item.ts'
import { readableText } from './domain/readable_text.ts'
import { TAXATION_SYSTEMS } from './domain/taxation.ts'
import { posId } from './http/receipt_schema.ts'

/** The name of the entry for tills that have none of their own. No till can have it. */
export const ALL_OTHERS = '*'

/** An operator mends a few faults at a time. */
const MOST_FAULTS = 5

const mustBeInn = 'must be 12 digits'
const mustBeEmail = 'must be an e-mail address of at most 64 characters'

/** Tags 1021, 1203, 1187, 1009 and 1117, with their lengths. */
export const SETTING_FIELDS = {
  cashierName: readableText(64),
  cashierInn: z.string(mustBeInn).regex(/^\d{12}$/, mustBeInn),
  place: readableText(256),
  address: readableText(256),
  senderEmail: z.string(mustBeEmail).regex(/^(?=.{3,64}$)[^\s@]+@[^\s@]+$/, mustBeEmail),
}

const cashier = z
  .strictObject({ name: SETTING_FIELDS.cashierName, inn: SETTING_FIELDS.cashierInn.optional() })
  .transform(({ name, inn }) => (inn === undefined ? { name } : { name, inn }))

const entry = z
  .strictObject({
    taxation_system: z.enum(TAXATION_SYSTEMS).optional(),
    cashier: cashier.optional(),
    place: SETTING_FIELDS.place.optional(),
    address: SETTING_FIELDS.address.optional(),
    sender_email: SETTING_FIELDS.senderEmail.optional(),
    payment_method: z.enum(PAYMENT_METHODS).optional(),
    payment_object: z.enum(PAYMENT_OBJECTS).optional(),
    measure: z.enum(MEASURES).optional(),
  })
  .transform(
    (said): TillDefaults => ({
      ofReceipt: present({
        taxationSystem: said.taxation_system,
        cashier: said.cashier,
        place: said.place,
        address: said.address,
        senderEmail: said.sender_email,
      }),
      ofItems: present({
        paymentMethod: said.payment_method,
        paymentObject: said.payment_object,
        measure: said.measure,
      }),
    }),
  )

const tillsFile = z.record(z.union([posId, z.literal(ALL_OTHERS)]), entry)

export type TillsRead =
  | { kind: 'read'; tills: ReadonlyMap<string, TillDefaults> }
  /** Each says the place as a JSON Pointer, and what it takes. None repeats a text of the file. */
  | { kind: 'wrong'; faults: string[] }

/** Reads the text of TILLS_FILE: an object with an entry by each till's name, or `*`. */
export function readTills(text: string): TillsRead {
  const line = lineOfJsonFault(text)
  if (line !== null) return { kind: 'wrong', faults: [`line ${line} is not JSON`] }
  const read = readInWords(tillsFile, JSON.parse(text), nameOfTill)
  if (read.success) return { kind: 'read', tills: new Map(Object.entries(read.data)) }
  const faults = read.issues.map(({ path, message }) => `${placeOf(path)} ${message}`)
  return { kind: 'wrong', faults: faults.slice(0, MOST_FAULTS) }
}

const nameOfTill: z.core.$ZodErrorMap = ({ code }) =>
  code === 'invalid_key' ? `must have the name of a till, which is 1 to 64 of A-Z a-z 0-9 . _ -, or be *` : undefined

const placeOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'it' : path.map((part) => `/${String(part)}`).join('')

/** Leaves out what is not said: in a stored form it is absent. */
export function present<T extends object>(all: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const said: { [Name in keyof T]?: Exclude<T[Name], undefined> } = {}
  for (const [name, value] of Object.entries(all)) if (value !== undefined) Object.assign(said, { [name]: value })
  return said
}
