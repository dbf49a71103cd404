import { expect, test } from 'bun:test'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { StorageFailure } from '@kkt/adapter/src/sqlite/storage_failure.ts'
import { DISK_FAULTS, Disk, type DiskFault } from './disk.ts'
import { Killed, SimProcess } from './process.ts'
import { SimTime } from './time.ts'

const time = new SimTime()

function setUp() {
  const disk = new Disk(openDatabase(':memory:'))
  disk.db.exec('CREATE TABLE things (name TEXT)')
  disk.db.exec("INSERT INTO things VALUES ('there from the beginning')")
  disk.remember()
  const commits: string[] = []
  disk.begin(({ name }) => commits.push(name))
  /** A process that dies at the given moment. */
  const open = (name: string, diesAt?: string) => {
    const process = new SimProcess(name, time)
    const strike = (what: string, side: string) => {
      if (`${side} ${what}` !== diesAt) return
      process.kill()
      disk.leave(process)
      throw new Killed()
    }
    const db = disk.openedBy({ process, strike, isObserver: () => false })
    const write = (thing: string) => {
      db.exec('BEGIN IMMEDIATE')
      db.prepare('INSERT INTO things VALUES (?)').run(thing)
      db.exec('COMMIT')
    }
    return { process, db, write }
  }
  const things = () =>
    disk.db
      .prepare<{ name: string }>('SELECT name FROM things')
      .all()
      .map(({ name }) => name)
      .slice(1)
  return { disk, open, things, commits }
}

test('committed rows are seen by all processes, and after a crash', () => {
  const { open, things, commits } = setUp()
  open('first').write('a thing')
  open('second', 'after commit')
  expect(things()).toEqual(['a thing'])
  expect(commits).toEqual(['first'])
})

test('a crash before the commit undoes the transaction, and one after it undoes nothing', () => {
  const { open, things } = setUp()
  expect(() => open('first', 'before commit').write('lost')).toThrow(Killed)
  expect(things()).toEqual([])
  expect(() => open('second', 'after commit').write('kept')).toThrow(Killed)
  expect(things()).toEqual(['kept'])
})

test('a dead process can no longer use the disk', () => {
  const { open, things } = setUp()
  const { process, db, write } = open('first')
  process.kill()
  expect(() => write('late')).toThrow(Killed)
  expect(() => db.prepare('SELECT name FROM things').all()).toThrow(Killed)
  expect([db.inTransaction, things()]).toEqual([false, []])
})

test('each history begins with the remembered rows', () => {
  const { disk, open, things } = setUp()
  open('first').write('of an earlier history')
  disk.fault = { name: 'read_only', left: 1 }
  disk.begin(() => undefined)
  expect(things()).toEqual([])
  open('second').write('a thing')
  expect(things()).toEqual(['a thing'])
})

const PASSING = (Object.keys(DISK_FAULTS) as DiskFault[]).filter((name) => name !== 'moved_away')

test.each(PASSING)('a disk with %s fails, and works again afterwards', (name) => {
  const { disk, open, things } = setUp()
  const { db, write } = open('first')
  const read = () => db.prepare('SELECT name FROM things').all()
  disk.fault = { name, left: 1 }
  expect(name === 'error_at_read' ? read : () => write('lost')).toThrow(
    new StorageFailure(DISK_FAULTS[name], { cause: undefined }),
  )
  if (db.inTransaction) db.exec('ROLLBACK')
  expect(disk.failures).toBe(1)
  write('kept')
  expect(things()).toEqual(['kept'])
})

test('commits to moved files are lost until the process is restarted', () => {
  const { disk, open, things, commits } = setUp()
  const { db, write, process } = open('first')
  disk.fault = { name: 'moved_away', left: 1 }
  for (const thing of ['lost', 'lost, too']) {
    write(thing)
    expect(db.assertInPlace).toThrow(StorageFailure)
  }
  db.prepare('INSERT INTO things VALUES (?)').run('lost by itself')
  expect([things(), commits, disk.isDisplaced]).toEqual([[], [], true])
  process.kill()
  disk.leave(process)
  const next = open('next')
  next.write('kept')
  next.db.assertInPlace()
  expect([things(), commits, disk.isDisplaced]).toEqual([['kept'], ['next'], false])
})

test('a transaction whose end fails locks out others until it is undone', () => {
  const { disk, open, things } = setUp()
  const [first, second] = [open('first'), open('second')]
  disk.fault = { name: 'error_at_end', left: 2 }
  expect(() => first.write('lost')).toThrow(StorageFailure)
  expect(() => first.db.exec('ROLLBACK')).toThrow(StorageFailure)
  expect(first.db.inTransaction).toBe(true)
  expect(() => second.write('locked out')).toThrow('SQLITE_BUSY')
  first.db.exec('ROLLBACK')
  second.write('kept')
  expect(things()).toEqual(['kept'])
})

test('a process that is paused in a transaction locks out others until it goes on or dies', () => {
  const { disk, open, things } = setUp()
  const [first, second] = [open('first'), open('second')]
  disk.lockedBy = first.process
  expect(() => second.write('locked out')).toThrow('SQLITE_BUSY')
  disk.leave(first.process)
  second.write('kept')
  expect(things()).toEqual(['kept'])
})
