import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { CONTENT, TILLS } from './sales.ts'

/** How many receipts there are, the delivered ones first. */
export type Fill = { synced: number; pending: number }

/** Of one FN that is no longer in the KKT: the next document is the first of another. */
const FN_NUMBER = '9999000000000001'

/**
 * Fills an empty journal as if its receipts had come one a millisecond until now, been printed and delivered. All rows,
 * audit entries and totals are what the transitions would have left, at a hundredth of their time.
 */
export function fill(db: Database, { synced, pending }: Fill, nowMs: number): void {
  const indexes = db
    .prepare<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    )
    .all()
  db.exec('BEGIN')
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`)
  insertReceipts(db, { synced, pending }, nowMs - synced - pending)
  insertEvents(db)
  db.exec(`UPDATE totals SET synced = ${synced}, pending = ${pending}, delivered = ${synced},
    last_sync_at_ms = (SELECT max(synced_at_ms) FROM states),
    last_receipt_id = (SELECT coalesce(max(receipt_id), '') FROM sales), last_seq = ${synced + pending},
    last_event_id = (SELECT coalesce(max(id), 0) FROM events)`)
  for (const { sql } of indexes) db.exec(sql)
  db.exec('COMMIT')
}

function insertReceipts(db: Database, { synced, pending }: Fill, firstMs: number): void {
  const all = synced + pending
  if (all === 0) return
  const numbers = 'WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ?1)'
  const [before = '', after = ''] = JSON.stringify({ ...CONTENT, posId: '\0' }).split('\\u0000')
  const posId = `printf('POS-%02d', n % ${TILLS})`
  const hex = `printf('%012x', ?2 + n - 1)`
  db.prepare(`
    INSERT INTO sales (seq, receipt_id, idempotency_key, content, total_kopecks, created_at_ms)
    ${numbers} SELECT n, substr(${hex}, 1, 8) || '-' || substr(${hex}, 9) || printf('-7000-8000-%012x', n),
      printf('key-%09d', n), ?3 || ${posId} || ?4, ?5, ?2 + n - 1 FROM numbers`).run(
    all,
    firstMs,
    before,
    after,
    CONTENT.totalKopecks,
  )
  db.exec(`INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, '${FN_NUMBER}', 0)`)
  db.prepare(`
    INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq, fiscal_sign, local_date)
    ${numbers} SELECT ${PLACE}, 1, n, 'receipt', ?2 + n - 1,
      printf('{"fdNumber":%d,"fiscalSign":"%s","fiscalDatetime":"%s","fnNumber":"${FN_NUMBER}","kktNumber":"KKT-001",'
        || '"shiftNumber":1,"receiptNumber":%d,"totalKopecks":%d,"qrCodeData":"t=20260131T1200&s=%d.%02d&fn=${FN_NUMBER}&i=%d&fp=%s&n=1"}',
        n, n, strftime('%Y-%m-%dT%H:%M:00+03:00', ${IN_MOSCOW}), n, ?3, ?3 / 100, ?3 % 100,
        n, n),
      n, n, strftime('%Y-%m-%d', ${IN_MOSCOW})
    FROM numbers`).run(all, firstMs, CONTENT.totalKopecks)
  db.prepare(`
    INSERT INTO states (seq, pos_id, status, changed_at_ms, place, maybe_at_ofd, ofd_id, synced_at_ms)
    ${numbers} SELECT n, ${posId}, iif(n <= ?3, 'synced', 'pending'), ?2 + n - 1, ${PLACE}, n <= ?3,
      iif(n <= ?3, printf('OFD-%06d', n), NULL), iif(n <= ?3, ?2 + n - 1, NULL)
    FROM numbers`).run(all, firstMs, synced)
  db.exec('INSERT INTO till_thousands (pos_id, thousand) SELECT DISTINCT pos_id, seq / 1000 FROM states')
}

/** The time of document n. */
const IN_MOSCOW = "(?2 + n - 1) / 1000 + 3 * 3600, 'unixepoch'"
/** Of the first FN, with the FD n. */
const PLACE = '4294967296 + n'

/** One a transition. */
function insertEvents(db: Database): void {
  db.exec(`
    WITH steps (step, from_state, to_state) AS (
      VALUES (1, NULL, 'accepted'), (2, 'accepted', 'printing'), (3, 'printing', 'pending'), (4, 'pending', 'syncing'),
        (5, 'syncing', 'synced')
    )
    INSERT INTO events (at_ms, kind, first_receipt, last_receipt, from_state, to_state)
    SELECT created_at_ms, 'receipt', receipt_id, receipt_id, from_state, to_state
    FROM receipts CROSS JOIN steps WHERE step <= 3 OR status = 'synced' ORDER BY seq, step`)
}
