import assert from 'node:assert/strict'
import type { Database } from '../sqlite/database.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'

export type Fixture = {
  /** The path of a file in a folder that is removed after the test. */
  path: string
  open: (path: string) => Database
  openReadOnly: (path: string) => Database
}

export const memory = ({ open }: Fixture, sql = ''): Database => {
  const db = open(':memory:')
  if (sql) db.exec(sql)
  return db
}

export const one = <Row>(db: Database, sql: string, ...values: (string | number | null)[]): Partial<Row> => ({
  ...db.prepare<Row>(sql).get(...values),
})

export const all = <Row extends object>(db: Database, sql: string): Row[] =>
  db
    .prepare<Row>(sql)
    .all()
    .map((row) => ({ ...row }))

/** Fails unless `work` throws a StorageFailure with this code that keeps the driver's own error. */
export function failsWith(code: string, work: () => unknown): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof StorageFailure, String(error))
    assert.equal(error.code, code)
    assert.ok(error.cause instanceof Error)
    return true
  })
}

export const isNoStorageFailure = (error: unknown) => error instanceof Error && !(error instanceof StorageFailure)
