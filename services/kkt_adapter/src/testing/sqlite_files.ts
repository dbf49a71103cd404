/** The drivers' checks of their open files, and of paths through links. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Database, exclusively } from '../sqlite/database.ts'
import { LostDatabase } from '../sqlite/files.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { all, type Fixture } from './sqlite_fixture.ts'

const opened = ({ path, open }: Fixture): Database => {
  const db = open(path)
  db.exec('CREATE TABLE notes (n INTEGER)')
  db.assertInPlace()
  return db
}

const isDisplaced = (error: unknown) => error instanceof StorageFailure && error.code === 'FILE_DISPLACED'

const note = (db: Database, n: number) => exclusively(db, () => db.exec(`INSERT INTO notes VALUES (${n})`))

/** The ways in which the open files stop being the files at the path. */
const DISPLACED: Record<string, (path: string) => void> = {
  'all its files deleted': (path) => {
    for (const end of ['', '-wal', '-shm']) rmSync(path + end)
  },
  'its file deleted': (path) => rmSync(path),
  'its WAL deleted': (path) => rmSync(`${path}-wal`),
  'its folder renamed': (path) => renameSync(dirname(path), `${dirname(path)} away`),
  'its file replaced by a copy': (path) => {
    copyFileSync(path, `${path}.copy`)
    renameSync(`${path}.copy`, path)
  },
  'its WAL replaced by a copy': (path) => {
    copyFileSync(`${path}-wal`, `${path}.copy`)
    renameSync(`${path}.copy`, `${path}-wal`)
  },
}

const displacement = Object.fromEntries(
  Object.entries(DISPLACED).map(([what, displace]) => [
    `invariant 12: with ${what} a commit fails, and so does each one after it`,
    ({ path, open }: Fixture) => {
      const inFolder = join(dirname(path), 'folder', 'buffer.db')
      const db = opened({ path: inFolder, open, openReadOnly: open })
      note(db, 1)
      displace(inFolder)
      for (const n of [2, 3]) assert.throws(() => note(db, n), isDisplaced)
      assert.throws(db.assertInPlace, isDisplaced)
      assert.equal(db.inTransaction, false)
    },
  ]),
)

export const files: Record<string, (fixture: Fixture) => void> = {
  ...displacement,

  'invariant 12: a checkpoint, another connection and a missing -shm leave the files in place'(fixture) {
    const db = opened(fixture)
    const other = fixture.open(fixture.path)
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    other.close()
    rmSync(`${fixture.path}-shm`)
    note(db, 1)
    db.assertInPlace()
  },

  'invariant 12: a link that leads elsewhere now is noticed'({ path, open, openReadOnly }) {
    const [first, second] = [`${path}.first`, `${path}.second`]
    for (const file of [first, second]) open(file).close()
    symlinkSync(first, path)
    const db = opened({ path, open, openReadOnly })
    rmSync(path)
    symlinkSync(second, path)
    assert.throws(() => note(db, 1), isDisplaced)
  },

  'what is in memory has no files that could go'({ open }) {
    open(':memory:').assertInPlace()
  },

  'invariant 12: a link to a missing file is no new database where a WAL lies beside that file'({ path, open }) {
    const target = join(dirname(path), 'disk', 'buffer.db')
    const db = opened({ path: target, open, openReadOnly: open })
    const wal = readFileSync(`${target}-wal`)
    copyFileSync(`${target}-wal`, `${target}.wal`)
    db.close()
    rmSync(target)
    copyFileSync(`${target}.wal`, `${target}-wal`)
    // Through a chain, one of them relative.
    symlinkSync(target, `${path}.link`)
    symlinkSync('buffer.db.link', path)
    assert.throws(() => open(path), LostDatabase)
    assert.deepEqual(readFileSync(`${target}-wal`), wal)
    assert.equal(existsSync(target), false)
  },

  'a link is followed to a new file, whose folder is made'({ path, open, openReadOnly }) {
    const target = join(dirname(path), 'disk', 'buffer.db')
    symlinkSync(target, path)
    const db = opened({ path, open, openReadOnly })
    note(db, 7)
    assert.equal(existsSync(`${target}-wal`), true)
    assert.deepEqual(all(openReadOnly(path), 'SELECT n FROM notes'), [{ n: 7 }])
  },

  'a relative link is followed from the folder that it lies in, through a link to that folder'({ path, open }) {
    const folder = join(dirname(path), 'disk', 'deep')
    mkdirSync(folder, { recursive: true })
    symlinkSync('../buffer.db', join(folder, 'link.db'))
    symlinkSync(folder, join(dirname(path), 'here'))
    open(join(dirname(path), 'here', 'link.db'))
    assert.equal(existsSync(join(dirname(path), 'disk', 'buffer.db')), true)
  },

  'a new database, what lies beside it and its folder are of its user only, whatever the umask'({ path, open }) {
    const inFolder = join(dirname(path), 'new', 'folder', 'buffer.db')
    const before = process.umask(0)
    try {
      note(opened({ path: inFolder, open, openReadOnly: open }), 1)
      process.umask(0o277)
      note(opened({ path: `${inFolder}.second`, open, openReadOnly: open }), 1)
    } finally {
      process.umask(before)
    }
    const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)
    for (const end of ['', '-wal', '-shm', '.second', '.second-wal', '.second-shm']) {
      assert.equal(`${end} ${modeOf(inFolder + end)}`, `${end} 600`)
    }
    for (const folder of [dirname(inFolder), dirname(dirname(inFolder))]) assert.equal(modeOf(folder), '700')
  },

  'a loop of links cannot be opened'({ path, open }) {
    symlinkSync(path, `${path}.link`)
    symlinkSync(`${path}.link`, path)
    assert.throws(() => open(path), StorageFailure)
  },
}
