/** The cashier: surname and post (tag 1021), and the INN of a person (1203), 12 digits. */
export type Cashier = { name: string; inn?: string }

/** Where an electronic receipt goes, tag 1008: the tag holds one of them. */
type Contact = { email: string; phone?: never } | { phone: string; email?: never } | { email?: never; phone?: never }

/** The customer. `name` (tag 1227) and `inn` (1228) are those of a company or of a person. */
export type Customer = Contact & { name?: string; inn?: string }

export const hasContact = (customer: Customer | undefined): boolean =>
  customer?.email !== undefined || customer?.phone !== undefined
