import { type FencingToken, MAX_TOKEN } from '../domain/fencing_token.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { ReadOnce } from './read_once.ts'

export type LeaseRow = {
  holder: string | null
  /** Grows with every change of holder. */
  epoch: number
  /** Grows with every renewal. */
  beat: number
}

/** The KKT_IDs that have claimed a buffer. */
export const ownersOf = (db: Database): string[] =>
  db
    .prepare<{ name: string }>('SELECT name FROM leases')
    .all()
    .map(({ name }) => name)

/**
 * The token after the row's. A token above `MAX_TOKEN` from an older version counts as none.
 * @param atLeast the parameter with the lowest allowed token
 */
const nextFence = (atLeast: string) =>
  `min(${MAX_TOKEN}, max(CASE WHEN fence > ${MAX_TOKEN} THEN 0 ELSE fence + 1 END, ${atLeast}))`

/**
 * The right to drive the KKT and to send for it, among the processes on this buffer.
 * Fencing tokens come from the wall clock and never go back. So they grow even after a buffer was lost, unless its
 * clock was ahead: then the KKT and the OFD say which token to exceed.
 */
export function createLeases(db: Database, deps: { wallMs: () => number; gathered: Gathered }) {
  const read = db.prepare<LeaseRow>('SELECT holder, epoch, beat FROM leases WHERE name = ?')
  const create = db.prepare(
    `INSERT INTO leases (name, holder, epoch, beat, fence) SELECT ?, NULL, 0, 0, 0
     WHERE NOT EXISTS (SELECT 1 FROM leases)`,
  )
  const take = db.prepare<{ epoch: number; token: FencingToken }>(
    `UPDATE leases SET holder = ?2, epoch = epoch + 1, beat = beat + 1, fence = ${nextFence('?5')}
     WHERE name = ?1 AND epoch = ?3 AND beat = ?4 RETURNING epoch, fence AS token`,
  )
  const renew = db.prepare<{ epoch: number }>(
    'UPDATE leases SET beat = beat + 1 WHERE name = ?1 AND holder = ?2 AND epoch = ?3 RETURNING epoch',
  )
  const raise = db.prepare<{ token: FencingToken }>(
    `UPDATE leases SET fence = ${nextFence('?2')} WHERE name = ?1 RETURNING fence AS token`,
  )
  const release = db.prepare('UPDATE leases SET holder = NULL, beat = beat + 1 WHERE name = ?1 AND holder = ?2')

  const rowOf = (name: string): LeaseRow => read.get(name) ?? { holder: null, epoch: 0, beat: 0 }
  const rows = new ReadOnce(deps.gathered, rowOf)

  return {
    reads: { read: rowOf },
    verbs: {
      /** Makes a lease of this name, held by nobody, if the buffer has none. */
      createLease: (name: string): void => void create.run(name),
      /**
       * Takes the lease if its row is still as `seen`. Returns null when another process was faster, or when the buffer
       * belongs to another KKT.
       */
      takeLease(name: string, holder: string, seen: LeaseRow): { epoch: number; token: FencingToken } | null {
        create.run(name)
        rows.forget()
        return take.get(name, holder, seen.epoch, seen.beat, deps.wallMs()) ?? null
      },
      /** Whether the process that took the lease in that epoch still has it. */
      holdsLease(name: string, holder: string, epoch: number): boolean {
        const row = rows.get(name)
        return row.holder === holder && row.epoch === epoch
      },
      /** False when another process has the lease now. */
      renewLease: (name: string, holder: string, epoch: number): boolean =>
        renew.get(name, holder, epoch) !== undefined,
      /** Returns a token greater than any before, at least `floor` and up to `MAX_TOKEN`. */
      raiseToken(name: string, floor: number): FencingToken {
        const row = raise.get(name, floor)
        if (!row) throw new Error(`There is no lease ${name}`)
        return row.token
      },
      /** @returns whether this holder had it */
      releaseLease(name: string, holder: string): boolean {
        rows.forget()
        return release.run(name, holder) === 1
      },
    },
  }
}
