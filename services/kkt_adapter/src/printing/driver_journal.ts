import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { Attempts } from '../kkt/attempts.ts'
import type { Lease } from '../lease/lease.ts'

/** The buffer, and the lease of the KKT. */
type Place = { journal: Pick<Journal, 'latestAttempt' | 'queries' | 'refunds'>; lease: Pick<Lease, 'write'> }

/** The part of the journal that a driver needs whose register keeps none of our ids. */
export type DriverJournal = {
  attempts: Attempts
  /** Null: the journal holds none of this id. */
  receipt(id: ReceiptId): Receipt | null
  /** The fiscal sign of a receipt's document, which may be removed by now. Null: it is not known. */
  signOf(receiptId: string): string | null
  /** Has all of it read and written there from now on. */
  open(place: Place): void
}

/**
 * The driver is made before the buffer is opened, because a start compares the two before it changes the buffer. Until `open`
 * the driver is asked for nothing that is journaled.
 */
export function createDriverJournal(): DriverJournal {
  let opened: Place | null = null
  function place(): Place {
    if (opened === null) throw new Error('The KKT is asked for a receipt before the buffer is open')
    return opened
  }
  return {
    attempts: {
      latest: (id) => place().journal.latestAttempt(id),
      begin: async (id, before, token) => await place().lease.write((tx) => tx.beginAttempt(id, before), token),
    },
    receipt: (id) => place().journal.queries.find(id),
    signOf: (receiptId) => place().journal.refunds.signOf(receiptId),
    open(where) {
      opened = where
    },
  }
}
