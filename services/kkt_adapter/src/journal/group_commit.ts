import { exclusively } from '../sqlite/database.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import type { WatchedStorage } from '../sqlite/watched_storage.ts'

/** Bounds how long one commit holds the event loop. */
const MAX_GROUP = 256

/** Whether a work sees what the others of its turn have written. */
export type Order = 'first' | 'last'

type Entry = { order: Order; run: () => void; resolve: () => void; reject: (error: unknown) => void }

export type GroupCommit = {
  /**
   * Runs `work` inside a transaction and resolves with its value once that is on the disk. Works that come in the same
   * turn of the event loop share one commit, and so one fsync; one that throws is undone alone. `work` is synchronous,
   * touches nothing but the database, and may be run anew after it was undone.
   * @param order `last`: after all others of its turn (default: in the order in which they come)
   * @throws StorageFailure, or what `work` throws; then nothing of it is stored
   */
  write<T>(work: () => T, order?: Order): Promise<T>
}

export function createGroupCommit(
  storage: WatchedStorage,
  schedule: (flush: () => void) => void = (flush) => void setImmediate(flush),
): GroupCommit {
  const { db } = storage
  const savepoint = db.prepare('SAVEPOINT entry')
  const release = db.prepare('RELEASE entry')
  const undo = db.prepare('ROLLBACK TO entry')
  let queue: Entry[] = []

  /** @returns how to tell each sender, once the whole is on the disk */
  function transaction(work: () => (() => void)[]): (() => void)[] {
    storage.refuseDamaged()
    return exclusively(db, work)
  }

  /** Runs one entry's work, which is undone alone when it throws. */
  function attempt(entry: Entry): () => void {
    savepoint.run()
    try {
      entry.run()
      release.run()
      return entry.resolve
    } catch (error) {
      if (error instanceof StorageFailure) throw error
      undo.run()
      release.run()
      return () => entry.reject(error)
    }
  }

  function commit(entries: Entry[]): (() => void)[] {
    try {
      return transaction(() =>
        entries.map((entry) => {
          entry.run()
          return entry.resolve
        }),
      )
    } catch (error) {
      if (error instanceof StorageFailure || entries.length === 1) throw error
      // Savepoints cost as much as a work does, and works seldom throw: so they are set once one has.
      return transaction(() => entries.map(attempt))
    }
  }

  function flush(): void {
    const entries = inOrder(queue.slice(0, MAX_GROUP))
    queue = queue.slice(MAX_GROUP)
    if (queue.length > 0) schedule(flush)
    try {
      for (const answer of commit(entries)) answer()
    } catch (error) {
      // A failing disk fails all alike.
      for (const entry of entries) entry.reject(error)
    }
  }

  return {
    write<T>(work: () => T, order: Order = 'first'): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let value: T
        const run = () => {
          value = work()
        }
        queue.push({ order, run, resolve: () => resolve(value), reject })
        if (queue.length === 1) schedule(flush)
      })
    },
  }
}

const inOrder = (entries: Entry[]): Entry[] => [
  ...entries.filter(({ order }) => order === 'first'),
  ...entries.filter(({ order }) => order === 'last'),
]
