import type { Database } from './database.ts'

export type LeaseRow = {
  holder: string | null
  /** Grows with every change of holder. */
  epoch: number
  /** Grows with every renewal. */
  beat: number
}

/** Who may drive the KKT and send for it, among the processes on this buffer. Each write runs inside a transaction. */
export function createLeases(db: Database) {
  const read = db.prepare<LeaseRow>('SELECT holder, epoch, beat FROM leases WHERE name = ?')
  const create = db.prepare(
    'INSERT INTO leases (name, holder, epoch, beat) VALUES (?, NULL, 0, 0) ON CONFLICT DO NOTHING',
  )
  const take = db.prepare<{ epoch: number }>(
    `UPDATE leases SET holder = ?2, epoch = epoch + 1, beat = beat + 1
     WHERE name = ?1 AND epoch = ?3 AND beat = ?4 RETURNING epoch`,
  )
  const renew = db.prepare<{ epoch: number }>(
    'UPDATE leases SET beat = beat + 1 WHERE name = ?1 AND holder = ?2 AND epoch = ?3 RETURNING epoch',
  )
  const release = db.prepare('UPDATE leases SET holder = NULL, beat = beat + 1 WHERE name = ?1 AND holder = ?2')

  return {
    read(name: string): LeaseRow {
      return read.get(name) ?? { holder: null, epoch: 0, beat: 0 }
    },
    /** Takes the lease if it is still as it was `seen`. Returns the new epoch, or null when somebody was faster. */
    take(name: string, holder: string, seen: LeaseRow): number | null {
      create.run(name)
      return take.get(name, holder, seen.epoch, seen.beat)?.epoch ?? null
    },
    /** False when the lease has gone to somebody else. */
    renew: (name: string, holder: string, epoch: number): boolean => renew.get(name, holder, epoch) !== undefined,
    release: (name: string, holder: string): void => release.run(name, holder),
  }
}
