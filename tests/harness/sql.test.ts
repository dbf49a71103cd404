import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { answerTo } from './sql.ts'
import { run } from './stack/run.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder('sql')
  using database = new Database(`${folder}/buffer.db`)
  database.run('CREATE TABLE receipts (id TEXT, total INTEGER, body TEXT, raw BLOB)')
  database.run('CREATE VIEW old_receipts AS SELECT id FROM receipts')
  database.run(`INSERT INTO receipts VALUES ('a', 9007199254740993, 'one${'\n'}two', x'00ff'), ('bb', 1, NULL, NULL)`)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Asks in this process, where the relative paths of a query lead into the folder: a process for each query would take most of the time. */
function runSql(query: string, within = folder) {
  const before = process.cwd()
  process.chdir(within)
  try {
    return answerTo(query, `${within}/buffer.db`)
  } finally {
    process.chdir(before)
  }
}

/** Runs sql.ts as in a container: the script comes by standard input. */
async function runScript(query: string) {
  const { isLate: _, ...ended } = await run([process.execPath, 'run', '-', query], {
    cwd: folder,
    env: { BUFFER_DB_PATH: `${folder}/buffer.db` },
    stdin: `${import.meta.dir}/sql.ts`,
    output: 'kept',
  })
  return ended
}

const ALL_RECEIPTS = {
  stdout: [
    'id  total             body      raw',
    '──  ────────────────  ────────  ───────',
    "a   9007199254740993  one\\ntwo  x'00ff'",
    'bb  1                 NULL      NULL',
    '(2 rows)',
    '',
  ].join('\n'),
  stderr: '',
  exitCode: 0,
}

test('a table shows every value in full, one row a line', () => {
  expect(runSql('SELECT * FROM receipts ORDER BY id')).toEqual(ALL_RECEIPTS)
})

describe('the script', () => {
  test('shows what the query has', async () => {
    expect(await runScript('SELECT * FROM receipts ORDER BY id')).toEqual(ALL_RECEIPTS)
  })

  test('fails with the query, and its folder is where the query writes nothing', async () => {
    expect(await runScript("VACUUM INTO 'copy.db'")).toEqual(refused)
    expect(readdirSync(folder)).toEqual(['buffer.db'])
  })
})

test('a query without rows shows its columns', () => {
  expect(runSql('SELECT id FROM receipts WHERE 0').stdout).toBe('id\n──\n(0 rows)\n')
})

test.each([
  'SELECT 1 AS n;',
  'SELECT 1 AS n ; ;\n',
  '/* a; b */ SELECT 1 AS n; -- SELECT 2;',
  'SELECT 1 AS n; /* c; d */ -- e',
])('%p is one statement', (query) => {
  expect(runSql(query)).toEqual({ stdout: 'n\n─\n1\n(1 row)\n', stderr: '', exitCode: 0 })
})

test('several statements are refused, because one result would look like the whole', () => {
  for (const query of ["SELECT 'é;'; SELECT 2", 'SELECT 1; SELCT', 'SELECT 1; /* c */ DELETE FROM receipts; --'])
    expect(runSql(query)).toEqual({
      stdout: '',
      stderr: 'The query failed: it is more than one statement. Give one at a time.\n',
      exitCode: 1,
    })
})

test.each(['SELCT', 'SELECT nope FROM receipts', 'DELETE FROM receipts'])('%p fails in one line', (query) => {
  const { stdout, stderr, exitCode } = runSql(query)
  expect(exitCode).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^The query failed: .+\n$/)
  expect(runSql('SELECT count(*) AS n FROM receipts').stdout).toContain('\n2\n')
})

test('a missing table is answered with the names of the tables that exist', () => {
  for (const query of ['SELECT * FROM receipt', 'SELECT * FROM receipts JOIN receipt USING (id)'])
    expect(runSql(query)).toEqual({
      stdout: '',
      stderr: 'The query failed: no such table: receipt. There are: old_receipts, receipts\n',
      exitCode: 1,
    })
})

