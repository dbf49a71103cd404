import type { Status } from '@kkt/adapter/src/domain/state.ts'

/** A receipt, as the model follows it. */
export type Tracked = {
  id: string
  key: string
  posId: string
  status: Status
  /** What is known of its document to whoever drives the KKT. `unclear`: it may exist, and has to be looked up. */
  atKkt: 'none' | 'unclear' | 'made'
  isRefusedByKkt: boolean
  /** `unclear`: it may be there, and has to be looked up. */
  atOfd: 'absent' | 'unclear' | 'there'
  /** When the OFD took it, by its own clock. */
  acceptedAtMs: number | null
  /** How often it was sent to the OFD, and came there. */
  posts: number
  /** How the OFD refused it since it was last put into the queue, or null. */
  refusedByOfd: number | null
  wasDeadLettered: boolean
  /** Failures of its own, each with another receipt delivered since the one before: counted by the model. */
  ownFailures: number
  /** How many receipts were delivered in all when it last failed. */
  deliveredAtFailure: number | null
  /** How the sender that has it now came to send it. */
  isProbe: boolean
}

/** All receipts that were ever committed. */
export class Receipts {
  readonly all = new Map<string, Tracked>()

  accept(id: string, key: string, posId: string): Tracked {
    const tracked: Tracked = {
      ...{ id, key, posId, status: 'accepted', atKkt: 'none', atOfd: 'absent' },
      ...{ isRefusedByKkt: false, refusedByOfd: null, wasDeadLettered: false, isProbe: false },
      ...{ acceptedAtMs: null, posts: 0, ownFailures: 0, deliveredAtFailure: null },
    }
    this.all.set(id, tracked)
    return tracked
  }

  find(id: string): Tracked | undefined {
    return this.all.get(id)
  }

  /** For people: by its key, which says which of the history's receipts it is. */
  name(id: string): string {
    return this.all.get(id)?.key ?? id
  }
}
