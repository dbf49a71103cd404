/**
 * The SQLite interface of the journal and the mock KKT's memory: the features that both runtimes' drivers share.
 * `#sqlite` names the runtime's driver (package.json, "imports").
 */
export type SqlValue = string | number | null
export type Statement<Row> = {
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
  /** Runs a statement that returns no rows. @returns the number of rows changed, without those changed by triggers */
  run(...values: SqlValue[]): number
}
export type Database = {
  exec(sql: string): void
  prepare<Row = never>(sql: string): Statement<Row>
  readonly inTransaction: boolean
  /**
   * Checks that the open files are still the files at the database's path.
   * @throws StorageFailure FILE_DISPLACED when one was deleted, moved or replaced
   */
  assertInPlace(): void
  close(): void
}

/**
 * Runs `work` in a transaction of its own, with other writers locked out: all of it is kept or, when it throws,
 * nothing. Do not nest it. It also fails when the commit went into a file that is no longer at the database's path.
 * @throws StorageFailure, or the error of `work`
 */
export function exclusively<T>(db: Database, work: () => T): T {
  // Ends an earlier transaction whose ROLLBACK failed.
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
      // The first failure is the one to report.
    }
    throw error
  }
}

function rollBack(db: Database): void {
  if (db.inTransaction) db.exec('ROLLBACK')
}
