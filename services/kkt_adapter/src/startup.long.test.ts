import { afterEach, describe, expect, mock, spyOn, test } from 'bun:test'
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createLogger } from '@kkt/platform/logger.ts'
import { CannotListen } from '@kkt/platform/serve.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { FnDocument } from './domain/kkt_outcome.ts'
import type { FnReceipt } from './domain/receipt.ts'
import { createJournal, JOURNAL } from './journal/journal.ts'
import type { KktDriver } from './kkt/driver.ts'
import { refuseUnfit } from './sqlite/fitness.ts'
import { PAGE_BYTES } from './sqlite/pragmas.ts'
import { StorageFailure } from './sqlite/storage_failure.ts'
import { logNewBuffer, onShutdown, orExit } from './startup.ts'
import { accepted, fiscalDoc, temporaryFile } from './testing/kit.ts'
import { nextId } from './testing/mock_kkt_kit.ts'
import { kktState } from './testing/test_kkt.ts'

class Exit extends Error {}

afterEach(() => mock.restore())

/** How a step of the start ends the process: its output and the exit code. */
async function ending(step: () => unknown) {
  const said: unknown[] = []
  spyOn(process.stderr, 'write').mockImplementation((text) => said.push(text) > 0)
  spyOn(process, 'exit').mockImplementation((code) => {
    throw new Exit(String(code))
  })
  try {
    await orExit('The buffer', step)
  } catch (error) {
    if (error instanceof Exit) return { code: Number(error.message), said: said.join('') }
    throw error
  }
  throw new Error('The step did not fail')
}

function open(path: string) {
  refuseUnfit(path, JOURNAL)
  return createJournal(openDatabase(path), { clock: new TestClock(), maxUndelivered: 100 })
}

test('a step that succeeds gives its value', async () => {
  expect(await orExit('The buffer', () => 'value')).toBe('value')
})

