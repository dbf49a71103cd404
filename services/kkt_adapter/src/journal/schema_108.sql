-- Schema 108: the work of the KKT that is no receipt, and the documents of shifts.

DROP VIEW receipts;

-- The documents again, with those of shifts. SQLite changes no CHECK of a table.
ALTER TABLE documents RENAME TO documents_107;
DROP INDEX documents_by_sign;
DROP INDEX documents_by_date;

CREATE TABLE documents (
  -- The place in the order of delivery: by the FN's turn, then by the FD.
  place INTEGER PRIMARY KEY CHECK (place = fn_turn * 4294967296 + fd_number),
  fn_turn INTEGER NOT NULL REFERENCES fiscal_memories (turn),
  fd_number INTEGER NOT NULL CHECK (fd_number BETWEEN 1 AND 4294967295),
  kind TEXT NOT NULL CHECK (kind = 'receipt' OR kind = 'shift_opening' OR kind = 'shift_closing'),
  recorded_at_ms INTEGER NOT NULL,
  -- As JSON. That of a receipt leaves out what the FN's `registration` says.
  document TEXT NOT NULL,
  -- The receipt of the document. NULL: a document that is of no receipt.
  seq INTEGER CHECK (seq IS NULL OR kind = 'receipt'),
  -- FPD. It may be told with leading zeros, so it is a number here.
  fiscal_sign INTEGER,
  -- The day of the document by the KKT's clock, in its zone: `yyyy-mm-dd`.
  local_date TEXT,
  -- Of an opening: the seq of the receipt for which the KKT opened the shift by itself. 0: a task opened it.
  opened_for INTEGER CHECK (opened_for IS NULL OR kind = 'shift_opening')
) STRICT;

INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq, fiscal_sign, local_date)
SELECT place, fn_turn, fd_number, kind, recorded_at_ms, document, seq, fiscal_sign, local_date
FROM documents_107 ORDER BY place;
DROP TABLE documents_107;

CREATE INDEX documents_by_sign ON documents (seq / 1000, fiscal_sign);
-- Documents come day by day, so this is written at its end.
CREATE INDEX documents_by_date ON documents (local_date, seq);
-- Few documents are of a shift.
CREATE INDEX documents_of_shifts ON documents (fn_turn, document ->> 'shiftNumber', kind) WHERE kind <> 'receipt';
CREATE INDEX documents_of_shifts_by_age ON documents (recorded_at_ms) WHERE kind <> 'receipt';

-- A receipt as one row, for people and for queries of a whole receipt. `key_owner`: NULL where the key is nobody's. To find
-- a receipt by its key, look into `sales`, which has the index. `fiscal_doc` leaves out what `registration` says.
CREATE VIEW receipts AS
SELECT receipt_id,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, 1, instr(sales.idempotency_key, ' ') - 1) END AS key_owner,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, instr(sales.idempotency_key, ' ') + 1)
    ELSE sales.idempotency_key END AS idempotency_key,
  pos_id, content, filled_in, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, fiscal_sign, local_date, document AS fiscal_doc, registration, recorded_at_ms AS printed_at_ms,
  needs_paper, maybe_at_ofd, retry_count, delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error, close_reason,
  contact, states.place, states.seq
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;

-- Opening and closing shifts, reports, cash, copies. They are few, and receipts never touch this table.
CREATE TABLE tasks (
  -- A UUIDv7 from the clock of the receipts' ids: it sorts by the order of acceptance, among receipts too.
  task_id TEXT PRIMARY KEY,
  -- As in `sales`, with the owner. NULL: it has none.
  idempotency_key TEXT UNIQUE,
  kind TEXT NOT NULL,
  -- The whole of what is asked of the KKT, as JSON.
  work TEXT NOT NULL,
  status TEXT NOT NULL,
  -- The last receipt that was accepted before it. The KKT does those first. 0: a closing comes before everything that waits.
  after_seq INTEGER NOT NULL,
  -- The FN in the KKT when the task was last handed over. NULL: it was not.
  fn_number TEXT,
  -- As JSON.
  result TEXT,
  -- The adapter's count of the cash in the drawer after it. NULL: the KKT counts it, or it is not done.
  own_drawer_kopecks INTEGER,
  last_error TEXT,
  -- As in `events`.
  who TEXT,
  created_at_ms INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,

  CHECK (CASE kind
    WHEN 'open_shift' THEN true
    WHEN 'close_shift' THEN true
    WHEN 'x_report' THEN true
    WHEN 'cash_in' THEN idempotency_key IS NOT NULL
    WHEN 'cash_out' THEN idempotency_key IS NOT NULL
    WHEN 'copy' THEN true
    ELSE false
  END),
  -- The columns that each status implies. domain/task.ts explains the statuses.
  CHECK (CASE status
    WHEN 'accepted' THEN fn_number IS NULL
    WHEN 'asked' THEN fn_number IS NOT NULL
    WHEN 'unknown' THEN fn_number IS NOT NULL AND last_error IS NOT NULL
    WHEN 'unclear' THEN last_error IS NOT NULL
    WHEN 'done' THEN result IS NOT NULL
    WHEN 'refused' THEN last_error IS NOT NULL
    ELSE false
  END),
  CHECK (result IS NULL OR status = 'done')
) STRICT, WITHOUT ROWID;

-- SQLite uses it only for a query that says `status <> 'done' AND status <> 'refused'`.
CREATE INDEX tasks_before_the_end ON tasks (status, task_id) WHERE status <> 'done' AND status <> 'refused';
-- The pruner takes them in this order.
CREATE INDEX tasks_ended ON tasks (changed_at_ms) WHERE status = 'done' OR status = 'refused';

-- One row: the adapter's count of the cash in the drawer, for a KKT that keeps no sum.
CREATE TABLE drawer (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  kopecks INTEGER NOT NULL,
  -- The last document whose cash is in it.
  through_place INTEGER NOT NULL
) STRICT;

-- A buffer of an earlier version begins to count now.
INSERT INTO drawer (id, kopecks, through_place) SELECT 1, 0, ifnull(max(place), 0) FROM documents;

-- The audit log again, with the KKT's tasks.
DROP VIEW receipt_events;
ALTER TABLE events RENAME TO events_107;
DROP INDEX events_of_receipts;
DROP INDEX events_of_others;

-- Every transition of a receipt, the changes of the KKT's tasks, of its FN, of the breaker, the lease and the link to Odoo, and the commands
-- of people. The code writes it, once a transaction: changes by hand are missing. Receipts that made the same move in one
-- transaction by the same client's word share a row, which counts as an event for each.
CREATE TABLE events (
  -- The first event's number; the others have the numbers behind it. A number is never given twice, even after its
  -- event was removed.
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- NULL: a new receipt or task, without an earlier state, or a command.
  from_state TEXT,
  to_state TEXT NOT NULL,
  -- Of a task: its kind and its id, and what is to be said.
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
    WHEN 'task' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'kkt' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'breaker' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'lease' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'odoo' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    WHEN 'command' THEN first_receipt IS NULL AND last_receipt IS NULL AND receipts IS NULL
    ELSE false
  END)
) STRICT;

INSERT INTO events (id, at_ms, kind, from_state, to_state, detail, who, first_receipt, last_receipt, receipts)
SELECT id, at_ms, kind, from_state, to_state, detail, who, first_receipt, last_receipt, receipts FROM events_107 ORDER BY id;
DROP TABLE events_107;

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
