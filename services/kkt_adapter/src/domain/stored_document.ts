import type { DocDetails, FiscalDoc } from './receipt.ts'

/** The part of a document that those of one registration of a KKT mostly have alike. */
export type Registered = Pick<
  DocDetails,
  'registrationNumber' | 'serialNumber' | 'seller' | 'address' | 'place' | 'ffdVersion' | 'fnsUrl'
>

/** A document without what was left out. */
type Kept = Omit<FiscalDoc, 'details'> & { details?: Omit<DocDetails, keyof Registered> & Partial<Registered> }

export const registeredIn = (from: Registered): Registered => ({
  registrationNumber: from.registrationNumber,
  serialNumber: from.serialNumber,
  seller: from.seller,
  address: from.address,
  place: from.place,
  ffdVersion: from.ffdVersion,
  fnsUrl: from.fnsUrl,
})

/**
 * The kept form of a document. It leaves out what `registered` says in the same words, which is a third of most.
 * @param registered is kept, too, and never changes. Null leaves nothing out
 */
export function documentText(doc: FiscalDoc, registered: Registered | null): string {
  const { details } = doc
  if (details === undefined || registered === null) return JSON.stringify(doc)
  return JSON.stringify({ ...doc, details: { ...details, ...unlike(details, registered) } })
}

/** The fields that differ; the others are undefined, which JSON leaves out. */
const unlike = (own: Registered, registered: Registered) => ({
  registrationNumber: ifUnlike(own.registrationNumber, registered.registrationNumber),
  serialNumber: ifUnlike(own.serialNumber, registered.serialNumber),
  seller: isSame(own.seller, registered.seller) ? undefined : own.seller,
  address: ifUnlike(own.address, registered.address),
  place: ifUnlike(own.place, registered.place),
  ffdVersion: ifUnlike(own.ffdVersion, registered.ffdVersion),
  fnsUrl: ifUnlike(own.fnsUrl, registered.fnsUrl),
})

const ifUnlike = <Value extends string | null>(own: Value, registered: Value): Value | undefined =>
  own === registered ? undefined : own

const isSame = (one: Registered['seller'], other: Registered['seller']): boolean =>
  one.name === other.name && one.inn === other.inn

/** Reads the kept form of a document, or that of earlier versions, which left nothing out. */
export function readDocument(text: string, registered: Registered | null): FiscalDoc {
  if (registered === null) return JSON.parse(text)
  const { details, ...numbers }: Kept = JSON.parse(text)
  return details === undefined ? numbers : { ...numbers, details: { ...registered, ...details } }
}
