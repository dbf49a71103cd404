import type { Database, SqlValue, Statement } from '@kkt/adapter/src/sqlite/database.ts'
import { StorageFailure } from '@kkt/adapter/src/sqlite/storage_failure.ts'
import { Killed, type SimProcess } from './process.ts'

/** The disk's faults, each with SQLite's code for it. */
export const DISK_FAULTS = {
  full_at_write: 'SQLITE_FULL',
  full_at_commit: 'SQLITE_FULL',
  error_at_read: 'SQLITE_IOERR',
  error_at_write: 'SQLITE_IOERR',
  error_at_commit: 'SQLITE_IOERR',
  /** Neither the commit nor the rollback works: the transaction stays open. */
  error_at_end: 'SQLITE_IOERR',
  read_only: 'SQLITE_READONLY',
  busy_at_begin: 'SQLITE_BUSY',
  busy_at_commit: 'SQLITE_BUSY',
  /** The file is no longer at its path: the commit works, and nobody else sees it. */
  moved_away: 'FILE_DISPLACED',
} as const
export type DiskFault = keyof typeof DISK_FAULTS

type Operation = 'begin' | 'read' | 'write' | 'commit' | 'rollback' | 'other'

/** The faults that an operation meets. A write outside a transaction begins and commits one of its own. */
const MEETS: Record<Operation, readonly DiskFault[]> = {
  begin: ['read_only', 'busy_at_begin'],
  read: ['error_at_read'],
  write: ['full_at_write', 'error_at_write'],
  commit: ['full_at_commit', 'error_at_commit', 'busy_at_commit', 'error_at_end', 'moved_away'],
  rollback: ['error_at_end'],
  other: [],
}
/** After these, SQLite has undone the whole transaction by itself (https://sqlite.org/lang_transaction.html). */
const UNDOES: readonly DiskFault[] = ['full_at_commit', 'error_at_write', 'error_at_commit']

/** A process that uses a disk, and the strikes that it may meet there. */
export type User = {
  process: SimProcess
  /** Whether the model itself reads. It meets no faults. */
  isObserver: () => boolean
  /** @throws Killed */
  strike(what: 'statement' | 'commit', side: 'before' | 'after'): void
}

/** A database in memory, seen by several processes that may die at any statement, on a disk that may fail. */
export class Disk {
  #restore: (() => void)[] = []
  #onCommit: (by: SimProcess) => void = () => undefined
  fault: { name: DiskFault; left: number } | null = null
  /** The process whose transaction does not end, because it is paused or its rollback has failed. */
  lockedBy: SimProcess | null = null
  #isStuck = false
  /** Processes whose open files are no longer at their path. A restart ends that. */
  #displaced = new Set<SimProcess>()
  /** How often it has failed. */
  failures = 0

  readonly db: Database

  constructor(db: Database) {
    this.db = preparedOnce(db)
  }

  /** Remembers the present rows, with which each history begins. */
  remember(): void {
    const tables = this.db
      .prepare<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
      .all()
      .map(({ name }) => name)
    const deletes = tables.map((table) => this.db.prepare(`DELETE FROM ${table}`))
    const inserts = tables.flatMap((table) =>
      this.db
        .prepare<Record<string, SqlValue>>(`SELECT * FROM ${table}`)
        .all()
        .map((row) => {
          const marks = Object.keys(row).map(() => '?')
          const insert = this.db.prepare(`INSERT INTO ${table} (${Object.keys(row)}) VALUES (${marks})`)
          return () => insert.run(...Object.values(row))
        }),
    )
    this.#restore = [...deletes.map((statement) => () => statement.run()), ...inserts]
  }

