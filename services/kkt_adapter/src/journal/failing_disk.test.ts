import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { openDatabase } from '#sqlite'
import type { Database } from '../sqlite/database.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { watchStorage } from '../sqlite/watched_storage.ts'
import { NOTHING_GATHERED, temporaryFile } from '../testing/kit.ts'
import { createGroupCommit } from './group_commit.ts'

type Step = 'BEGIN IMMEDIATE' | 'INSERT' | 'COMMIT' | 'ROLLBACK'
/**
 * The step at which the disk fails, SQLite's error code, and whether SQLite then undoes the whole transaction by
 * itself.
 */
type Plan = { at: Step; code: string; undoes: boolean; times: number }

/** A database on a disk that fails as planned. */
function failing(db: Database, plans: Plan[]): Database {
  function strike(step: string): void {
    const plan = plans.find(({ at, times }) => at === step && times > 0)
    if (!plan) return
    plan.times -= 1
    if (plan.undoes && db.inTransaction) db.exec('ROLLBACK')
    throw new StorageFailure(plan.code, { cause: new Error(`the disk failed at ${step}`) })
  }
  return {
    ...db,
    get inTransaction() {
      return db.inTransaction
    },
    exec(sql) {
      strike(sql)
      db.exec(sql)
    },
    prepare<Row>(sql: string) {
      const statement = db.prepare<Row>(sql)
      const run: typeof statement.run = (...values) => {
        if (sql.startsWith('INSERT')) strike('INSERT')
        return statement.run(...values)
      }
      return { ...statement, run }
    },
  }
}

function setUp({ path = temporaryFile('buffer.db') } = {}) {
  const file = openDatabase(path)
  file.exec('CREATE TABLE notes (n INTEGER NOT NULL UNIQUE, text TEXT NOT NULL)')
  const plans: Plan[] = []
  const lines: string[] = []
  const storage = watchStorage(
    failing(file, plans),
    createLogger('test', 'info', (line) => lines.push(line)),
  )
  const flushes: (() => void)[] = []
  const commits = createGroupCommit(storage, null, NOTHING_GATHERED, { schedule: (flush) => void flushes.push(flush) })
  const insert = storage.db.prepare('INSERT INTO notes (n, text) VALUES (?, ?)')
  const other = openDatabase(path)
  const all = other.prepare<{ n: number }>('SELECT n FROM notes ORDER BY n')
  return {
    file,
    other,
    storage,
    commits,
    fail: (at: Step, code: string, undoes = false, times = 1) => void plans.push({ at, code, undoes, times }),
    note: (n: number, text = '') => commits.write(() => insert.run(n, text)),
    /** The rows that another process sees. */
    noted: () => all.all().map(({ n }) => n),
    /** Lets the next turn of the event loop come, and returns how each work ended. */
    async turn(works: Promise<unknown>[]) {
      const ended = Promise.allSettled(works)
      flushes.shift()?.()
      return (await ended).map((one) => (one.status === 'fulfilled' ? 'done' : one.reason))
    },
    logged: () => lines.map((line): { event: string; error_code?: string } => JSON.parse(line)),
  }
}

const CODES = ['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_BUSY']
const PLACES = (['BEGIN IMMEDIATE', 'INSERT', 'COMMIT'] as const).flatMap((at) =>
  [true, false].flatMap((undoes) => CODES.map((code) => ({ at, code, undoes }))),
)

describe('invariant 1: a disk that fails at', () => {
  test.each(PLACES)('$at with $code (SQLite undoes by itself: $undoes)', async ({ at, code, undoes }) => {
    const { fail, note, noted, turn, storage, file } = setUp()
    expect(await turn([note(1)])).toEqual(['done'])
    fail(at, code, undoes)
    for (const ending of await turn([note(2), note(3), note(4)])) expect(ending).toMatchObject({ code })
    expect({ noted: noted(), failure: storage.failure, isOpen: file.inTransaction }).toEqual({
      noted: [1],
      failure: code,
      isOpen: false,
    })
    expect(await turn([note(2), note(5)])).toEqual(['done', 'done'])
    expect(noted()).toEqual([1, 2, 5])
  })

  test('COMMIT, and at the ROLLBACK after it: the next commit undoes it first', async () => {
    const { fail, note, noted, turn, file } = setUp()
    fail('COMMIT', 'SQLITE_IOERR')
    fail('ROLLBACK', 'SQLITE_FULL', false, 2)
    expect(await turn([note(1)])).toMatchObject([{ code: 'SQLITE_IOERR' }])
    expect({ noted: noted(), isOpen: file.inTransaction }).toEqual({ noted: [], isOpen: true })
    expect(await turn([note(2)])).toMatchObject([{ code: 'SQLITE_FULL' }])
    expect(await turn([note(3)])).toEqual(['done'])
    expect({ noted: noted(), isOpen: file.inTransaction }).toEqual({ noted: [3], isOpen: false })
  })
})

