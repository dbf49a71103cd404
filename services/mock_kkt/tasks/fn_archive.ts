import type { ArchivedDocument, Register } from '../register.ts'
import { DriverError } from './errors.ts'

/** @throws DriverError 123 where the FN holds no such document */
export function archivedDocument(register: Register, fdNumber: number): ArchivedDocument {
  const archived = register.document(fdNumber)
  if (archived === null) throw new DriverError(123, `ФД ${fdNumber}`)
  return archived
}

/** @throws DriverError 123 where the FN holds no receipt */
export function lastReceipt(register: Register): ArchivedDocument {
  for (let fdNumber = register.state().lastFdNumber; fdNumber > 0; fdNumber--) {
    const archived = register.document(fdNumber)
    if (archived?.kind === 'receipt') return archived
  }
  throw new DriverError(123, 'чек')
}

/** Documents are read from the archive by so many at once. */
const PAGE = 500

/** All documents of the FN, in order. */
export function* allDocuments(register: Register): Generator<ArchivedDocument> {
  let lastFd = 0
  for (;;) {
    const page = register.documentsAfter(lastFd, PAGE)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    lastFd = last.doc.fdNumber
  }
}
