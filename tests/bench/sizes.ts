/** Buffers that rows have in common. What is pending stays so while no OFD answers. */
export const EMPTY = { synced: 0, pending: 0 }
export const A_THOUSAND = { synced: 0, pending: 1000 }
export const A_MILLION = { synced: 1_000_000, pending: 1000 }

/** Receipts that share a commit of the journal: about as many as 32 tills at once bring in the time of one. */
export const A_COMMIT = 28
