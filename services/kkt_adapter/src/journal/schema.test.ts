/** What the database itself refuses, whatever the code asks for. */
import { describe, expect, test } from 'bun:test'
import { SEED, seededRandom } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { SqlValue } from '../sqlite/database.ts'
import { accepted } from '../testing/kit.ts'
import { nextDoc, STEPS, setUp } from '../testing/transitions.ts'

const steps = Object.values(STEPS)

/** Columns as they are in a receipt of that state. */
function columnsOf(status: Status): Record<string, SqlValue> {
  const isPrinted = ['pending', 'syncing', 'synced', 'failed', 'closed'].includes(status)
  const doc = nextDoc()
  return {
    fn_number: isPrinted ? doc.fnNumber : null,
    fd_number: isPrinted ? doc.fdNumber : null,
    fiscal_doc: isPrinted ? JSON.stringify(doc) : null,
    printed_at_ms: isPrinted ? 1 : null,
    maybe_at_ofd: 1,
    ofd_id: status === 'synced' ? 'OFD-1' : null,
    synced_at_ms: status === 'synced' ? 1 : null,
    dlq_reason: status === 'failed' ? 'refused_by_ofd' : null,
    close_reason: status === 'closed' ? 'sent by hand' : null,
    last_error: 'an error',
  }
}

/** Updates a row by hand. Returns what the database says against it, or null when it lets it pass. */
function tamper(db: ReturnType<typeof setUp>['db'], id: ReceiptId, columns: Record<string, SqlValue>): string | null {
  const assignments = Object.keys(columns).map((name) => `${name} = ?`)
  try {
    db.prepare(`UPDATE receipts SET ${assignments.join(', ')} WHERE receipt_id = ?`).run(...Object.values(columns), id)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test('invariant 2: a document stands for one receipt alone', async () => {
  const { db, reach, row } = setUp()
  const { fn_number = '', fd_number = 0 } =
    db
      .prepare<{ fn_number: string; fd_number: number }>(
        'SELECT fn_number, fd_number FROM receipts WHERE receipt_id = ?',
      )
      .get(await reach('pending')) ?? {}
  const other = await reach('printing')
  const before = row(other)
  expect(tamper(db, other, { status: 'pending', ...columnsOf('pending'), fn_number, fd_number })).toContain('UNIQUE')
  expect(row(other)).toEqual(before)
})

test('other ids of a receipt are of one that is there, and go with it', async () => {
  const { db, journal, reach } = setUp()
  const id = await reach('synced')
  const addAlias = db.prepare('INSERT INTO receipt_aliases (receipt_id, is_now) VALUES (?, ?)')
  expect(() => addAlias.run('lost', 'nobody')).toThrow('FOREIGN KEY')
  addAlias.run('old', id)
  expect(journal.queries.statusOf('old' as ReceiptId)).toBe('synced')
  db.prepare('DELETE FROM receipts WHERE receipt_id = ?').run(id)
  expect(db.prepare('SELECT * FROM receipt_aliases').all()).toEqual([])
})

const HALF_FILLED: Partial<Record<Status, Record<string, SqlValue>[]>> = {
  accepted: [
    { fiscal_doc: '{}' },
    { fd_number: 1 },
    { fn_number: '9999000000000001' },
    { printed_at_ms: 1 },
    { fiscal_doc: '{}', fd_number: 1, fn_number: '9999000000000001', printed_at_ms: 1 },
    { ofd_id: 'OFD-1' },
    { synced_at_ms: 1 },
    { dlq_reason: 'refused_by_ofd' },
    { total_kopecks: 0 },
    { retry_count: -1 },
    { maybe_at_ofd: 2 },
    { created_at_ms: null },
    { total_kopecks: 'many' },
  ],
  refused: [{ last_error: null }, { fiscal_doc: '{}', fd_number: 1, fn_number: 'fn', printed_at_ms: 1 }],
  pending: [
    { fiscal_doc: null },
    { fd_number: null },
    { fn_number: null },
    { printed_at_ms: null },
    { fiscal_doc: null, fd_number: null, fn_number: null, printed_at_ms: null },
    { fd_number: 0 },
    { ofd_id: 'OFD-1', synced_at_ms: 1 },
  ],
  syncing: [{ maybe_at_ofd: 0 }, { ofd_id: 'OFD-1' }],
  synced: [{ ofd_id: null }, { synced_at_ms: null }, { fiscal_doc: null }, { dlq_reason: 'retries_exhausted' }],
  failed: [
    { dlq_reason: null },
    { dlq_reason: 'bad luck' },
    { last_error: null },
    { fiscal_doc: null },
    { close_reason: 'sent by hand' },
  ],
  closed: [{ close_reason: null }, { last_error: null }, { fiscal_doc: null }, { dlq_reason: 'retries_exhausted' }],
}

for (const [status, halves] of Object.entries(HALF_FILLED) as [Status, Record<string, SqlValue>[]][]) {
  describe(`a receipt that is ${status}`, () => {
    for (const columns of halves) {
      test(`never has ${JSON.stringify(columns)}`, async () => {
        const { db, reach, row } = setUp()
        const id = await reach(status)
        const before = row(id)
        expect(tamper(db, id, columns)).toMatch(
          /^(CHECK|NOT NULL) constraint failed|^cannot store TEXT value in INTEGER/,
        )
        expect(row(id)).toEqual(before)
      })
    }
  })
}

test('an audit event is of a known kind, and of a receipt exactly when it says so', () => {
  const { db } = setUp()
  const insert = (kind: string, id: string | null) =>
    db.prepare('INSERT INTO events (at_ms, kind, receipt_id, to_state) VALUES (1, ?, ?, ?)').run(kind, id, 'x')
  expect(() => insert('receipt', null)).toThrow('CHECK')
  expect(() => insert('breaker', 'id')).toThrow('CHECK')
  expect(() => insert('rumour', null)).toThrow('CHECK')
  expect(() => insert('receipt', 'id')).not.toThrow()
})

test('the number of an audit event is not given again, though all that had one are gone', async () => {
  const { db, journal, reach } = setUp()
  await reach('synced')
  const { last = 0 } = db.prepare<{ last: number }>('SELECT max(id) AS last FROM events').get() ?? {}
  db.exec('DELETE FROM events')
  await journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))
  expect(journal.events.list({ receiptId: null, kind: null }, null, 10).items.map(({ id }) => id)).toEqual([last + 1])
})

