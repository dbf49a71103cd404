import type { Status } from '@kkt/adapter/src/domain/state.ts'

/** A receipt in the model. */
export type Tracked = {
  id: string
  key: string
  posId: string
  status: Status
  /** The version of the tills' settings that held when it was accepted. */
  settingsVersion: number
  /** The sender's knowledge of its document. `unclear` means that it may exist and must be looked up. */
  atKkt: 'none' | 'unclear' | 'made'
  /** The FN that was in the KKT when its sender asked for its document. */
  handedTo: string | null
  /** No look-up tells the outcome. An operator has to say it. */
  isUntold: boolean
  /** Whether that was ever so. Its document may reach the OFD behind later ones. */
  wasUntold: boolean
  isRefusedByKkt: boolean
  /** `unclear` means that it may be there and must be looked up. */
  atOfd: 'absent' | 'unclear' | 'there'
  /** The time of its acceptance by the OFD's clock. */
  acceptedAtMs: number | null
  /** The submissions that arrived at the OFD. */
  posts: number
  /** The OFD's last refusal since the receipt was queued, or null. */
  refusedByOfd: number | null
  wasDeadLettered: boolean
  /** Failures that count against the receipt: another receipt was delivered since the failure before. */
  ownFailures: number
  /** The commit that recorded its document, the KKT's refusal, or its removal. */
  documentedAt: number | null
  refusedAt: number | null
  prunedAt: number | null
  /** The number of all deliveries at its last failure. */
  deliveredAtFailure: number | null
  /** Whether its current sender sent it as a probe. */
  isProbe: boolean
}

/** Whether it may reach the OFD after later documents of its till: a person has sent it again, or has told its document. */
export const mayComeLate = ({ wasDeadLettered, wasUntold }: Tracked): boolean => wasDeadLettered || wasUntold

/** All receipts that were ever committed. */
export class Receipts {
  readonly all = new Map<string, Tracked>()
  #ofKey = new Map<string, Tracked>()
  #prunedAt = new Map<string, number>()
  /** Told of a key that is free again. */
  onPruned: (key: string, commit: number) => void = () => undefined

  constructor(private readonly settingsVersion: () => number) {}

  accept(id: string, key: string, posId: string): Tracked {
    const tracked: Tracked = {
      id,
      key,
      posId,
      status: 'accepted',
      settingsVersion: this.settingsVersion(),
      atKkt: 'none',
      handedTo: null,
      isUntold: false,
      wasUntold: false,
      atOfd: 'absent',
      isRefusedByKkt: false,
      documentedAt: null,
      refusedAt: null,
      prunedAt: null,
      refusedByOfd: null,
      wasDeadLettered: false,
      isProbe: false,
      acceptedAtMs: null,
      posts: 0,
      ownFailures: 0,
      deliveredAtFailure: null,
    }
    this.all.set(id, tracked)
    this.#ofKey.set(key, tracked)
    return tracked
  }

  /** The receipts that were not pruned. */
  get kept(): Tracked[] {
    return [...this.all.values()].filter(({ prunedAt }) => prunedAt === null)
  }

  prune(receipt: Tracked, atCommit: number): void {
    receipt.prunedAt = atCommit
    this.#prunedAt.set(receipt.key, atCommit)
    this.onPruned(receipt.key, atCommit)
  }

  /** Whether a receipt of this key was pruned after that commit. The key is free then. */
  wasPrunedSince(key: string, commit: number): boolean {
    return (this.#prunedAt.get(key) ?? -1) > commit
  }

  /** The last receipt that was accepted under this key. */
  ofKey(key: string): Tracked | undefined {
    return this.#ofKey.get(key)
  }

  find(id: string): Tracked | undefined {
    return this.all.get(id)
  }

  /** The receipt's key, by which a person knows it in the story. */
  name(id: string): string {
    return this.all.get(id)?.key ?? id
  }
}
