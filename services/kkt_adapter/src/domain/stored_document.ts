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
  return JSON.stringify({ ...doc, details: keptDetails(details, registered) })
}

/** The fields that `registered` says in the same words are undefined, which JSON leaves out. */
const keptDetails = (details: DocDetails, registered: Registered) =>
  ({
    operation: details.operation,
    isCorrection: details.isCorrection,
    registrationNumber: ifUnlike(details.registrationNumber, registered.registrationNumber),
    serialNumber: ifUnlike(details.serialNumber, registered.serialNumber),
    seller: isSame(details.seller, registered.seller) ? undefined : details.seller,
    address: ifUnlike(details.address, registered.address),
    place: ifUnlike(details.place, registered.place),
    taxationSystem: details.taxationSystem,
    cashier: details.cashier,
    vatSums: details.vatSums,
    payments: details.payments,
    changeKopecks: details.changeKopecks,
    ffdVersion: ifUnlike(details.ffdVersion, registered.ffdVersion),
    fnsUrl: ifUnlike(details.fnsUrl, registered.fnsUrl),
    instantMs: details.instantMs,
  }) satisfies { [Name in keyof DocDetails]-?: DocDetails[Name] | undefined }

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
