/** Grows with every change of holder, so that the KKT and the OFD can refuse a holder of old. */
export type FencingToken = number & { readonly __brand: 'FencingToken' }

/** The right to act for a KKT. One process holds it at a time. */
export type Lease = {
  /**
   * The token to act with while this process may, else null. Ask right before acting: a process that was paused learns
   * here that its time is over.
   */
  token(): FencingToken | null
  /**
   * Journals what the holder has to say. A process that was overtaken writes nothing.
   * @throws LeaseLost, StorageFailure, or what `work` throws; then nothing of it is stored
   */
  write<T>(work: () => T): Promise<T>
}

/** Another process has taken the lease. What was under way is its to settle, by asking. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  constructor() {
    super('Another process holds the lease now')
  }
}
