import { lineOfJsonFault } from '@kkt/platform/json_fault.ts'
import { readInWords } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import type { TillDefaults } from './domain/filled_in.ts'
import { said } from './domain/said.ts'
import { fields as ofItem } from './http/receipt_body/item.ts'
import { fields as ofReceipt, posId } from './http/receipt_schema.ts'

/** The name of the entry for tills that have none of their own. No till can have it. */
export const ALL_OTHERS = '*'

/** An operator mends a few faults at a time. */
const MOST_FAULTS = 5

const { taxation_system, cashier, place, address, sender_email } = ofReceipt.shape
const { payment_method, payment_object, measure } = ofItem.shape

/** An entry has these fields of a receipt and of its items, with their limits. */
const entry = z
  .strictObject({
    taxation_system,
    cashier,
    place,
    address,
    sender_email,
    payment_method,
    payment_object,
    measure,
  })
  .transform(
    (told): TillDefaults => ({
      ofReceipt: said({
        taxationSystem: told.taxation_system,
        cashier: told.cashier,
        place: told.place,
        address: told.address,
        senderEmail: told.sender_email,
      }),
      ofItems: said({
        paymentMethod: told.payment_method,
        paymentObject: told.payment_object,
        measure: told.measure,
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
  const file: unknown = JSON.parse(text)
  if (hasLostEntry(file)) return { kind: 'wrong', faults: [`/${LOST} is a name that no entry can have`] }
  const read = readInWords(tillsFile, file, nameOfTill)
  if (read.success) return { kind: 'read', tills: new Map(Object.entries(read.data)) }
  const faults = read.issues.map(({ path, message }) => `${placeOf(path)} ${message}`)
  return { kind: 'wrong', faults: faults.slice(0, MOST_FAULTS) }
}

/** An entry of this name is an own property, and zod leaves it out without a word. */
const LOST = '__proto__'

const hasLostEntry = (file: unknown): boolean => typeof file === 'object' && file !== null && Object.hasOwn(file, LOST)

const nameOfTill: z.core.$ZodErrorMap = ({ code }) =>
  code === 'invalid_key' ? `must have the name of a till, which is 1 to 64 of A-Z a-z 0-9 . _ -, or be *` : undefined

const placeOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'it' : path.map((part) => `/${String(part)}`).join('')
