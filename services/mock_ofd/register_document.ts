/** A document that a cash register hands to the OFD by itself. The adapter's receipts come by another route. */
import { z } from 'zod'

export const DOCUMENT_KINDS = ['registration', 'shift_opening', 'receipt', 'shift_closing', 'ofd_report'] as const

/** A register has no receipt id. The FN and the number within it name the document. */
export const registerNumbers = z.object({
  fn_number: z
    .string()
    .regex(/^\d{16}$/, 'takes 16 digits')
    .meta({ description: 'The number of the fiscal memory' }),
  fd_number: z.int().positive().meta({ description: "The document's number (FD), counted by the FN" }),
  kind: z.enum(DOCUMENT_KINDS).meta({ description: 'The kind of document' }),
})
/** All documents with these fields are taken: the judge tells what is wrong with the rest. */
export const anyRegisterDocument = z.looseObject(registerNumbers.shape)

export type Numbered = { fnNumber: string; fdNumber: number }
export type RegisterDocument = Numbered & { kind: (typeof DOCUMENT_KINDS)[number] }

/** Stands in calls and in the ledger where other receipts have their id. */
export const documentId = ({ fnNumber, fdNumber }: Numbered) => `${fnNumber}/${fdNumber}`

export const numbersIn = ({ fn_number, fd_number, kind }: z.output<typeof registerNumbers>): RegisterDocument => ({
  fnNumber: fn_number,
  fdNumber: fd_number,
  kind,
})

/** Null for a body that names no such document. */
export function registerDocumentOf(body: unknown): RegisterDocument | null {
  const { data } = registerNumbers.safeParse(body)
  return data ? numbersIn(data) : null
}