test(`counters equal a real count, and every move left an event, after a random walk (SEED=${SEED})`, async () => {
  const { db, journal, clock } = setUp()
  const random = seededRandom()
  const count = db.prepare<{ status: Status; n: number }>('SELECT status, count(*) AS n FROM receipts GROUP BY status')
  const events = db.prepare<{ n: number }>("SELECT count(*) AS n FROM events WHERE kind = 'receipt'")
  const live = new Map<ReceiptId, Status>()
  let eventsDue = 0

  async function prune(): Promise<void> {
    clock.setWallBy(1)
    const gone = await journal.write((tx) => tx.prune(clock.wallMs(), 2))
    eventsDue -= gone.events
    for (const id of live.keys()) if (!journal.queries.find(id)) live.delete(id)
  }

  async function turn(): Promise<void> {
    const [id, status] = [...live][random(live.size + 3)] ?? []
    const ways = steps.filter((step) => step.from === status)
    const way = ways[random(ways.length + 1)]
    if (id && !way) return random(10) === 0 ? prune() : undefined
    eventsDue += 1
    if (!id || !way) {
      live.set((await accepted(journal)).id, 'accepted')
      return
    }
    await journal.write((tx) => way.run(tx, id))
    live.set(id, way.to)
  }

  for (let turns = 0; turns < 500; turns++) {
    await turn()
    if (turns % 25 !== 0) continue
    const real = Object.fromEntries(STATUSES.map((status) => [status, 0]))
    for (const { status, n } of count.all()) real[status] = n
    expect<Record<string, number>>(journal.queries.counts()).toEqual(real)
    expect(events.get()?.n).toBe(eventsDue)
  }
  expect(live.size).toBeGreaterThan(0)
})
