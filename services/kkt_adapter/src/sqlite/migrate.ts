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

/** The file was written by an older version of this program, and no step leads from its schema to one of today. */
export class SchemaTooOld extends Error {
  override readonly name = 'SchemaTooOld'
  constructor(
    readonly version: number,
    readonly oldestKnown: number,
  ) {
    super(`The schema is ${version}, and ${oldestKnown} is the oldest known`)
  }
}

/** The schemas that a database may have, beside 0, which an empty file has. */
export type KnownSchemas = { oldest: number; newest: number }

/** @throws SchemaTooNew, SchemaTooOld */
export function refuseUnknown(schema: number, { oldest, newest }: KnownSchemas): void {
  if (schema > newest) throw new SchemaTooNew(schema, newest)
  if (schema !== 0 && schema < oldest) throw new SchemaTooOld(schema, oldest)
}

/** The schemas that these steps lead through, the first of them making an empty file's schema `oldest`. */
export const schemasOf = (steps: readonly string[], oldest: number): KnownSchemas => ({
  oldest,
  newest: oldest + steps.length - 1,
})

/** 0: it is empty. */
export const schemaOf = (db: Database): number =>
  db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0

/**
 * Brings a database to the newest schema, one numbered step at a time. Safe when several processes start at once.
 * @param steps SQL texts. Never changed once released, only added to.
 * @param oldest the schema that the first step makes of an empty file. A file with a lower one is refused.
 * @returns the schema that it had, 0 when it was empty
 * @throws SchemaTooNew, SchemaTooOld, StorageFailure
 */
export function migrate(db: Database, steps: readonly string[], oldest = 1): number {
  const known = schemasOf(steps, oldest)
  // Where nothing is to be done, another process that writes much is not waited for.
  if (schemaOf(db) === known.newest) return known.newest
  return exclusively(db, () => {
    const schema = schemaOf(db)
    refuseUnknown(schema, known)
    const done = schema === 0 ? 0 : schema - oldest + 1
    for (const sql of steps.slice(done)) db.exec(sql)
    db.exec(`PRAGMA user_version = ${known.newest}`)
    return schema
  })
}
