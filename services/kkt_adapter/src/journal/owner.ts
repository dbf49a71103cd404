import { isCertainlyGone } from '@kkt/platform/process_identity.ts'
import { type Database, exclusively } from './database.ts'
import { onlyRow } from './totals.ts'

/** The buffer is another KKT's, and not free to become this one's. */
export class OthersBuffer extends Error {
  override readonly name = 'OthersBuffer'
  constructor(
    /** Whose it is. */
    readonly kktId: string,
    readonly wantedFor: string,
    /** Its receipts that are not delivered, dead letters among them. 0: an adapter with that id is at work on it. */
    readonly unfinished: number,
  ) {
    super(`The buffer is ${kktId}'s, not ${wantedFor}'s`)
  }
}

/**
 * Makes the buffer that of a KKT_ID, or leaves it so. All adapters on a buffer have one: it names their lease, and the OFD is
 * told it. With two, both would print and send. It may change once nothing is unfinished and nobody is at work.
 * @param db with the newest schema. Where nothing is to be changed nothing is written: its disk may be full.
 * @param by.self from `processIdentity`
 * @throws OthersBuffer, StorageFailure
 */
export function claimBuffer(db: Database, { kktId, self }: { kktId: string; self: string }): void {
  // A buffer is that of the lease taken last: an older version allowed several.
  const last = db.prepare<{ name: string; holder: string | null }>(
    'SELECT name, holder FROM leases WHERE fence = (SELECT max(fence) FROM leases)',
  )
  const other = () => {
    const owner = last.get()
    return owner?.name === kktId ? undefined : owner
  }
  if (!other()) return
  exclusively(db, () => {
    const owner = other()
    if (!owner) return
    const unfinished = onlyRow(db.prepare<{ n: number }>(UNFINISHED).get()).n
    const isFree = owner.holder === null || isCertainlyGone(owner.holder, self)
    if (unfinished > 0 || !isFree) throw new OthersBuffer(owner.name, kktId, unfinished)
    db.prepare('DELETE FROM leases WHERE name <> ?').run(owner.name)
    db.prepare('UPDATE leases SET name = ?, holder = NULL').run(kktId)
  })
}

const UNFINISHED = 'SELECT accepted + printing + unknown + pending + syncing + failed AS n FROM totals'
