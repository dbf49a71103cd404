import { systemClock } from '@kkt/platform/clock.ts'
import { exclusively } from '../sqlite/database.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import type { WatchedStorage } from '../sqlite/watched_storage.ts'
import type { LoggedEntries } from './audit.ts'
import type { Gathered } from './gathered.ts'

/** Limits how long one commit holds the event loop. */
const MAX_GROUP = 256

type Entry = { takesUp: boolean; run: () => void; resolve: () => void; reject: (error: unknown) => void }

/** Writes the reports of a transaction's works at its end. */
export type Gathering = Pick<Gathered, 'forget' | 'writeOut'>

/** A commit that is on the disk. `syncMs` is the time of SQLite's COMMIT only, which is mostly the fsync. */
export type Committed = { logged: readonly LoggedEntries[]; works: number; syncMs: number }

export type CommitDeps = {
  monotonicMs: () => number
  /** Called after each commit, once the works' promises are resolved. It must not throw. */
  onCommit: (committed: Committed) => void
  /** Delays a commit so that writes of one turn share it. */
  schedule: (flush: () => void) => void
}

const USUAL: CommitDeps = {
  monotonicMs: systemClock.monotonicMs,
  onCommit: () => undefined,
  schedule: (flush) => void setImmediate(flush),
}

export type GroupCommit<Tx> = {
  /**
   * Runs `work` inside a transaction and resolves with its value once the commit is on the disk. Works of the same turn
   * of the event loop share one commit, and so one fsync; a work that throws is undone without the others. `work` is
   * synchronous, touches only the database through its `tx`, and may be run again after it was undone.
   * @throws StorageFailure, or the error of `work`; then nothing of it is stored
   */
  write<T>(work: (tx: Tx) => T): Promise<T>
  /**
   * For works that take up others' results. They run behind every `write` of the turn, in the same commit, so that an
   * accepted receipt needs no second commit to be marked for the KKT.
   */
  takeUp<T>(work: (tx: Tx) => T): Promise<T>
}

/**
 * @param tx the verbs that works write with
 * @param gathered gets the works' reports through `tx`
 * @param deps what differs from `USUAL`
 */
export function createGroupCommit<Tx>(
  storage: WatchedStorage,
  tx: Tx,
  gathered: Gathering,
  deps: Partial<CommitDeps> = {},
): GroupCommit<Tx> {
  const { monotonicMs, onCommit, schedule } = { ...USUAL, ...deps }
  const { db } = storage
  const savepoint = db.prepare('SAVEPOINT entry')
  const release = db.prepare('RELEASE entry')
  const undo = db.prepare('ROLLBACK TO entry')
  let queue: Entry[] = []

  const transaction = transactions(storage, gathered, monotonicMs)

  /**
   * Runs one work, which is undone without the others when it throws. Its reports are written inside its savepoint, so
   * they are undone with it.
   */
  function attempt(entry: Entry, log: LoggedEntries[]): () => void {
    savepoint.run()
    try {
      entry.run()
      const logged = gathered.writeOut()
      release.run()
      log.push(...logged)
      return entry.resolve
    } catch (error) {
      if (error instanceof StorageFailure) throw error
      undo.run()
      release.run()
      gathered.forget()
      return () => entry.reject(error)
    }
  }

  function commit(entries: Entry[]): Done {
    try {
      return transaction(() =>
        entries.map((entry) => {
          entry.run()
          return entry.resolve
        }),
      )
    } catch (error) {
      if (error instanceof StorageFailure || entries.length === 1) throw error
      // Savepoints cost as much as a work, and works rarely throw, so savepoints are set only after one has.
      return transaction((log) => entries.map((entry) => attempt(entry, log)))
    }
  }

  function flush(): void {
    const all = takingUpLast(queue)
    const entries = all.slice(0, MAX_GROUP)
    queue = all.slice(MAX_GROUP)
    if (queue.length > 0) schedule(flush)
    try {
      const { answers, logged, syncMs } = commit(entries)
      for (const answer of answers) answer()
      onCommit({ logged, works: entries.length, syncMs })
    } catch (error) {
      // A failing disk fails all works alike.
      for (const entry of entries) entry.reject(error)
    }
  }

  function enqueue<T>(work: (tx: Tx) => T, takesUp: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let value: T
      const run = () => {
        value = work(tx)
      }
      queue.push({ takesUp, run, resolve: () => resolve(value), reject })
      if (queue.length === 1) schedule(flush)
    })
  }

  return {
    write: (work) => enqueue(work, false),
    takeUp: (work) => enqueue(work, true),
  }
}

/** `answers` tell each work's sender that the work is on the disk. */
type Done = { answers: (() => void)[]; logged: LoggedEntries[]; syncMs: number }

/** Runs works in a transaction, with their reports. */
function transactions(storage: WatchedStorage, gathered: Gathering, monotonicMs: () => number) {
  return (work: (log: LoggedEntries[]) => (() => void)[]): Done => {
    storage.refuseDamaged()
    const logged: LoggedEntries[] = []
    let workedAtMs = 0
    try {
      const answers = exclusively(storage.db, () => {
        const answers = work(logged)
        logged.push(...gathered.writeOut())
        workedAtMs = monotonicMs()
        return answers
      })
      return { answers, logged, syncMs: monotonicMs() - workedAtMs }
    } catch (error) {
      gathered.forget()
      throw error
    }
  }
}

const takingUpLast = (entries: Entry[]): Entry[] => [
  ...entries.filter(({ takesUp }) => !takesUp),
  ...entries.filter(({ takesUp }) => takesUp),
]
