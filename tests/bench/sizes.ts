/** Buffers that rows have in common. Pending receipts stay pending while no OFD answers. */
export const EMPTY = { synced: 0, pending: 0 }
export const A_THOUSAND = { synced: 0, pending: 1000 }
export const A_MILLION = { synced: 1_000_000, pending: 1000 }

/** Receipts that share a commit where the journal is measured alone. Of 32 tills at once 11 to 14 do. */
export const A_COMMIT = 28
