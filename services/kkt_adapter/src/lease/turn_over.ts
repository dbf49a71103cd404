/** This host's work for the right to send. */
export type Load = {
  /** Whether a receipt could be sent now. @throws StorageFailure */
  wantsToSend(): boolean
  /** Whether a receipt is on the way to the OFD. */
  isSending(): boolean
}

export const NO_LOAD: Load = { wantsToSend: () => false, isSending: () => false }

/**
 * Whether a host gives the lease to a waiting one: at once when it has nothing to send, otherwise after its turn.
 * Without a waiting host it keeps the lease.
 * @param turnMs how long a host with receipts to send keeps a lease that another one waits for
 */
export const isTurnOver = ({ heldForMs, turnMs, load }: { heldForMs: number; turnMs: number; load: Load }): boolean =>
  heldForMs >= turnMs || !load.wantsToSend()
