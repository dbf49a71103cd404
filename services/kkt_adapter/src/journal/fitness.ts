import { openReadOnly } from '#sqlite'
import { committedBytes, type Database, StorageFailure } from './database.ts'
import { SchemaTooNew, schemaOf } from './migrate.ts'

/** Read within half a second: a start must not take long. In a larger file damage is told when it is met. */
const MAX_READ_BYTES = 64 * 1024 * 1024

/**
 * Refuses a database that is of a newer version or damaged, before it is opened to be written. It is read whole, which
 * takes a second for 100 000 receipts, and nothing of it is changed: even the close of a writer would move its WAL.
 * @throws SchemaTooNew, StorageFailure
 */
export function refuseUnfit(path: string, newestSchema: number, maxReadBytes = MAX_READ_BYTES): void {
  const bytes = committedBytes(path)
  if (bytes === 0) return
  const db = openReadOnly(path)
  try {
    // Of a newer one nobody here can tell what is damage.
    const schema = schemaOf(db)
    if (schema > newestSchema) throw new SchemaTooNew(schema, newestSchema)
    if (bytes <= maxReadBytes) refuseDamaged(db)
  } finally {
    db.close()
  }
}

/** Not the quick check: an index that has lost a key would let its receipt be printed twice. */
function refuseDamaged(db: Database): void {
  const found = db.prepare<{ integrity_check: string }>('PRAGMA integrity_check(1)').get()?.integrity_check
  if (found !== 'ok') throw new StorageFailure('SQLITE_CORRUPT', { cause: new Error(found) })
}
