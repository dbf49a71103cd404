/** Half of SQLite's default: each step changes a little in many pages. An existing database keeps its size. */
export const PAGE_BYTES = 2048
/** The WAL is moved into the database file and restarts after about this size. */
const WAL_BYTES = 4 * 1024 * 1024

/** The WAL's limit: more than `WAL_BYTES` and one commit. A WAL that a long reader let grow is cut to it. */
export const WAL_LIMIT_BYTES = 16 * 1024 * 1024

/** A wait for a lock blocks, so it is short: a program that keeps the lock must not cost this process its lease. */
const BUSY_TIMEOUT = 'PRAGMA busy_timeout = 500'

/** Savepoints' undo data stays in memory: above 64 KB SQLite would write a file, and a crash does not need it. */
const UNDO_IN_MEMORY = 'PRAGMA temp_store = MEMORY'

/**
 * Durable by default: a commit returns after its fsync (WAL, synchronous=FULL).
 * @param pageBytes of a new database
 */
export const pragmas = (pageBytes = PAGE_BYTES): readonly string[] => [
  BUSY_TIMEOUT,
  `PRAGMA page_size = ${pageBytes}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  `PRAGMA wal_autocheckpoint = ${WAL_BYTES / pageBytes}`,
  `PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`,
  UNDO_IN_MEMORY,
]

/** For a connection that must change nothing, however it was opened. */
export const READING_PRAGMAS = [BUSY_TIMEOUT, 'PRAGMA query_only = ON']
