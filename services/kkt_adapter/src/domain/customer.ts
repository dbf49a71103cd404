/** The cashier: surname and post (tag 1021), and the INN of a person (1203), 12 digits. */
export type Cashier = { name: string; inn?: string }

/** Where an electronic receipt goes, tag 1008: the tag holds one of them. */
type Contact = { email: string; phone?: never } | { phone: string; email?: never } | { email?: never; phone?: never }

/** The customer. `name` (tag 1227) and `inn` (1228) are those of a company or of a person. */
export type Customer = Contact & { name?: string; inn?: string }

export const hasContact = (customer: Customer | undefined): boolean =>
  customer?.email !== undefined || customer?.phone !== undefined

/** A phone of Russia with its 8 or without any code is the same as with 7. */
const RUSSIAN_PHONE = /^(?:8(?=\d{10}$)|(?=9\d{9}$))/

/**
 * The form in which contacts are compared: an e-mail address in small letters, the digits of a phone.
 * @returns null where it is neither
 */
export function contactKey(contact: string): string | null {
  if (contact.includes('@')) return contact.trim().normalize('NFC').toLowerCase()
  const digits = contact.replace(/\D/g, '')
  return digits === '' ? null : digits.replace(RUSSIAN_PHONE, '7')
}
