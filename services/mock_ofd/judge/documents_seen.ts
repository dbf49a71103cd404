import { createNewest } from '@kkt/fault-kit/newest.ts'
import type { Earlier, Numbers } from './order.ts'

/** Far more tills and FNs than a test has. The limit keeps the notes about each from filling the memory. */
const MAX_KNOWN_SENDERS = 10_000
/** The documents, the newest, whose numbers are known again. */
const MAX_KNOWN_DOCUMENTS = 200_000

export type DocumentsSeen = ReturnType<typeof createDocumentsSeen>

/** The numbers of the documents that came, by which the next ones are judged. */
export function createDocumentsSeen() {
  const highestFdByTill = createNewest<number>(MAX_KNOWN_SENDERS)
  const newestByFn = createNewest<{ fdNumber: number; atMs: number }>(MAX_KNOWN_SENDERS)
  const signs = createNewest<number | null>(MAX_KNOWN_DOCUMENTS)

  const earlier: Earlier = {
    highestFd: highestFdByTill.get,
    signOf: signs.get,
    newest: newestByFn.get,
  }
  return {
    ...earlier,
    highestFdByTill,

    /** @returns whether the till had sent a later document before */
    note({ fnNumber, fdNumber, till, document, sign, atMs }: Numbers): boolean {
      const highest = highestFdByTill.get(till) ?? 0
      if (fdNumber > highest) highestFdByTill.set(till, fdNumber)
      if (signs.get(document) === undefined) signs.set(document, sign)
      const newest = newestByFn.get(fnNumber)
      if (atMs !== null && fdNumber > (newest?.fdNumber ?? 0)) newestByFn.set(fnNumber, { fdNumber, atMs })
      return fdNumber < highest
    },
  }
}
