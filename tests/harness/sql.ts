/**
 * Shows the result of a query on the adapter's buffer: `bun run - "SELECT …" < sql.ts`, with BUFFER_DB_PATH set. Where the
 * script is not installed it comes by standard input, so it is one file without imports of its own.
 */
import { constants, Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

type Value = string | number | bigint | boolean | Uint8Array | null

function show(value: Value): string {
  if (value === null) return 'NULL'
  if (value instanceof Uint8Array) return `x'${value.toHex()}'`
  // A line break or another control character would break the table's lines.
  return String(value).replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))
}

function table(columns: string[], rows: Value[][]): string {
  const cells = [columns, ...rows.map((row) => row.map(show))]
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)))
  const lines = cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '))
  return lines.join('\n')
}

const COMMENT = /--[^\n]*|\/\*.*?(?:\*\/|$)/gs

/**
 * Statements that begin with another word may write, even though the connection is read-only: VACUUM INTO makes a file.
 * Behind WITH may be a change, which a read-only connection refuses.
 */
const READING = /^(?:SELECT|WITH|VALUES|EXPLAIN)\b/i

/** Opens the buffer without making any file. */
function open(path: string): Database {
  // Reading a database without a WAL by the usual way would leave two files beside it. Nothing changes it now.
  const how = existsSync(`${path}-wal`) ? '' : '?immutable=1'
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI
  const database = new Database(pathToFileURL(path).href + how, flags)
  // Large sorts stay in memory, too.
  for (const pragma of ['query_only = ON', 'temp_store = MEMORY']) database.run(`PRAGMA ${pragma}`)
  return database
}

/** For a query that names a missing table: the names of the existing ones. */
function tablesInstead(failure: string, database: Database): string {
  if (!failure.startsWith('no such table')) return ''
  const list = `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY name`
  const names = database.prepare(list).values().flat()
  return `. There are: ${names.join(', ') || 'none'}`
}

function prepare(database: Database, query: string) {
  try {
    return database.prepare<Record<string, Value>, []>(query)
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    throw new Error(`${failure}${tablesInstead(failure, database)}`)
  }
}

/** The text that the script shows, and the exit code with which it ends. */
type Said = { stdout: string; stderr: string; exitCode: number }

/** @param path of the buffer's file */
export function answerTo(query: string, path: string): Said {
  try {
    using database = open(path)
    const statement = prepare(database, query).safeIntegers(true)
    if (statement.paramsCount > 0) throw new Error('it has parameters. Write their values into it.')
    // SQLite reads only the first of several statements, and its text shows where that ends.
    const rest = query.slice(String(statement).length).replace(COMMENT, '')
    if (/[^\s;]/.test(rest)) throw new Error('it is more than one statement. Give one at a time.')
    if (!READING.test(query.replace(COMMENT, '').trimStart())) {
      throw new Error(
        'it does not only read. Begin it with SELECT, WITH, VALUES or EXPLAIN; instead of PRAGMA user_version, SELECT * FROM pragma_user_version.',
      )
    }
    const rows = statement.values()
    const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`
    return { stdout: `${table(statement.columnNames, rows)}\n${count}\n`, stderr: '', exitCode: 0 }
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    return { stdout: '', stderr: `The query failed: ${reason}\n`, exitCode: 1 }
  }
}

if (import.meta.main) {
  const { stdout, stderr, exitCode } = answerTo(process.argv[2] ?? '', process.env['BUFFER_DB_PATH'] ?? '')
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  process.exitCode = exitCode
}
