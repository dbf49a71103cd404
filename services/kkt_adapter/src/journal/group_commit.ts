import { type Database, StorageFailure } from './database.ts'

/** Bounds how long one commit holds the event loop. */
const MAX_GROUP = 256

type Entry = { run: () => void; resolve: () => void; reject: (error: unknown) => void }

export type GroupCommit = {
  /**
   * Runs `work` inside a transaction and resolves with its value once that is on the disk. Works that come in the same
   * turn of the event loop share one commit, and so one fsync. `work` is synchronous, touches nothing but the database,
   * and may run twice: when a neighbour throws, each is run again alone.
   * @throws StorageFailure, or what `work` throws; then nothing of it is stored
   */
  write<T>(work: () => T): Promise<T>
  /** SQLite's name for why the newest commit failed on the disk's side, or null when it did not. */
  readonly lastFailure: string | null
}

export function createGroupCommit(
  db: Database,
  schedule: (flush: () => void) => void = (flush) => void setImmediate(flush),
): GroupCommit {
  let queue: Entry[] = []
  let lastFailure: string | null = null

  function commit(entries: Entry[]): void {
    try {
      db.exec('BEGIN IMMEDIATE')
      for (const entry of entries) entry.run()
      db.exec('COMMIT')
      lastFailure = null
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  }

  function settle(entries: Entry[]): void {
    try {
      commit(entries)
    } catch (error) {
      settleFailure(entries, error)
      return
    }
    for (const entry of entries) entry.resolve()
  }

  function settleFailure(entries: Entry[], error: unknown): void {
    const isStorage = error instanceof StorageFailure
    if (isStorage) lastFailure = error.code
    // A failing disk fails all alike; anything else is one entry's own fault, found by running each alone.
    const together = isStorage || entries.length === 1
    for (const entry of entries) {
      if (together) entry.reject(error)
      else settle([entry])
    }
  }

  function flush(): void {
    const entries = queue.slice(0, MAX_GROUP)
    queue = queue.slice(MAX_GROUP)
    if (queue.length > 0) schedule(flush)
    settle(entries)
  }

  return {
    write<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let value: T
        const run = () => {
          value = work()
        }
        queue.push({ run, resolve: () => resolve(value), reject })
        if (queue.length === 1) schedule(flush)
      })
    },
    get lastFailure() {
      return lastFailure
    },
  }
}
