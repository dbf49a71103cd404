import { type Database, exclusively } from './database.ts'

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

/** 0: it is empty. */
export const schemaOf = (db: Database): number =>
  db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0

/**
 * Brings a database to the newest schema, one numbered migration at a time. Safe when several processes start at once.
 * @param migrations SQL texts; the first makes version 1. Never changed once released, only added to.
 * @returns the version that it had, 0 when it was empty
 * @throws SchemaTooNew, StorageFailure
 */
export function migrate(db: Database, migrations: readonly string[]): number {
  // Where nothing is to be done, another process that writes much is not waited for.
  if (schemaOf(db) === migrations.length) return migrations.length
  return exclusively(db, () => {
    const schema = schemaOf(db)
    if (schema > migrations.length) throw new SchemaTooNew(schema, migrations.length)
    for (const sql of migrations.slice(schema)) db.exec(sql)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
    return schema
  })
}
