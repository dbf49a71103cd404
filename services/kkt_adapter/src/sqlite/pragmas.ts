/**
 * Half of SQLite's default: a receipt's steps change a little in each of many pages, and each page is written whole. An
 * existing database keeps its page size.
 */
export const PAGE_BYTES = 2048
/** The WAL is moved into the database file and restarts after about this size. */
const WAL_BYTES = 4 * 1024 * 1024

/**
 * The WAL's limit. It restarts after `WAL_BYTES` and the size of one commit. A WAL that grew because of a long reader
 * is cut to this limit when it restarts.
 */
export const WAL_LIMIT_BYTES = 16 * 1024 * 1024

/**
 * Waiting for a lock blocks, so the wait is short: other writers hold it for milliseconds, and a program that keeps it
 * must not cost this process its lease.
 */
const BUSY_TIMEOUT = 'PRAGMA busy_timeout = 500'

/**
 * For the undo data of savepoints. Above 64 KB SQLite would put it into a file, and two steps of receipts change more
 * than that. A crash needs no undo data.
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

/** For a connection that must change nothing, however it was opened. */
export const READING_PRAGMAS = [BUSY_TIMEOUT, 'PRAGMA query_only = ON']
