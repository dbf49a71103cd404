/** What this host has to do with the right to send. */
export type Load = {
  /** Whether something could be sent now. @throws StorageFailure */
  wantsToSend(): boolean
  /** Whether something is under way to the OFD. */
  isSending(): boolean
}

export const NO_LOAD: Load = { wantsToSend: () => false, isSending: () => false }

/**
 * Whether a host that holds the lease is to give it to one that waits: at once when it has nothing to send, else when it has
 * had its turn. Without a host that waits it keeps the lease.
 * @param turnMs how long a host that has something to send keeps what another waits for
 */
export const isTurnOver = ({ heldForMs, turnMs, load }: { heldForMs: number; turnMs: number; load: Load }): boolean =>
  heldForMs >= turnMs || !load.wantsToSend()
