/** The changes that the database itself refuses, whatever the code asks for. */
import { describe, expect, test } from 'bun:test'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { SqlValue } from '../sqlite/database.ts'
import { accepted } from '../testing/kit.ts'
import { STEPS, setUp } from '../testing/transitions.ts'

/** Of a random walk. */
const TURNS = LONG ? 500 : 150
const steps = Object.values(STEPS)

/** Changes a receipt's row by hand. Returns the database's error, or null when it accepts the change. */
function tamper(
  db: ReturnType<typeof setUp>['db'],
  id: ReceiptId,
  { table = 'states', ...columns }: Record<string, SqlValue>,
): string | null {
  const assignments = Object.keys(columns).map((name) => `${name} = ?`)
  try {
    db.prepare(
      `UPDATE ${table} SET ${assignments.join(', ')} WHERE seq = (SELECT seq FROM sales WHERE receipt_id = ?)`,
    ).run(...Object.values(columns), id)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test('invariant 2: a document stands for one receipt alone', async () => {
  const { journal, reach, row } = setUp()
  const { fiscalDoc } = journal.queries.find(await reach('pending')) ?? {}
  if (!fiscalDoc) throw new Error('A pending receipt has no document')
  const [printing, unknown] = [await reach('printing'), await reach('unknown')]
  const before = [row(printing), row(unknown)]
  await expect(journal.write((tx) => tx.recordPrinted(printing, fiscalDoc, 'printed'))).rejects.toThrow('UNIQUE')
  await expect(journal.write((tx) => tx.recordFound(unknown, fiscalDoc, 'printed'))).rejects.toThrow('UNIQUE')
  expect([row(printing), row(unknown)]).toEqual(before)
})

test('a document is of an FN that is known, of a known kind, and has the place of its number', async () => {
  const { db, reach } = setUp()
  await reach('pending')
  const change = (set: string) => () => db.exec(`UPDATE documents SET ${set}`)
  expect(change('fn_turn = 7, place = 7 * 4294967296 + fd_number')).toThrow('FOREIGN KEY')
  for (const set of ["kind = 'rumour'", 'place = place + 1', 'fd_number = 0, place = fn_turn * 4294967296'])
    expect(change(set)).toThrow('CHECK')
})

test('a receipt that is removed takes all that is of it along, and its other ids', async () => {
  const { db, journal, reach, clock } = setUp()
  const id = await reach('synced')
  const addAlias = db.prepare('INSERT INTO receipt_aliases (receipt_id, is_now) VALUES (?, ?)')
  expect(() => addAlias.run('lost', 'nobody')).toThrow('FOREIGN KEY')
  addAlias.run('old', id)
  expect(journal.queries.statusOf('old' as ReceiptId)).toBe('synced')
  clock.setWallBy(1)
  await journal.write((tx) => tx.prune(clock.wallMs(), 10))
  for (const table of ['sales', 'states', 'documents', 'receipt_aliases', 'receipts'])
    expect({ table, rows: db.prepare(`SELECT * FROM ${table}`).all() }).toEqual({ table, rows: [] })
})

test('a state is of a sale that is there', () => {
  const { db } = setUp()
  const insert = db.prepare(
    "INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (1, 'POS-1', 'accepted', 1)",
  )
  expect(() => insert.run()).toThrow('FOREIGN KEY')
})

const HALF_FILLED: Partial<Record<Status, Record<string, SqlValue>[]>> = {
  accepted: [
    { place: 1 },
    { needs_paper: 1 },
    { ofd_id: 'OFD-1' },
    { synced_at_ms: 1 },
    { dlq_reason: 'refused_by_ofd' },
    { close_reason: 'sent by hand' },
    { retry_count: -1 },
    { maybe_at_ofd: 2 },
    { changed_at_ms: null },
    { status: 'lost' },
    { table: 'sales', total_kopecks: -1 },
    { table: 'sales', created_at_ms: null },
    { table: 'sales', total_kopecks: 'many' },
  ],
  printing: [{ place: 1 }, { paper_lost: 1 }],
  unknown: [{ place: 1 }],
  refused: [{ last_error: null }, { place: 1 }],
  pending: [
    { place: null },
    { needs_paper: 2 },
    { needs_paper: 1, paper_lost: 1 },
    { ofd_id: 'OFD-1', synced_at_ms: 1 },
  ],
  syncing: [{ maybe_at_ofd: 0 }, { ofd_id: 'OFD-1' }, { place: null }],
  synced: [{ synced_at_ms: null }, { place: null }, { dlq_reason: 'retries_exhausted' }],
  failed: [
    { dlq_reason: null },
    { dlq_reason: 'bad luck' },
    { last_error: null },
    { place: null },
    { close_reason: 'sent by hand' },
  ],
  closed: [{ close_reason: null }, { last_error: null }, { place: null }, { dlq_reason: 'retries_exhausted' }],
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
    db
      .prepare('INSERT INTO events (at_ms, kind, first_receipt, last_receipt, to_state) VALUES (1, ?1, ?2, ?2, ?3)')
      .run(kind, id, 'x')
  expect(() => insert('receipt', null)).toThrow('CHECK')
  expect(() => insert('breaker', 'id')).toThrow('CHECK')
  expect(() => insert('rumour', null)).toThrow('CHECK')
  expect(() => insert('receipt', 'id')).not.toThrow()
})

test('the number of an audit event is not given again, though all that had one are gone', async () => {
  const { db, journal, reach } = setUp()
  await reach('synced')
  const { last = 0 } = db.prepare<{ last: number }>('SELECT last_event_id AS last FROM totals').get() ?? {}
  db.exec('DELETE FROM events')
  await journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))
  expect(journal.events.list({ receiptId: null, kind: null }, null, 10).items.map(({ id }) => id)).toEqual([last + 1])
})

test(`counters equal a real count, and every move left an event, after a random walk (SEED=${SEED})`, async () => {
  const { db, journal, clock } = setUp()
  const random = seededRandom()
  const count = db.prepare<{ status: Status; n: number }>('SELECT status, count(*) AS n FROM receipts GROUP BY status')
  const events = db.prepare<{ n: number }>('SELECT count(*) AS n FROM receipt_events')
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

  for (let turns = 0; turns < TURNS; turns++) {
    await turn()
    if (turns % 25 !== 0) continue
    const real = Object.fromEntries(STATUSES.map((status) => [status, 0]))
    for (const { status, n } of count.all()) real[status] = n
    expect<Record<string, number>>(journal.queries.counts()).toEqual(real)
    expect(events.get()?.n).toBe(eventsDue)
  }
  expect(live.size).toBeGreaterThan(0)
})
