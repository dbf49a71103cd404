/**
 * Half of SQLite's own: the steps of receipts change a little in each of many pages, and each is written whole. What has
 * another size keeps it.
 */
export const PAGE_BYTES = 2048
/** The WAL is moved into the database file, and begins anew, after about so much. */
const WAL_BYTES = 4 * 1024 * 1024

/**
 * The WAL stays below this. It begins anew after `WAL_BYTES` plus what one commit adds; what a reader that stayed for long
 * has made it grow to is cut back to this when it begins anew.
 */
export const WAL_LIMIT_BYTES = 16 * 1024 * 1024

/**
 * A lock is waited for by blocking, so the wait is short: other writers hold it for milliseconds, and a program that keeps
 * it must not cost this process its lease.
 */
const BUSY_TIMEOUT = 'PRAGMA busy_timeout = 500'

/**
 * What undoes a savepoint. Above 64 KB SQLite would put it into a file, and two steps of receipts change more pages than
 * that. After a crash nobody needs it.
 */
const UNDO_IN_MEMORY = 'PRAGMA temp_store = MEMORY'

/** Durable by default: a commit returns after its fsync (WAL, synchronous=FULL). */
export const PRAGMAS = [
  BUSY_TIMEOUT,
  `PRAGMA page_size = ${PAGE_BYTES}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  `PRAGMA wal_autocheckpoint = ${WAL_BYTES / PAGE_BYTES}`,
  `PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`,
  UNDO_IN_MEMORY,
]

/** For a connection that is to change nothing, however it was opened. */
export const READING_PRAGMAS = [BUSY_TIMEOUT, 'PRAGMA query_only = ON']
