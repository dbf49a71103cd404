import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from './stack/run.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sql-`)
  using database = new Database(`${folder}/buffer.db`)
  database.run('CREATE TABLE receipts (id TEXT, total INTEGER, body TEXT, raw BLOB)')
  database.run('CREATE VIEW old_receipts AS SELECT id FROM receipts')
  database.run(`INSERT INTO receipts VALUES ('a', 9007199254740993, 'one${'\n'}two', x'00ff'), ('bb', 1, NULL, NULL)`)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs sql.ts as in a container: the script comes by standard input. */
async function runSql(query: string) {
  const { isLate: _, ...ended } = await run([process.execPath, 'run', '-', query], {
    cwd: folder,
    env: { BUFFER_DB_PATH: `${folder}/buffer.db` },
    stdin: `${import.meta.dir}/sql.ts`,
    output: 'kept',
  })
  return ended
}

test('a table shows every value in full, one row a line', async () => {
  expect(await runSql('SELECT * FROM receipts ORDER BY id')).toEqual({
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
  })
})

test('a query without rows shows its columns', async () => {
  expect((await runSql('SELECT id FROM receipts WHERE 0')).stdout).toBe('id\n──\n(0 rows)\n')
})

test.each([
  'SELECT 1 AS n;',
  'SELECT 1 AS n ; ;\n',
  '/* a; b */ SELECT 1 AS n; -- SELECT 2;',
  'SELECT 1 AS n; /* c; d */ -- e',
])('%p is one statement', async (query) => {
  expect(await runSql(query)).toEqual({ stdout: 'n\n─\n1\n(1 row)\n', stderr: '', exitCode: 0 })
})

test('several statements are refused, because one result would look like the whole', async () => {
  for (const query of ["SELECT 'é;'; SELECT 2", 'SELECT 1; SELCT', 'SELECT 1; /* c */ DELETE FROM receipts; --'])
    expect(await runSql(query)).toEqual({
      stdout: '',
      stderr: 'The query failed: it is more than one statement. Give one at a time.\n',
      exitCode: 1,
    })
})

test.each(['SELCT', 'SELECT nope FROM receipts', 'DELETE FROM receipts'])('%p fails in one line', async (query) => {
  const { stdout, stderr, exitCode } = await runSql(query)
  expect(exitCode).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^The query failed: .+\n$/)
  expect((await runSql('SELECT count(*) AS n FROM receipts')).stdout).toContain('\n2\n')
})

test('a missing table is answered with the names of the tables that exist', async () => {
  for (const query of ['SELECT * FROM receipt', 'SELECT * FROM receipts JOIN receipt USING (id)'])
    expect(await runSql(query)).toEqual({
      stdout: '',
      stderr: 'The query failed: no such table: receipt. There are: old_receipts, receipts\n',
      exitCode: 1,
    })
})

test('an empty buffer has no tables to name', async () => {
  using database = new Database(`${folder}/buffer.db`)
  database.run('DROP VIEW old_receipts')
  database.run('DROP TABLE receipts')
  expect((await runSql('SELECT * FROM receipts')).stderr).toBe(
    'The query failed: no such table: receipts. There are: none\n',
  )
})

test.each(['SELECT :name', 'SELECT ?1, 2', 'SELECT * FROM receipts WHERE id = $id'])(
  'refuses parameters: %s',
  async (query) => {
    expect(await runSql(query)).toEqual({
      stdout: '',
      stderr: 'The query failed: it has parameters. Write their values into it.\n',
      exitCode: 1,
    })
  },
)
