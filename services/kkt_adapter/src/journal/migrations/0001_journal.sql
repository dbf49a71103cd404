-- One row a receipt. The CHECKs say what each status implies; domain/state.ts says the same in code.
CREATE TABLE receipts (
  -- UUIDv7 from the hybrid logical clock: sorting by it is sorting by the order of acceptance.
  receipt_id TEXT PRIMARY KEY,
  idempotency_key TEXT NOT NULL UNIQUE,
  body_hash TEXT NOT NULL,
  pos_id TEXT NOT NULL,
  content TEXT NOT NULL,
  total_kopecks INTEGER NOT NULL CHECK (total_kopecks > 0),
  status TEXT NOT NULL CHECK (
    status IN ('accepted', 'printing', 'unknown', 'refused', 'pending', 'syncing', 'synced', 'failed')
  ),
  created_at_ms INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,

  -- What the KKT made of it.
  fn_number TEXT,
  fd_number INTEGER CHECK (fd_number > 0),
  fiscal_doc TEXT,
  printed_at_ms INTEGER,

  -- Delivery. maybe_at_ofd: it was handed over once without a clear outcome, so it is looked up before it is sent again.
  maybe_at_ofd INTEGER NOT NULL DEFAULT 0 CHECK (maybe_at_ofd IN (0, 1)),
  retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
  -- How many receipts had been delivered in all when this one last failed: has any other got through since?
  delivered_at_failure INTEGER,
  ofd_id TEXT,
  synced_at_ms INTEGER,
  dlq_reason TEXT CHECK (dlq_reason IN ('refused_by_ofd', 'retries_exhausted')),
  last_error TEXT,

  UNIQUE (fn_number, fd_number),
  CHECK ((status IN ('pending', 'syncing', 'synced', 'failed')) = (fiscal_doc IS NOT NULL)),
  CHECK ((fiscal_doc IS NULL) = (fd_number IS NULL)),
  CHECK ((fiscal_doc IS NULL) = (fn_number IS NULL)),
  CHECK ((fiscal_doc IS NULL) = (printed_at_ms IS NULL)),
  CHECK ((status = 'synced') = (synced_at_ms IS NOT NULL)),
  CHECK ((status = 'synced') = (ofd_id IS NOT NULL)),
  CHECK ((status = 'failed') = (dlq_reason IS NOT NULL)),
  CHECK (status NOT IN ('refused', 'failed') OR last_error IS NOT NULL),
  CHECK (status <> 'syncing' OR maybe_at_ofd = 1)
) STRICT;

CREATE INDEX receipts_to_deliver ON receipts (pos_id, fd_number) WHERE status = 'pending';
CREATE INDEX receipts_by_status ON receipts (status, receipt_id);
CREATE INDEX receipts_by_pos ON receipts (pos_id, receipt_id);
CREATE INDEX receipts_delivered ON receipts (synced_at_ms) WHERE status = 'synced';

-- How many receipts are in each status, so that nobody has to count a million rows.
CREATE TABLE counters (
  status TEXT PRIMARY KEY,
  n INTEGER NOT NULL CHECK (n >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO counters (status, n)
VALUES ('accepted', 0), ('printing', 0), ('unknown', 0), ('refused', 0), ('pending', 0), ('syncing', 0), ('synced', 0),
  ('failed', 0);

-- Numbers that outlive the rows they came from.
CREATE TABLE totals (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  delivered INTEGER NOT NULL,
  last_sync_at_ms INTEGER,
  last_receipt_id TEXT NOT NULL
) STRICT;

INSERT INTO totals (id, delivered, last_sync_at_ms, last_receipt_id) VALUES (1, 0, NULL, '');

-- The audit log: every transition of a receipt, and what the breaker, the lease and the link to Odoo did.
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'breaker', 'lease', 'odoo')),
  receipt_id TEXT,
  from_state TEXT,
  to_state TEXT NOT NULL,
  detail TEXT,
  CHECK ((kind = 'receipt') = (receipt_id IS NOT NULL))
) STRICT;

CREATE INDEX events_by_time ON events (at_ms);
CREATE INDEX events_of_receipt ON events (receipt_id, id) WHERE receipt_id IS NOT NULL;

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT,
  epoch INTEGER NOT NULL,
  -- Grows with every renewal: a challenger watches it stand still.
  beat INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER receipts_refuse_illegal_transition BEFORE UPDATE OF status ON receipts
WHEN (OLD.status || '>' || NEW.status) NOT IN (
  'accepted>printing',
  'printing>pending', 'printing>refused', 'printing>unknown',
  'unknown>pending', 'unknown>accepted',
  'pending>syncing',
  'syncing>synced', 'syncing>pending', 'syncing>failed',
  'failed>pending'
)
BEGIN
  SELECT RAISE(ABORT, 'illegal transition of a receipt');
END;

CREATE TRIGGER receipts_refuse_other_beginnings BEFORE INSERT ON receipts
WHEN NEW.status <> 'accepted'
BEGIN
  SELECT RAISE(ABORT, 'a receipt begins as accepted');
END;

CREATE TRIGGER receipts_inserted AFTER INSERT ON receipts
BEGIN
  UPDATE counters SET n = n + 1 WHERE status = NEW.status;
  UPDATE totals SET last_receipt_id = max(last_receipt_id, NEW.receipt_id) WHERE id = 1;
  INSERT INTO events (at_ms, kind, receipt_id, to_state)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, NEW.status);
END;

CREATE TRIGGER receipts_moved AFTER UPDATE OF status ON receipts
BEGIN
  UPDATE counters SET n = n - 1 WHERE status = OLD.status;
  UPDATE counters SET n = n + 1 WHERE status = NEW.status;
  INSERT INTO events (at_ms, kind, receipt_id, from_state, to_state, detail)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, OLD.status, NEW.status, NEW.last_error);
END;

CREATE TRIGGER receipts_delivered_one AFTER UPDATE OF status ON receipts WHEN NEW.status = 'synced'
BEGIN
  UPDATE totals SET delivered = delivered + 1, last_sync_at_ms = NEW.synced_at_ms WHERE id = 1;
END;

CREATE TRIGGER receipts_removed AFTER DELETE ON receipts
BEGIN
  UPDATE counters SET n = n - 1 WHERE status = OLD.status;
END;