test('one that fails runs each work once, and none behind it', async () => {
  const { commits, note, turn } = setUp()
  let runs = 0
  const failure = new StorageFailure('SQLITE_FULL', {})
  const fails = commits.write(() => {
    runs += 1
    throw failure
  })
  const after = commits.write(() => {
    runs += 10
  })
  expect(await turn([note(1), fails, after])).toEqual([failure, failure, failure])
  expect(runs).toBe(1)
})

test('a full one keeps what it had, and works again once there is room', async () => {
  const { file, note, noted, storage, turn } = setUp()
  await turn([note(1)])
  const pages = file.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0
  file.exec(`PRAGMA max_page_count = ${pages}`)
  const large = 'x'.repeat(100_000)
  for (const ending of await turn([note(2), note(3, large)])) {
    expect(ending).toMatchObject({ name: 'StorageFailure', code: 'SQLITE_FULL' })
  }
  expect({ noted: noted(), failure: storage.failure }).toEqual({ noted: [1], failure: 'SQLITE_FULL' })
  file.exec('PRAGMA max_page_count = 1000')
  expect(await turn([note(2), note(3, large)])).toEqual(['done', 'done'])
  expect(noted()).toEqual([1, 2, 3])
})

test('another process that holds the write lock too long fails the commit, not the one after', async () => {
  const { file, other, note, noted, storage, turn } = setUp()
  file.exec('PRAGMA busy_timeout = 0')
  other.exec('BEGIN IMMEDIATE')
  expect(await turn([note(1)])).toMatchObject([{ name: 'StorageFailure', code: 'SQLITE_BUSY' }])
  expect(storage.failure).toBe('SQLITE_BUSY')
  other.exec('ROLLBACK')
  expect(await turn([note(2)])).toEqual(['done'])
  expect(noted()).toEqual([2])
})

describe('what is remembered of a failure', () => {
  test('is told until writing is proven to work, whatever else was written meanwhile; the log names each once', async () => {
    const { fail, note, storage, turn, logged } = setUp()
    expect(storage.failure).toBeNull()
    fail('COMMIT', 'SQLITE_FULL', true, 2)
    for (const n of [1, 2, 3]) await turn([note(n)])
    expect(storage.failure).toBe('SQLITE_FULL')
    fail('INSERT', 'SQLITE_IOERR')
    await turn([note(4)])
    expect(storage.failure).toBe('SQLITE_IOERR')
    storage.proven()
    storage.proven()
    expect(storage.failure).toBeNull()
    expect(logged()).toMatchObject([
      { event: 'journal_failed', error_code: 'SQLITE_FULL' },
      { event: 'journal_failed', error_code: 'SQLITE_IOERR' },
      { event: 'journal_works_again', after: 'SQLITE_IOERR' },
    ])
  })

  test('a mistake of one work is none of the disk', async () => {
    const { commits, storage, turn } = setUp()
    const mistake = new Error('a mistake')
    const work = commits.write(() => {
      throw mistake
    })
    expect(await turn([work])).toEqual([mistake])
    expect(storage.failure).toBeNull()
  })

  test.each(['SQLITE_CORRUPT', 'SQLITE_NOTADB'])(
    'damage (%s) lets nothing be written any more, until a restart',
    async (code) => {
      const { fail, file, note, noted, storage, turn } = setUp()
      await turn([note(1)])
      fail('INSERT', code)
      expect(await turn([note(2)])).toMatchObject([{ code }])
      expect(await turn([note(3)])).toMatchObject([{ code }])
      storage.proven()
      fail('BEGIN IMMEDIATE', 'SQLITE_FULL')
      expect(await turn([note(4)])).toMatchObject([{ code }])
      expect({ failure: storage.failure, noted: noted(), isOpen: file.inTransaction }).toEqual({
        failure: code,
        noted: [1],
        isOpen: false,
      })
    },
  )

  test.each(['get', 'all', 'run'] as const)(
    'damage that %s meets is remembered too, whatever else fails after it',
    (method) => {
      const { file } = setUp()
      const failures = ['SQLITE_CORRUPT', 'SQLITE_IOERR'].map((code) => new StorageFailure(code, {}))
      const [damaged] = failures
      const broken = () => {
        throw failures.shift()
      }
      const storage = watchStorage({ ...file, prepare: () => ({ get: broken, all: broken, run: broken }) })
      const statement = storage.db.prepare('a query')
      expect(() => statement[method]()).toThrow(damaged)
      expect(() => statement[method]()).toThrow(expect.objectContaining({ code: 'SQLITE_IOERR' }))
      expect(storage.failure).toBe('SQLITE_CORRUPT')
      expect(() => storage.refuseDamaged()).toThrow(damaged)
    },
  )
})
