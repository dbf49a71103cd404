import type { Logger } from '@kkt/platform/logger.ts'
import type { Database } from './database.ts'
import { isDamage, StorageFailure } from './storage_failure.ts'

export type WatchedStorage = {
  /** The database; its failures are remembered here. */
  readonly db: Database
  /** SQLite's name of the last failure, or null once writing has worked again. */
  readonly failure: string | null
  /** Says that writing has worked. Damage stays remembered. */
  proven(): void
  /** Counts as damage from now on. */
  condemn(code: string): void
  /** @throws StorageFailure when the file is damaged: nothing is written to it any more */
  refuseDamaged(): void
}

/** Watches every use of a database for a failing disk or file. */
export function watchStorage(db: Database, logger?: Logger): WatchedStorage {
  let failure: StorageFailure | null = null
  const isDamaged = () => failure !== null && isDamage(failure)

  function remembered(error: unknown): unknown {
    if (!(error instanceof StorageFailure) || isDamaged()) return error
    if (error.code !== failure?.code) logger?.error('journal_failed', { error_code: error.code })
    failure = error
    return error
  }

  function watched<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw remembered(error)
    }
  }

  return {
    db: {
      exec: (sql) => watched(() => db.exec(sql)),
      prepare: <Row>(sql: string) => {
        const statement = watched(() => db.prepare<Row>(sql))
        return {
          get(...values) {
            try {
              return statement.get(...values)
            } catch (error) {
              throw remembered(error)
            }
          },
          all(...values) {
            try {
              return statement.all(...values)
            } catch (error) {
              throw remembered(error)
            }
          },
          run(...values) {
            try {
              return statement.run(...values)
            } catch (error) {
              throw remembered(error)
            }
          },
        }
      },
      get inTransaction() {
        return db.inTransaction
      },
      assertInPlace: () => watched(db.assertInPlace),
      close: () => db.close(),
    },
    get failure() {
      return failure?.code ?? null
    },
    proven() {
      if (failure === null || isDamaged()) return
      logger?.info('journal_works_again', { after: failure.code })
      failure = null
    },
    condemn: (code) => void remembered(new StorageFailure(code, {})),
    refuseDamaged() {
      if (failure !== null && isDamaged()) throw failure
    },
  }
}
