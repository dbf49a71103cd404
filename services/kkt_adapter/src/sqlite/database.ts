/**
 * The SQLite that the journal and the mock KKT's memory are written against: what both runtimes' drivers give alike.
 * `#sqlite` names the driver of the runtime (package.json, "imports").
 */
export type SqlValue = string | number | null
export type Statement<Row> = {
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
  /** Runs a statement that returns no rows. @returns how many rows it changed itself, its triggers left out */
  run(...values: SqlValue[]): number
}
export type Database = {
  exec(sql: string): void
  prepare<Row = never>(sql: string): Statement<Row>
  readonly inTransaction: boolean
  /**
   * Says that the open files are still the files at the database's path.
   * @throws StorageFailure FILE_DISPLACED when one was deleted, moved or replaced
   */
  assertInPlace(): void
  close(): void
}

/**
 * Runs `work` in a transaction of its own, while nobody else writes: all of it is kept or, when it throws, nothing. Not to be
 * called inside of another. It fails, too, when the commit went into a file that is no longer at the database's path.
 * @throws StorageFailure, or what `work` throws
 */
export function exclusively<T>(db: Database, work: () => T): T {
  // What one before left open, whose ROLLBACK failed.
  rollBack(db)
  try {
    db.exec('BEGIN IMMEDIATE')
    const result = work()
    db.exec('COMMIT')
    db.assertInPlace()
    return result
  } catch (error) {
    try {
      rollBack(db)
    } catch {
      // The first failure is the one to tell.
    }
    throw error
  }
}

function rollBack(db: Database): void {
  if (db.inTransaction) db.exec('ROLLBACK')
}