describe('a buffer that cannot be used is one line, and exit 1', () => {
  const CANNOT_OPEN =
    'check that BUFFER_DB_PATH is a file that this user may read and write, in a folder that is writable and has room.\n'
  const damaged = (code: string) =>
    `The buffer is damaged (${code}). It was left unchanged: copy the folder of BUFFER_DB_PATH away, try "sqlite3 FILE .recover" on the copy, or set BUFFER_DB_PATH to a file in another folder to go on without it.\n`

  /** A closed buffer with receipts whose bytes are then changed. */
  async function spoilt(change: (bytes: Buffer) => Buffer): Promise<{ path: string; bytes: Buffer }> {
    const path = temporaryFile('buffer.db')
    const journal = open(path)
    for (let i = 0; i < 50; i++) await accepted(journal)
    journal.close()
    const bytes = change(readFileSync(path))
    writeFileSync(path, bytes)
    return { path, bytes }
  }

  test.each<[string, string, (bytes: Buffer) => Buffer]>([
    ['SQLITE_NOTADB', 'its header is garbage', (bytes) => bytes.fill('no database', 0, 100)],
    ['SQLITE_NOTADB', 'it is another file', () => Buffer.from('a letter')],
    ['SQLITE_CORRUPT', 'all but its first page is garbage', (bytes) => bytes.fill(0xff, PAGE_BYTES)],
    [
      'SQLITE_CORRUPT',
      'a page in the middle is garbage',
      (bytes) => bytes.fill(0xff, 10 * PAGE_BYTES, 11 * PAGE_BYTES),
    ],
    ['SQLITE_CORRUPT', 'it ends in the middle', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['SQLITE_CORRUPT', 'it ends within a page', (bytes) => bytes.subarray(0, bytes.length - 100)],
    ['SQLITE_CORRUPT', 'it ends within its first page', (bytes) => bytes.subarray(0, 600)],
  ])('%s: %s, and it is left as it is', async (code, _what, change) => {
    const { path, bytes } = await spoilt(change)
    expect(await ending(() => open(path))).toEqual({ code: 1, said: damaged(code) })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  test.each<[string, (path: string) => void]>([
    ['empty', (path) => truncateSync(path)],
    ['missing', (path) => rmSync(path)],
  ])('%s beside a WAL that is not: both are left as they are', async (_what, lose) => {
    const path = temporaryFile('buffer.db')
    await accepted(open(path))
    lose(path)
    const wal = readFileSync(`${path}-wal`)
    expect(await ending(() => open(path))).toEqual({
      code: 1,
      said: `The buffer is lost: ${path} is empty or missing, and ${path}-wal still holds ${wal.length} bytes of it. Both were left unchanged: copy the folder away, then put both files back from a backup, or move ${path}-wal away to start without its receipts.\n`,
    })
    expect(readFileSync(`${path}-wal`).equals(wal)).toBe(true)
    expect(statSync(path, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
  })

  test('of another program, and left as it is', async () => {
    const path = temporaryFile('buffer.db')
    const db = openDatabase(path)
    db.exec('PRAGMA journal_mode = DELETE; CREATE TABLE x (a)')
    db.close()
    const bytes = readFileSync(path)
    expect(await ending(() => open(path))).toEqual({
      code: 1,
      said: `The buffer cannot be ${path}: that file is another program's database. It was left unchanged: set BUFFER_DB_PATH to a file in another folder.\n`,
    })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  test('of a newer version, and left as it is, what its WAL holds too', async () => {
    const path = temporaryFile('buffer.db')
    open(path).close()
    const db = openDatabase(path)
    db.exec('PRAGMA user_version = 999')
    const newer = [path, `${path}-wal`].map((file) => readFileSync(file))
    expect(await ending(() => open(path))).toEqual({
      code: 1,
      said: `The buffer has schema 999, and this version knows schemas up to ${JOURNAL.schemas.newest}. It was left unchanged: run the newer version that wrote it, or set BUFFER_DB_PATH to a file in another folder.\n`,
    })
    expect([path, `${path}-wal`].map((file) => readFileSync(file))).toEqual(newer)
    // Closed only here: the runtime closes a database that nothing refers to, and that empties its WAL.
    db.close()
  })

  test.each([1, 12])('of an older version, of schema %p, and left as it is, what its WAL holds too', async (schema) => {
    const path = temporaryFile('buffer.db')
    const db = openDatabase(path)
    db.exec(`CREATE TABLE receipts (a); CREATE TABLE events (a); CREATE TABLE totals (a); CREATE TABLE leases (a);
      PRAGMA user_version = ${schema}`)
    const older = [path, `${path}-wal`].map((file) => readFileSync(file))
    expect(await ending(() => open(path))).toEqual({
      code: 1,
      said: `The buffer has schema ${schema}, and this version knows no schema below ${JOURNAL.schemas.oldest}. It was left unchanged: run the older version that wrote it until /v1/kkt/buffer/status shows no receipt unprinted, pending or failed, and stop it. Then move the file away, to keep it, or set BUFFER_DB_PATH to a file in another folder.\n`,
    })
    expect([path, `${path}-wal`].map((file) => readFileSync(file))).toEqual(older)
    db.close()
  })

  test.each<[string, (path: string) => void]>([
    ['that is a folder', (path) => mkdirSync(path, { recursive: true })],
    ['in a folder that cannot be made', (path) => writeFileSync(dirname(path), '')],
  ])('%s', async (_what, make) => {
    const path = temporaryFile(join('folder', 'buffer.db'))
    make(path)
    expect(await ending(() => open(path))).toEqual({
      code: 1,
      said: `The buffer cannot be opened (SQLITE_CANTOPEN): ${CANNOT_OPEN}`,
    })
  })

  test('that another program was killed in a change of, until sqlite3 has undone that', async () => {
    const path = temporaryFile('buffer.db')
    open(path).close()
    const halfChanged = temporaryFile('buffer.db')
    const other = openDatabase(path)
    other.exec('PRAGMA journal_mode = DELETE')
    other.exec('PRAGMA cache_size = 5')
    other.exec('CREATE TABLE notes (x)')
    other.exec('BEGIN')
    // More than fits into the page cache, so that part of it is in the file already.
    for (let i = 0; i < 200; i++) other.exec('INSERT INTO notes SELECT randomblob(1000)')
    for (const end of ['', '-journal']) copyFileSync(path + end, halfChanged + end)
    other.close()
    const bytes = readFileSync(halfChanged)
    const { code, said } = await ending(() => open(halfChanged))
    expect([code, said]).toEqual([1, expect.stringContaining('If a -journal file is beside it')])
    expect(readFileSync(halfChanged)).toEqual(bytes)
    openDatabase(halfChanged).exec('SELECT * FROM receipts')
    open(halfChanged).close()
  })

  test('on a disk without room', async () => {
    const full = () => {
      throw new StorageFailure('SQLITE_FULL', {})
    }
    expect((await ending(full)).said).toBe(`The buffer cannot be opened (SQLITE_FULL): ${CANNOT_OPEN}`)
  })
})

describe('a new buffer', () => {
  const lookupKey = async () => ({ kind: 'absent' as const })

  /** @param receiptsFrom the FD of the FN's first receipt; the documents before it are of other kinds */
  async function told(lastFdNumber: number | null, receiptsFrom = 3, keys: KktDriver['lookupKey'] = lookupKey) {
    const lines: string[] = []
    const logger = createLogger('test', 'info', (line) => lines.push(line))
    const state = async () => (lastFdNumber === null ? null : { ...kktState(), lastFdNumber })
    const documentsAfter = async (after: number): Promise<FnDocument[]> => {
      if (keys === null) throw new Error('The FN is read')
      const doc = fiscalDoc(receiptsFrom)
      const receipt: FnReceipt = { id: nextId(), content: null, doc, paper: 'printed' }
      const all = [1, 2, 3].map((fdNumber) => ({
        fdNumber,
        receipt: fdNumber < receiptsFrom ? null : receipt,
        ofShift: null,
      }))
      return all.filter(({ fdNumber }) => fdNumber > after && fdNumber <= (lastFdNumber ?? 0))
    }
    await logNewBuffer('./data/buffer.db', { state, documentsAfter, lookupKey: keys }, logger)
    return lines.map((line) => JSON.parse(line))
  }

  test.each([
    ['holds nothing', 0],
    ['holds only its registration', 1],
  ])('is told where the FN %s', async (_what, lastFd) => {
    const line = { level: 'info', event: 'buffer_created', path: './data/buffer.db', kkt_last_fd: lastFd }
    expect(await told(lastFd)).toMatchObject([line])
  })

  test.each([3, null])('is a warning when the KKT may have made receipts for an older one (%p)', async (lastFd) => {
    expect(await told(lastFd)).toMatchObject([{ level: 'warn', event: 'buffer_created', kkt_last_fd: lastFd }])
  })

  test('is a warning when the first document of the FN is a receipt', async () => {
    expect(await told(1, 1)).toMatchObject([{ level: 'warn', event: 'buffer_created', kkt_last_fd: 1 }])
  })

  test.each([
    [1, 'info'],
    [2, 'warn'],
  ])('is told without reading the FN of a KKT that keeps no keys: %i', async (lastFd, level) => {
    expect(await told(lastFd, 3, null)).toMatchObject([{ level, event: 'buffer_created', kkt_last_fd: lastFd }])
  })

  test('is one that was missing or empty, and not one that was there', () => {
    const path = temporaryFile('buffer.db')
    writeFileSync(path, '')
    const times = [0, 1].map(() => {
      const journal = open(path)
      journal.close()
      return journal.isNew
    })
    expect(times).toEqual([true, false])
    expect(open(temporaryFile('buffer.db')).isNew).toBe(true)
  })
})

test('a taken port is one line, and exit 1', async () => {
  const taken = () => {
    throw new CannotListen({ hostname: '0.0.0.0', port: 8000 }, Object.assign(new Error(), { code: 'EADDRINUSE' }))
  }
  expect(await ending(taken)).toEqual({
    code: 1,
    said: 'Another program uses port 8000: stop that program, or set PORT to a free port.\n',
  })
})

test('a mistake of our own keeps its stack', async () => {
  const mistake = new TypeError('a mistake')
  const step = () => {
    throw mistake
  }
  await expect(ending(step)).rejects.toThrow(mistake)
})

describe('at a signal', () => {
  const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

  /** Sends all signals to a process. Resolves to its exit code, the number of shutdowns, and its output. */
  async function stopped(shutdown: () => Promise<void>) {
    const exited = Promise.withResolvers<unknown>()
    const said: unknown[] = []
    spyOn(process.stderr, 'write').mockImplementation((text) => said.push(text) > 0)
    spyOn(process, 'exit').mockImplementation(((code: unknown) => exited.resolve(code)) as typeof process.exit)
    const before = SIGNALS.map((signal) => new Set(process.listeners(signal)))
    let times = 0
    onShutdown(() => {
      times += 1
      return shutdown()
    })
    for (const signal of SIGNALS) process.emit(signal)
    const code = await exited.promise
    for (const [i, signal] of SIGNALS.entries()) {
      for (const listener of process.listeners(signal)) if (!before[i]?.has(listener)) process.off(signal, listener)
    }
    return { code, times, said: said.join('') }
  }

  test('the process shuts down once, and ends with 0', async () => {
    expect(await stopped(async () => undefined)).toEqual({ code: 0, times: 1, said: '' })
  })

  test('with 1 when that fails, and says where but not with what', async () => {
    const { code, times, said } = await stopped(async () => {
      throw new Error('Ivan Petrov')
    })
    expect({ code, times }).toEqual({ code: 1, times: 1 })
    expect(said).toMatch(/^The shutdown failed: \{"error":"Error","at":".*startup\.long\.test\.ts.*"\}\n$/)
    expect(said).not.toContain('Ivan')
  })
})
