/** A database whose statements a test watches or changes. */
import type { Database, Statement } from '../sqlite/database.ts'

/** @param change gets each statement when it is prepared, and gives what is used instead */
export function withStatements(
  db: Database,
  change: (sql: string, statement: Statement<never>) => Statement<never>,
): Database {
  return {
    ...db,
    // Spreading would read it once.
    get inTransaction() {
      return db.inTransaction
    },
    prepare: (sql) => change(sql, db.prepare<never>(sql)),
  }
}

type Plan = { sql: string; steps: string[] }

/**
 * The statements that are prepared on the database while `use` runs, with the steps in which SQLite runs them.
 * @param use makes something on the database that it gets
 */
export function plansOf(db: Database, use: (watched: Database) => void): Plan[] {
  const texts: string[] = []
  use(
    withStatements(db, (sql, statement) => {
      texts.push(sql)
      return statement
    }),
  )
  return texts
    .filter((sql) => !sql.startsWith('PRAGMA'))
    .map((sql) => {
      const steps = db.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()
      return { sql, steps: steps.map(({ detail }) => detail) }
    })
}
