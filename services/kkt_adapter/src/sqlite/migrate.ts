import { type Database, exclusively } from './database.ts'

/** A newer version of this program wrote the file, and this version cannot read it. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew'
  constructor(
    readonly version: number,
    readonly newestKnown: number,
  ) {
    super(`The schema is ${version}, and ${newestKnown} is the newest known`)
  }
}

/** An older version of this program wrote the file, and no step leads from its schema to a current one. */
export class SchemaTooOld extends Error {
  override readonly name = 'SchemaTooOld'
  constructor(
    readonly version: number,
    readonly oldestKnown: number,
  ) {
    super(`The schema is ${version}, and ${oldestKnown} is the oldest known`)
  }
}

/** `after`: what SQL cannot do, with the tables as `sql` has made them. */
export type Step = string | { sql: string; after: (db: Database) => void }

/** The schemas that a database may have, beside 0 for an empty file. */
export type KnownSchemas = { oldest: number; newest: number }

/** @throws SchemaTooNew, SchemaTooOld */
export function refuseUnknown(schema: number, { oldest, newest }: KnownSchemas): void {
  if (schema > newest) throw new SchemaTooNew(schema, newest)
  if (schema !== 0 && schema < oldest) throw new SchemaTooOld(schema, oldest)
}

/** The schemas that these steps lead through. The first step turns an empty file into schema `oldest`. */
export const schemasOf = (steps: readonly Step[], oldest: number): KnownSchemas => ({
  oldest,
  newest: oldest + steps.length - 1,
})

/** 0 for an empty database. */
export const schemaOf = (db: Database): number =>
  db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0

/**
 * Brings a database to the newest schema, one numbered step at a time. Safe when several processes start at once.
 * @param steps SQL texts, mostly. Never change a released one; only add to them.
 * @param oldest the schema after the first step. A file with a lower one is refused.
 * @returns the schema before, 0 when the file was empty
 * @throws SchemaTooNew, SchemaTooOld, StorageFailure
 */
export function migrate(db: Database, steps: readonly Step[], oldest = 1): number {
  const known = schemasOf(steps, oldest)
  // Checked first, because the transaction would have to wait for another process that writes much.
  if (schemaOf(db) === known.newest) return known.newest
  return exclusively(db, () => {
    const schema = schemaOf(db)
    refuseUnknown(schema, known)
    const done = schema === 0 ? 0 : schema - oldest + 1
    for (const step of steps.slice(done)) take(step, db)
    db.exec(`PRAGMA user_version = ${known.newest}`)
    return schema
  })
}

function take(step: Step, db: Database): void {
  db.exec(typeof step === 'string' ? step : step.sql)
  if (typeof step !== 'string') step.after(db)
}
