import type { Database } from './database.ts'

/** The journal was written by a newer version of this program, which this one does not understand. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew'
}

/**
 * Brings a database to the newest schema, one numbered migration at a time. Safe when several processes start at once.
 * @param migrations SQL texts; the first makes version 1. Never changed once released, only added to.
 * @throws SchemaTooNew, StorageFailure
 */
export function migrate(db: Database, migrations: readonly string[]): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const version = db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0
    if (version > migrations.length) {
      throw new SchemaTooNew(
        `The buffer has schema ${version}, and this version knows ${migrations.length} at most: run the newer version that wrote it, or set BUFFER_DB_PATH to another file.`,
      )
    }
    for (const sql of migrations.slice(version)) db.exec(sql)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}
