import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { createPruner } from '@kkt/adapter/src/pruner.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { WAL_LIMIT_BYTES } from '@kkt/adapter/src/sqlite/pragmas.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { accepted, content, fiscalDoc, quiet } from '@kkt/adapter/src/testing/kit.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { TEST_MS } from '../harness/patience.ts'
import { carryThrough } from './journal_load.ts'

setDefaultTimeout(TEST_MS)

const WRITER = fileURLToPath(new URL('../../tests/process/journal_writer.ts', import.meta.url))

const base = mkdtempSync(join(tmpdir(), 'kkt-load-'))
let files = 0
const newPath = () => join(base, `${++files}.db`)
afterAll(() => rmSync(base, { recursive: true }))

const open = (file: Database, clock: Clock = systemClock) => createJournal(file, { clock, maxUndelivered: 1_000_000 })

/**
 * Takes receipts one by one through the same buffer in another process. Resolves to the number of times that it waited too long
 * for the lock.
 */
async function anotherProcess(path: string, firstFd: number, receipts: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, path, String(firstFd), String(receipts)])
  const [said, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (errors !== '') throw new Error(errors)
  return z.int().parse(JSON.parse(said))
}

describe('the WAL stays below its limit', () => {
  /** Watches the size of a buffer's WAL. */
  function watchWal(path: string) {
    let most = 0
    const size = () => statSync(`${path}-wal`).size
    const look = () => {
      most = Math.max(most, size())
    }
    return { size, look, most: () => most }
  }

  test('while 20 000 receipts go through', async () => {
    const path = newPath()
    const journal = open(openDatabase(path))
    const wal = watchWal(path)
    await carryThrough(journal, { firstFd: 1, receipts: 20_000, atOnce: 200, between: wal.look })
    expect(journal.queries.counts().synced).toBe(20_000)
    expect(wal.most()).toBeLessThan(WAL_LIMIT_BYTES)
    journal.close()
  })

  test('while two processes write as fast as they can, and read each other’s rows', async () => {
    const path = newPath()
    const journal = open(openDatabase(path))
    const wal = watchWal(path)
    const between = () => {
      wal.look()
      journal.queries.counts()
    }
    await Promise.all([
      anotherProcess(path, 10_001, 300),
      carryThrough(journal, { firstFd: 1, receipts: 300, atOnce: 1, between }),
    ])
    expect(journal.queries.counts().synced).toBe(600)
    expect(wal.most()).toBeLessThan(WAL_LIMIT_BYTES)
    journal.close()
  })

  test('once a reader that stayed for long has ended', async () => {
    const path = newPath()
    const journal = open(openDatabase(path))
    const wal = watchWal(path)
    const reader = openDatabase(path)
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM receipts').all()
    await carryThrough(journal, { firstFd: 1, receipts: 300, atOnce: 1 })
    expect(wal.size()).toBeGreaterThan(WAL_LIMIT_BYTES)
    reader.exec('COMMIT')
    await carryThrough(journal, { firstFd: 301, receipts: 1, atOnce: 1 })
    expect(wal.size()).toBeLessThanOrEqual(WAL_LIMIT_BYTES)
    for (const db of [reader, journal]) db.close()
  })
})

describe('pruning 100 000 receipts', () => {
  const RECEIPTS = 100_000
  /** For a batch: three rows for each receipt, one that refunds need of it, one for each audit event, and the totals. */
  const MAX_ROWS = 1000

  /** A buffer full of receipts that retention may remove, and of as many audit rows. */
  function oldBuffer(path: string): void {
    const db = openDatabase(path)
    open(db)
    db.exec('BEGIN')
    const n = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RECEIPTS})`
    db.exec("INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, '9999000000000001', 0)")
    db.exec(`INSERT INTO sales (seq, receipt_id, idempotency_key, content, total_kopecks, created_at_ms)
      ${n} SELECT i, printf('%08d', i), hex(randomblob(16)), '${JSON.stringify(content())}', 1, i FROM n`)
    db.exec(`INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document)
      ${n} SELECT 4294967296 + i, 1, i, 'receipt', i, '${JSON.stringify(fiscalDoc(1))}' FROM n`)
    db.exec(`INSERT INTO states (seq, pos_id, status, changed_at_ms, place, ofd_id, synced_at_ms)
      ${n} SELECT i, 'POS-' || (i % 9), 'synced', i, 4294967296 + i, 'OFD', i FROM n`)
    db.exec(`INSERT INTO events (at_ms, kind, first_receipt, last_receipt, to_state)
      SELECT created_at_ms, 'receipt', receipt_id, receipt_id, 'synced' FROM sales`)
    db.exec(`UPDATE totals SET synced = ${RECEIPTS}, last_seq = ${RECEIPTS}, last_event_id = ${RECEIPTS},
      kept_from_ms = ${Date.now()}`)
    db.exec('COMMIT')
    db.close()
  }

  /** Counts the rows that each transaction changes while it holds the write lock. */
  function counted(db: Database, rowsOfEach: number[]): Database {
    const total = db.prepare<{ rows: number }>('SELECT total_changes() AS rows')
    const rowsSoFar = () => total.get()?.rows ?? Number.NaN
    let before = 0
    return {
      ...db,
      get inTransaction() {
        return db.inTransaction
      },
      exec(sql) {
        db.exec(sql)
        if (sql === 'BEGIN IMMEDIATE') before = rowsSoFar()
        if (sql === 'COMMIT') rowsOfEach.push(rowsSoFar() - before)
      },
    }
  }

  const oldest = newPath()
  beforeAll(() => oldBuffer(oldest))

  /** Each test has a buffer of its own, so that they run in any order. */
  function copied(): string {
    const path = newPath()
    copyFileSync(oldest, path)
    return path
  }

  test('no batch holds the write lock for more than a few rows, and receipts are taken between batches', async () => {
    const rowsOfEach: number[] = []
    // The pruner need not wait, because no other process is there.
    const clock = { ...systemClock, wait: async () => undefined }
    const journal = open(counted(openDatabase(copied()), rowsOfEach), clock)
    const pruned = createPruner({
      journal,
      clock,
      logger: quiet,
      retentionDays: 1,
      refundsKeptDays: 1,
      isHolder: () => true,
    }).runOnce()
    let taken = 0
    while (journal.queries.counts().synced > 0) {
      await accepted(journal)
      taken += 1
    }
    await pruned
    expect(Math.max(...rowsOfEach)).toBeLessThan(MAX_ROWS)
    expect(taken).toBeGreaterThan(RECEIPTS / 200 / 2)
    journal.close()
  })

  test('another process on the buffer can write meanwhile', async () => {
    const path = copied()
    const journal = open(openDatabase(path))
    const pruner = createPruner({
      journal,
      clock: systemClock,
      logger: quiet,
      retentionDays: 1,
      refundsKeptDays: 1,
      isHolder: () => true,
    })
    pruner.start()
    const timesBusy = await anotherProcess(path, RECEIPTS + 1, 50)
    const left = journal.queries.counts().synced
    await pruner.stop()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(RECEIPTS)
    expect(timesBusy).toBe(0)
    journal.close()
  })
})
