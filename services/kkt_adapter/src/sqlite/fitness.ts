import { openReadOnly } from '#sqlite'
import type { Database } from './database.ts'
import { committedBytes, isInOneFile, resolvedFile } from './files.ts'
import { type KnownSchemas, refuseUnknown, schemaOf } from './migrate.ts'
import { StorageFailure } from './storage_failure.ts'

/** Read within half a second, so that a start stays short. In a larger file damage is found when it is read. */
const MAX_READ_BYTES = 64 * 1024 * 1024

/** The marks of a database of this program. */
export type Kind = {
  /** The schemas that this program reads or migrates. */
  schemas: KnownSchemas
  /** The tables of every schema, future ones included. The database may have more tables, from an operator's tool. */
  tables: readonly string[]
  /** The KKT_IDs that have claimed it; several only from an earlier program version. */
  ownersOf: (db: Database) => string[]
}

/**
 * Reads a database without changing a byte of it.
 * @returns null for a database without tables
 * @throws StorageFailure
 */
export async function readUnchanged<T>(path: string, read: (db: Database) => Promise<T>): Promise<T | null> {
  if (committedBytes(resolvedFile(path)) === 0) return null
  const db = openReadOnly(path)
  try {
    return schemaOf(db) === 0 ? null : await read(db)
  } finally {
    db.close()
  }
}

/** `kktId`: the owner that it must have, if it has one. `maxReadBytes`: a larger file is not searched for damage. */
type Fitness = { kktId?: string; maxReadBytes?: number }

/** The file is another program's database and must not be changed. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase'
  constructor(readonly path: string) {
    super(`${path} is another program's database`)
  }
}

export class OthersBuffer extends Error {
  override readonly name = 'OthersBuffer'
  constructor(
    /** The owner: "KKT-1", or "KKT-1 or KKT-2" when an earlier program version let several claim it. */
    readonly kktId: string,
    readonly wantedFor: string,
  ) {
    super(`The buffer belongs to ${kktId}, not to ${wantedFor}`)
  }
}

/**
 * Refuses a database before it is opened for writing when it belongs to another program or KKT, has an unknown schema,
 * or is damaged. It reads the whole file, a second for 100 000 receipts, and changes nothing: even closing a writer
 * would move the WAL.
 * @throws ForeignDatabase, OthersBuffer, SchemaTooNew, SchemaTooOld, StorageFailure
 */
export function refuseUnfit(path: string, kind: Kind, { kktId, maxReadBytes = MAX_READ_BYTES }: Fitness = {}): void {
  const bytes = committedBytes(resolvedFile(path))
  if (bytes === 0) return
  // Reading makes a WAL.
  const hasNoWal = isInOneFile(resolvedFile(path))
  const db = openReadOnly(path)
  try {
    // One transaction for all reads: another process may be making its tables now.
    db.exec('BEGIN')
    const schema = schemaOf(db)
    if (isForeign(db, schema, kind)) throw new ForeignDatabase(path)
    // Damage cannot be told in an unknown schema, so that is refused first.
    refuseUnknown(schema, kind.schemas)
    if (hasNoWal) refuseCut(db, bytes)
    if (bytes <= maxReadBytes) refuseDamaged(db)
    if (kktId !== undefined && schema !== 0) refuseOthers(kind.ownersOf(db), kktId)
  } finally {
    db.close()
  }
}

function refuseOthers(owners: string[], kktId: string): void {
  if (owners.length > 0 && !owners.includes(kktId)) throw new OthersBuffer(owners.join(' or '), kktId)
}

/** The first step sets the schema and makes its tables in one transaction, so only an empty database has schema 0. */
function isForeign(db: Database, schema: number, { tables }: Kind): boolean {
  const found = db.prepare<{ name: string }>('SELECT name FROM sqlite_schema').all()
  const names = new Set(found.map(({ name }) => name))
  return schema === 0 ? names.size > 0 : !tables.every((table) => names.has(table))
}

/**
 * SQLite reads zeros where a file ends within a page, and may find nothing wrong with them. Beside a WAL that is right: a
 * power cut may end a file so, and the WAL has the whole page.
 */
function refuseCut(db: Database, bytes: number): void {
  const pageBytes = db.prepare<{ page_size: number }>('PRAGMA page_size').get()?.page_size ?? bytes
  if (bytes % pageBytes !== 0) throw new StorageFailure('SQLITE_CORRUPT', { cause: new Error('it ends within a page') })
}

/** Not the quick check: an index that has lost a key would let its receipt be printed twice. */
function refuseDamaged(db: Database): void {
  const found = db.prepare<{ integrity_check: string }>('PRAGMA integrity_check(1)').get()?.integrity_check
  if (found !== 'ok') throw new StorageFailure('SQLITE_CORRUPT', { cause: new Error(found) })
}
