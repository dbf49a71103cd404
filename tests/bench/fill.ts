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
    last_sync_at_ms = (SELECT max(synced_at_ms) FROM receipts),
    last_receipt_id = (SELECT coalesce(max(receipt_id), '') FROM receipts)`)
  for (const { sql } of indexes) db.exec(sql)
  db.exec('COMMIT')
}

function insertReceipts(db: Database, { synced, pending }: Fill, firstMs: number): void {
  const insert = db.prepare(`
    WITH RECURSIVE
      series (n, at_ms) AS (SELECT 1, ?1 UNION ALL SELECT n + 1, at_ms + 1 FROM series LIMIT ?2),
      numbered AS (
        SELECT n, at_ms, printf('POS-%02d', n % ${TILLS}) AS pos_id, printf('%012x', at_ms) AS hex, n <= ?3 AS is_synced
        FROM series
      )
    INSERT INTO receipts (receipt_id, idempotency_key, body_hash, pos_id, content, total_kopecks, status, created_at_ms,
      changed_at_ms, fn_number, fd_number, fiscal_doc, printed_at_ms, maybe_at_ofd, ofd_id, synced_at_ms)
    SELECT substr(hex, 1, 8) || '-' || substr(hex, 9) || printf('-7000-8000-%012x', n), printf('key-%09d', n),
      printf('%064x', n), pos_id, ?4 || pos_id || ?5, ?6, iif(is_synced, 'synced', 'pending'), at_ms, at_ms,
      '${FN_NUMBER}', n,
      printf('{"fdNumber":%d,"fiscalSign":"%010d","fiscalDatetime":"%s","fnNumber":"${FN_NUMBER}","kktNumber":"KKT-001",'
        || '"shiftNumber":1,"receiptNumber":%d,"totalKopecks":%d,"qrCodeData":"t=20260131T1200&s=%d.%02d&fn=${FN_NUMBER}&i=%d&fp=%010d&n=1"}',
        n, n, strftime('%Y-%m-%dT%H:%M:%SZ', at_ms / 1000, 'unixepoch'), n, ?6, ?6 / 100, ?6 % 100, n, n),
      at_ms, is_synced, iif(is_synced, printf('OFD-%06d', n), NULL), iif(is_synced, at_ms, NULL)
    FROM numbered`)
  const [before = '', after = ''] = JSON.stringify({ ...CONTENT, posId: '\0' }).split('\\u0000')
  if (synced + pending > 0) insert.run(firstMs, synced + pending, synced, before, after, CONTENT.totalKopecks)
}

/** One a transition. */
function insertEvents(db: Database): void {
  db.exec(`
    WITH steps (step, from_state, to_state) AS (
      VALUES (1, NULL, 'accepted'), (2, 'accepted', 'printing'), (3, 'printing', 'pending'), (4, 'pending', 'syncing'),
        (5, 'syncing', 'synced')
    )
    INSERT INTO events (at_ms, kind, receipt_id, from_state, to_state)
    SELECT created_at_ms, 'receipt', receipt_id, from_state, to_state
    FROM receipts CROSS JOIN steps WHERE step <= 3 OR status = 'synced' ORDER BY receipt_id, step`)
}
