import { openReadOnly } from '#sqlite'
import type { Database } from './database.ts'
import { committedBytes, resolvedFile } from './files.ts'
import { type KnownSchemas, refuseUnknown, schemaOf } from './migrate.ts'
import { StorageFailure } from './storage_failure.ts'

/** Read within half a second: a start must not take long. In a larger file damage is told when it is met. */
const MAX_READ_BYTES = 64 * 1024 * 1024

/** By what a database of ours is known. */
export type Kind = {
  /** The schemas that this program reads, or brings to the newest. */
  schemas: KnownSchemas
  /** The tables that every schema of it has, those to come included. It may have more, of a tool that looks after it. */
  tables: readonly string[]
  /** The KKT_IDs that have claimed it; several where an older version has let them. */
  ownersOf: (db: Database) => string[]
}

/**
 * Reads a database without changing a byte of it.
 * @returns null for one without tables
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

/** `kktId`: whose it has to be, if it is anybody's. `maxReadBytes`: a larger one is not searched for damage. */
type Fitness = { kktId?: string; maxReadBytes?: number }

/** The file is the database of another program, which must not be changed. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase'
  constructor(readonly path: string) {
    super(`${path} is the database of another program`)
  }
}

/** The buffer is that of another KKT. */
export class OthersBuffer extends Error {
  override readonly name = 'OthersBuffer'
  constructor(
    /** Whose it is: "KKT-1", or "KKT-1 or KKT-2" where an older version has let several on it. */
    readonly kktId: string,
    readonly wantedFor: string,
  ) {
    super(`The buffer is ${kktId}'s, not ${wantedFor}'s`)
  }
}

/**
 * Refuses a database that is another program's, another KKT's, of a newer or an older version, or damaged, before it is
 * opened to be written. It is read whole, which takes a second for 100 000 receipts, and nothing of it is changed: even the
 * close of a writer would move its WAL.
 * @throws ForeignDatabase, OthersBuffer, SchemaTooNew, SchemaTooOld, StorageFailure
 */
export function refuseUnfit(path: string, kind: Kind, { kktId, maxReadBytes = MAX_READ_BYTES }: Fitness = {}): void {
  const bytes = committedBytes(resolvedFile(path))
  if (bytes === 0) return
  const db = openReadOnly(path)
  try {
    // What is read belongs together: another process may be making its tables now.
    db.exec('BEGIN')
    const schema = schemaOf(db)
    if (isForeign(db, schema, kind)) throw new ForeignDatabase(path)
    // What is damage in a schema that is not known, nobody here can tell.
    refuseUnknown(schema, kind.schemas)
    if (bytes <= maxReadBytes) refuseDamaged(db)
    if (kktId !== undefined && schema !== 0) refuseOthers(kind.ownersOf(db), kktId)
  } finally {
    db.close()
  }
}

function refuseOthers(owners: string[], kktId: string): void {
  if (owners.length > 0 && !owners.includes(kktId)) throw new OthersBuffer(owners.join(' or '), kktId)
}

/** The first step sets the schema and makes its tables in one transaction: only what is empty has 0. */
function isForeign(db: Database, schema: number, { tables }: Kind): boolean {
  const found = db.prepare<{ name: string }>('SELECT name FROM sqlite_schema').all()
  const names = new Set(found.map(({ name }) => name))
  return schema === 0 ? names.size > 0 : !tables.every((table) => names.has(table))
}

/** Not the quick check: an index that has lost a key would let its receipt be printed twice. */
function refuseDamaged(db: Database): void {
  const found = db.prepare<{ integrity_check: string }>('PRAGMA integrity_check(1)').get()?.integrity_check
  if (found !== 'ok') throw new StorageFailure('SQLITE_CORRUPT', { cause: new Error(found) })
}
