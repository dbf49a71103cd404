import { type Database, StorageFailure } from './database.ts'

/** The file was written by a newer version of this program, which this one does not understand. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew'
  constructor(
    readonly version: number,
    readonly newestKnown: number,
  ) {
    super(`The schema is ${version}, and ${newestKnown} is the newest known`)
  }
}

/**
 * Brings a database to the newest schema, one numbered migration at a time. Safe when several processes start at once.
 * What is damaged, or of a newer version, is left as it is.
 * @param migrations SQL texts; the first makes version 1. Never changed once released, only added to.
 * @returns the version that it had, 0 when it was empty
 * @throws SchemaTooNew, StorageFailure
 */
export function migrate(db: Database, migrations: readonly string[]): number {
  const versions = db.prepare<{ user_version: number }>('PRAGMA user_version')
  const readVersion = () => {
    const version = versions.get()?.user_version ?? 0
    if (version > migrations.length) throw new SchemaTooNew(version, migrations.length)
    return version
  }
  readVersion()
  refuseDamaged(db)
  db.exec('BEGIN IMMEDIATE')
  try {
    const version = readVersion()
    for (const sql of migrations.slice(version)) db.exec(sql)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
    db.exec('COMMIT')
    return version
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Reads the whole file, which takes about half a second for 100 000 receipts. */
function refuseDamaged(db: Database): void {
  const found = db.prepare<{ quick_check: string }>('PRAGMA quick_check(1)').get()?.quick_check
  if (found !== 'ok') throw new StorageFailure('SQLITE_CORRUPT', { cause: new Error(found) })
}