  /**
   * Begins a history: with the remembered rows and without faults.
   * @param onCommit called after each commit, with the committing process
   */
  begin(onCommit: (by: SimProcess) => void): void {
    this.db.exec('BEGIN')
    // The tables are emptied in the order of their creation, so rows are deleted before those that refer to them.
    this.db.exec('PRAGMA defer_foreign_keys = ON')
    for (const step of this.#restore) step()
    this.db.exec('COMMIT')
    this.#onCommit = onCommit
    this.fault = null
    this.lockedBy = null
    this.#isStuck = false
    this.#displaced.clear()
    this.failures = 0
  }

  /** Whether a process writes to files that nobody else sees. */
  get isDisplaced(): boolean {
    return this.#displaced.size > 0
  }

  hasDisplaced(process: SimProcess): boolean {
    return this.#displaced.has(process)
  }

  /** The database as opened by this user. */
  openedBy(user: User): Database {
    const { db } = this
    const isInTransaction = () => !user.process.isDead && (db.inTransaction || this.#isStuckIn(user.process))
    return {
      exec: (sql) => {
        const operation = operationOf(sql)
        this.#operate(user, operation, () => this.#execute(user, operation, sql))
      },
      prepare: <Row>(sql: string): Statement<Row> => {
        const statement = db.prepare<Row>(sql)
        const operation = operationOf(sql)
        return {
          get: (...values) => this.#operate(user, operation, () => statement.get(...values)),
          all: (...values) => this.#operate(user, operation, () => statement.all(...values)),
          run: (...values) => this.#operate(user, operation, () => statement.run(...values)),
        }
      },
      get inTransaction() {
        return isInTransaction()
      },
      assertInPlace: () => {
        if (this.#displaced.has(user.process)) this.#fail('moved_away')
      },
      close: () => undefined,
    }
  }

  /** Undoes the dead process's transaction. No two processes are ever in a transaction at once. */
  leave(process: SimProcess): void {
    this.#undo()
    this.#displaced.delete(process)
    if (this.lockedBy !== process) return
    this.lockedBy = null
    this.#isStuck = false
  }

  #undo(): void {
    if (this.db.inTransaction) this.db.exec('ROLLBACK')
  }

  #isStuckIn = (process: SimProcess) => this.#isStuck && this.lockedBy === process

  #operate<T>(user: User, operation: Operation, work: () => T): T {
    if (user.isObserver()) return work()
    if (user.process.isDead) throw new Killed()
    user.strike('statement', 'before')
    const isAlone = operation === 'write' && !this.db.inTransaction
    const commits = operation === 'commit' || isAlone
    if (operation === 'begin' || isAlone) this.#meet('begin', user)
    if (operation !== 'begin') this.#meet(operation, user)
    if (commits) user.strike('commit', 'before')
    if (isAlone) this.#meet('commit', user)
    const isLost = this.#displaced.has(user.process)
    const value = isAlone && isLost ? this.#inVain(work) : work()
    if (commits) {
      if (!isLost) this.#onCommit(user.process)
      user.strike('commit', 'after')
    }
    return value
  }

  #execute({ process }: User, operation: Operation, sql: string): void {
    if (operation === 'rollback') this.#rollBack(process)
    // Other processes read the files at the path, and do not see this commit.
    else if (operation === 'commit' && this.#displaced.has(process)) this.#undo()
    else this.db.exec(sql)
  }

  #inVain<T>(work: () => T): T {
    this.db.exec('BEGIN')
    const value = work()
    this.#undo()
    return value
  }

  /** A rollback that failed before was done all the same, so that no other process saw uncommitted rows. */
  #rollBack(process: SimProcess): void {
    if (this.#isStuckIn(process)) {
      this.#isStuck = false
      this.lockedBy = null
    } else {
      this.db.exec('ROLLBACK')
    }
  }

  /** @throws StorageFailure */
  #meet(operation: Operation, { process }: User): void {
    if (operation === 'begin' && this.lockedBy) {
      if (this.lockedBy !== process) this.#fail('busy_at_begin')
      if (this.#isStuck) throw new Error('cannot start a transaction within a transaction')
    }
    const { fault } = this
    if (!fault || !MEETS[operation].includes(fault.name)) return
    fault.left -= 1
    if (fault.left <= 0) this.fault = null
    if (fault.name === 'moved_away') {
      this.#displaced.add(process)
      return
    }
    if (UNDOES.includes(fault.name)) this.#undo()
    if (operation === 'rollback' && this.db.inTransaction) {
      this.#undo()
      this.#isStuck = true
      this.lockedBy = process
    }
    this.#fail(fault.name)
  }

  #fail(name: DiskFault): never {
    this.failures += 1
    throw new StorageFailure(DISK_FAULTS[name], { cause: new Error(name) })
  }
}

/** Prepares each statement once for all adapters. */
function preparedOnce(db: Database): Database {
  const statements = new Map<string, Statement<unknown>>()
  return {
    exec: (sql) => db.exec(sql),
    prepare: <Row>(sql: string) => {
      const statement = statements.get(sql) ?? db.prepare<unknown>(sql)
      statements.set(sql, statement)
      return statement as Statement<Row>
    },
    get inTransaction() {
      return db.inTransaction
    },
    assertInPlace: db.assertInPlace,
    close: () => db.close(),
  }
}

const operations = new Map<string, Operation>()

function operationOf(sql: string): Operation {
  const operation = operations.get(sql) ?? classify(sql.trimStart().toUpperCase())
  operations.set(sql, operation)
  return operation
}

function classify(sql: string): Operation {
  if (sql.startsWith('BEGIN')) return 'begin'
  if (sql.startsWith('COMMIT')) return 'commit'
  if (/^(SAVEPOINT|RELEASE|ROLLBACK TO|PRAGMA)/.test(sql)) return 'other'
  if (sql.startsWith('ROLLBACK')) return 'rollback'
  return /^(SELECT|WITH)/.test(sql) ? 'read' : 'write'
}