test('an empty buffer has no tables to name', () => {
  using database = new Database(`${folder}/buffer.db`)
  database.run('DROP VIEW old_receipts')
  database.run('DROP TABLE receipts')
  expect(runSql('SELECT * FROM receipts').stderr).toBe('The query failed: no such table: receipts. There are: none\n')
})

test.each(['SELECT :name', 'SELECT ?1, 2', 'SELECT * FROM receipts WHERE id = $id'])(
  'refuses parameters: %s',
  (query) => {
    expect(runSql(query)).toEqual({
      stdout: '',
      stderr: 'The query failed: it has parameters. Write their values into it.\n',
      exitCode: 1,
    })
  },
)

const refused = {
  stdout: '',
  stderr:
    'The query failed: it does not only read. Begin it with SELECT, WITH, VALUES or EXPLAIN; instead of PRAGMA user_version, SELECT * FROM pragma_user_version.\n',
  exitCode: 1,
}

describe('nothing is written', () => {
  const contents = () => readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`).toHex()])

  test.each([
    "VACUUM INTO 'copy.db'",
    "/* SELECT */ vacuum main INTO 'copy.db'",
    "-- SELECT\nVACUUM INTO 'copy.db'",
    "ATTACH 'other.db' AS other",
    "ATTACH 'file:other.db?mode=rwc' AS other",
    'PRAGMA query_only = OFF',
    'PRAGMA journal_mode = WAL',
    "PRAGMA temp_store_directory = '.'",
    'CREATE TEMP TABLE copies AS SELECT * FROM receipts',
    'REINDEX',
    'ANALYZE',
    'BEGIN EXCLUSIVE',
  ])('by %s', (query) => {
    const before = contents()
    expect(runSql(query)).toEqual(refused)
    expect(contents()).toEqual(before)
  })

  test.each([
    "WITH one AS (SELECT 1) INSERT INTO receipts SELECT 'c', 1, NULL, NULL",
    'WITH one AS (SELECT 1) DELETE FROM receipts RETURNING id',
    "SELECT load_extension('./evil')",
    "SELECT writefile('copy.db', 'x')",
    "SELECT fts3_tokenizer('evil', x'00')",
    "SELECT * FROM pragma_temp_store_directory('.')",
  ])('by %s', (query) => {
    const before = contents()
    const { exitCode, stdout } = runSql(query)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(contents()).toEqual(before)
  })

  test('by reading a buffer that nobody has open, whatever the names of its folders', () => {
    const inFolder = `${folder}/100% #1?`
    mkdirSync(inFolder)
    {
      using database = new Database(`${inFolder}/buffer.db`)
      database.run('PRAGMA journal_mode = WAL')
      database.run('CREATE TABLE receipts (id TEXT)')
    }
    expect(readdirSync(inFolder)).toEqual(['buffer.db'])
    expect(runSql('SELECT * FROM receipts', inFolder).stdout).toBe('id\n──\n(0 rows)\n')
    expect(readdirSync(inFolder)).toEqual(['buffer.db'])
  })
})

test('a buffer in use is read with what its WAL has', () => {
  using database = new Database(`${folder}/buffer.db`)
  database.run('PRAGMA journal_mode = WAL')
  database.run("INSERT INTO receipts VALUES ('new', 7, NULL, NULL)")
  expect(runSql("SELECT total FROM receipts WHERE id = 'new'").stdout).toBe('total\n─────\n7\n(1 row)\n')
})

test('a buffer that is missing is not made', () => {
  const missing = `${folder}/none`
  mkdirSync(missing)
  const { exitCode, stderr } = runSql('SELECT 1', missing)
  expect([exitCode, stderr]).toEqual([1, 'The query failed: unable to open database file\n'])
  expect(readdirSync(missing)).toEqual([])
})
