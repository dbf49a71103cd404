-- Schema 102: whose a key is, and who did what.

-- From here on `sales.idempotency_key` holds `owner key` for the key of a till with a token, and the key for one without:
-- it is nobody's, and counts for every till. Neither a name nor a key has a space. Without tokens a key of any of these
-- owners counts, so they are never removed.
CREATE TABLE key_owners (
  name TEXT PRIMARY KEY CHECK (name <> '' AND instr(name, ' ') = 0)
) STRICT, WITHOUT ROWID;

DROP VIEW receipts;
-- A receipt as one row, for people and for queries of a whole receipt. `key_owner`: NULL where the key is nobody's. To find
-- a receipt by its key, look into `sales`, which has the index.
CREATE VIEW receipts AS
SELECT receipt_id,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, 1, instr(sales.idempotency_key, ' ') - 1) END AS key_owner,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, instr(sales.idempotency_key, ' ') + 1)
    ELSE sales.idempotency_key END AS idempotency_key,
  pos_id, content, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, document AS fiscal_doc, recorded_at_ms AS printed_at_ms, needs_paper, maybe_at_ofd, retry_count,
  delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error, close_reason, states.place, states.seq
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;

-- The audit log again, with `who`, and with commands. SQLite changes no CHECK of a table.
DROP VIEW receipt_events;
ALTER TABLE events RENAME TO events_101;
DROP INDEX events_of_receipts;
DROP INDEX events_of_others;

-- Every transition of a receipt, the changes of the breaker, the lease and the link to Odoo, and the commands of people. The
-- code writes it, once a transaction: changes by hand are missing. Receipts that made the same move in one transaction by the
-- same client's word share a row, which counts as an event for each.
CREATE TABLE events (
  -- The first event's number; the others have the numbers behind it. A number is never given twice, even after its
  -- event was removed.
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- NULL: a new receipt, without an earlier state, or a command.
  from_state TEXT,
  to_state TEXT NOT NULL,
  detail TEXT,
  -- The client that asked for it: its token's name and its address, with a space between, or the address without tokens.
  -- NULL: the adapter did it by itself.
  who TEXT,
  -- The least and the greatest receipt_id; with more than one, all of them as a JSON array, in order.
  first_receipt TEXT,
  last_receipt TEXT,
  receipts TEXT,
  CHECK (CASE kind
    WHEN 'receipt' THEN first_receipt IS NOT NULL AND last_receipt IS NOT NULL
    WHEN 'breaker' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'lease' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'odoo' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'command' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    ELSE false
  END)
) STRICT;

INSERT INTO events (id, at_ms, kind, from_state, to_state, detail, first_receipt, last_receipt, receipts)
SELECT id, at_ms, kind, from_state, to_state, detail, first_receipt, last_receipt, receipts FROM events_101 ORDER BY id;
DROP TABLE events_101;

-- The receipts of a row were minted within a second, so the rows of one receipt are found by its time.
CREATE INDEX events_of_receipts ON events (first_receipt, last_receipt) WHERE first_receipt IS NOT NULL;
-- Few events are about anything but receipts.
CREATE INDEX events_of_others ON events (kind) WHERE kind <> 'receipt';

-- The transitions of receipts, one row each.
CREATE VIEW receipt_events AS
SELECT events.id + ifnull(one.key, 0) AS id, at_ms, ifnull(one.value, first_receipt) AS receipt_id, from_state, to_state,
  detail, who
FROM events LEFT JOIN json_each(events.receipts) AS one
WHERE kind = 'receipt';
