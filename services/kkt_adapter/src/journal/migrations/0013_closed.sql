-- When, why and of which receipt something was last not printed or not delivered. NULL: nothing is open any more.
ALTER TABLE totals ADD COLUMN last_failure_at_ms INTEGER;
ALTER TABLE totals ADD COLUMN last_failure_reason TEXT;
ALTER TABLE totals ADD COLUMN last_failure_receipt_id TEXT;

-- A dead letter may be ended by an operator's word: the state `closed`. SQLite changes no CHECK of a table that is there, so
-- `receipts` is made once more. Dropping it would empty receipt_aliases, which refers to it: that is put aside meanwhile.
CREATE TABLE aliases_aside AS SELECT receipt_id, is_now FROM receipt_aliases;
DROP TABLE receipt_aliases;

CREATE TABLE new_receipts (
  -- UUIDv7 from the hybrid logical clock: sorting by it is sorting by the order of acceptance.
  receipt_id TEXT PRIMARY KEY,
  idempotency_key TEXT NOT NULL UNIQUE,
  body_hash TEXT NOT NULL,
  pos_id TEXT NOT NULL,
  content TEXT NOT NULL,
  total_kopecks INTEGER NOT NULL CHECK (total_kopecks > 0),
  status TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,

  -- The document that the KKT made of it. needs_paper: it is closed in the FN, and not on paper yet.
  fn_number TEXT,
  fd_number INTEGER CHECK (fd_number > 0),
  fiscal_doc TEXT,
  printed_at_ms INTEGER,
  needs_paper INTEGER NOT NULL DEFAULT 0 CHECK (needs_paper = 0 OR needs_paper = 1 AND fiscal_doc IS NOT NULL),

  -- Delivery. maybe_at_ofd: it was handed over once without a clear outcome, so it is looked up before it is sent again.
  maybe_at_ofd INTEGER NOT NULL DEFAULT 0 CHECK (maybe_at_ofd BETWEEN 0 AND 1),
  retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
  -- How many receipts had been delivered in all when this one last failed: has any other got through since?
  delivered_at_failure INTEGER,
  ofd_id TEXT,
  synced_at_ms INTEGER,
  dlq_reason TEXT CHECK (dlq_reason IS NULL OR dlq_reason = 'refused_by_ofd' OR dlq_reason = 'retries_exhausted'),
  last_error TEXT,
  -- The operator's word by which it was closed.
  close_reason TEXT,

  -- Each status implies so much; domain/state.ts says the same in code.
  CHECK (CASE status
    WHEN 'accepted' THEN fiscal_doc IS NULL
    WHEN 'printing' THEN fiscal_doc IS NULL
    WHEN 'unknown' THEN fiscal_doc IS NULL
    WHEN 'refused' THEN fiscal_doc IS NULL AND last_error IS NOT NULL
    WHEN 'pending' THEN fiscal_doc IS NOT NULL
    WHEN 'syncing' THEN fiscal_doc IS NOT NULL AND maybe_at_ofd = 1
    WHEN 'synced' THEN fiscal_doc IS NOT NULL
    WHEN 'failed' THEN fiscal_doc IS NOT NULL AND last_error IS NOT NULL
    WHEN 'closed' THEN fiscal_doc IS NOT NULL AND last_error IS NOT NULL
    ELSE false
  END),
  CHECK (CASE WHEN fiscal_doc IS NULL
    THEN fn_number IS NULL AND fd_number IS NULL AND printed_at_ms IS NULL
    ELSE fn_number IS NOT NULL AND fd_number IS NOT NULL AND printed_at_ms IS NOT NULL
  END),
  CHECK (CASE status
    WHEN 'synced' THEN synced_at_ms IS NOT NULL AND ofd_id IS NOT NULL
    ELSE synced_at_ms IS NULL AND ofd_id IS NULL
  END),
  CHECK ((status = 'failed') = (dlq_reason IS NOT NULL)),
  CHECK ((status = 'closed') = (close_reason IS NOT NULL))
) STRICT;

INSERT INTO new_receipts (receipt_id, idempotency_key, body_hash, pos_id, content, total_kopecks, status, created_at_ms,
  changed_at_ms, fn_number, fd_number, fiscal_doc, printed_at_ms, needs_paper, maybe_at_ofd, retry_count,
  delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error)
SELECT receipt_id, idempotency_key, body_hash, pos_id, content, total_kopecks, status, created_at_ms,
  changed_at_ms, fn_number, fd_number, fiscal_doc, printed_at_ms, needs_paper, maybe_at_ofd, retry_count,
  delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error
FROM receipts ORDER BY rowid;

-- A key in quotes is the same key without them. Earlier versions kept it as it came, and a till may send it again.
UPDATE OR IGNORE new_receipts
SET idempotency_key = replace(replace(substr(idempotency_key, 2, length(idempotency_key) - 2), '\"', '"'), '\\', '\')
WHERE idempotency_key GLOB '"?*"'
  -- Without its pairs of a backslash and what it stands before, no quote and no backslash is left in it.
  AND replace(replace(substr(idempotency_key, 2, length(idempotency_key) - 2), '\\', ''), '\"', '') NOT GLOB '*["\]*';

DROP TABLE receipts;
ALTER TABLE new_receipts RENAME TO receipts;

CREATE TABLE receipt_aliases (
  receipt_id TEXT PRIMARY KEY,
  is_now TEXT NOT NULL REFERENCES receipts (receipt_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO receipt_aliases (receipt_id, is_now) SELECT receipt_id, is_now FROM aliases_aside;
DROP TABLE aliases_aside;
CREATE INDEX receipt_aliases_of ON receipt_aliases (is_now);

CREATE UNIQUE INDEX receipts_documents ON receipts (fn_number, fd_number) WHERE fd_number IS NOT NULL;
CREATE INDEX receipts_to_deliver ON receipts (pos_id, fd_number) WHERE status = 'pending';
CREATE INDEX receipts_by_status ON receipts (status);
CREATE INDEX receipts_by_pos ON receipts (pos_id);
CREATE INDEX receipts_without_paper ON receipts (needs_paper, receipt_id) WHERE needs_paper = 1;
CREATE INDEX receipts_by_ofd_id ON receipts (ofd_id) WHERE ofd_id IS NOT NULL;
-- Receipts that have come to their end, by when they did, to find those that have been kept long enough.
CREATE INDEX receipts_ended ON receipts (changed_at_ms) WHERE status IN ('synced', 'refused', 'closed');

ALTER TABLE totals ADD COLUMN closed INTEGER NOT NULL DEFAULT 0 CHECK (closed >= 0);

CREATE TRIGGER receipts_refuse_other_beginnings BEFORE INSERT ON receipts
WHEN NEW.status <> 'accepted'
BEGIN
  SELECT RAISE(ABORT, 'a receipt begins as accepted');
END;

-- A receipt begins as accepted: another trigger sees to it.
CREATE TRIGGER receipts_inserted AFTER INSERT ON receipts
BEGIN
  UPDATE totals SET accepted = accepted + 1, last_receipt_id = max(last_receipt_id, NEW.receipt_id) WHERE id = 1;
  INSERT INTO events (at_ms, kind, receipt_id, to_state)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, NEW.status);
END;

CREATE TRIGGER receipts_moved AFTER UPDATE OF status ON receipts
BEGIN
  SELECT RAISE(ABORT, 'illegal transition of a receipt')
  WHERE NOT CASE OLD.status
    WHEN 'accepted' THEN NEW.status = 'printing'
    WHEN 'printing' THEN
      NEW.status = 'pending' OR NEW.status = 'refused' OR NEW.status = 'unknown' OR NEW.status = 'accepted'
    WHEN 'unknown' THEN NEW.status = 'pending' OR NEW.status = 'accepted'
    WHEN 'pending' THEN NEW.status = 'syncing'
    WHEN 'syncing' THEN NEW.status = 'synced' OR NEW.status = 'pending' OR NEW.status = 'failed'
    WHEN 'failed' THEN NEW.status = 'pending' OR NEW.status = 'closed'
    ELSE false
  END;
  UPDATE totals SET
    accepted = accepted + (NEW.status = 'accepted') - (OLD.status = 'accepted'),
    printing = printing + (NEW.status = 'printing') - (OLD.status = 'printing'),
    unknown = unknown + (NEW.status = 'unknown') - (OLD.status = 'unknown'),
    refused = refused + (NEW.status = 'refused') - (OLD.status = 'refused'),
    pending = pending + (NEW.status = 'pending') - (OLD.status = 'pending'),
    syncing = syncing + (NEW.status = 'syncing') - (OLD.status = 'syncing'),
    synced = synced + (NEW.status = 'synced') - (OLD.status = 'synced'),
    failed = failed + (NEW.status = 'failed') - (OLD.status = 'failed'),
    closed = closed + (NEW.status = 'closed') - (OLD.status = 'closed'),
    delivered = delivered + (NEW.status = 'synced'),
    last_sync_at_ms = iif(NEW.status = 'synced', NEW.synced_at_ms, last_sync_at_ms)
  WHERE id = 1;
  INSERT INTO events (at_ms, kind, receipt_id, from_state, to_state, detail)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, OLD.status, NEW.status,
    iif(NEW.status = 'closed', NEW.close_reason, NEW.last_error));
END;

CREATE TRIGGER receipts_paper_changed AFTER UPDATE OF needs_paper ON receipts WHEN OLD.needs_paper <> NEW.needs_paper
BEGIN
  INSERT INTO events (at_ms, kind, receipt_id, from_state, to_state, detail)
  VALUES (NEW.changed_at_ms, 'receipt', NEW.receipt_id, NEW.status, NEW.status,
    iif(NEW.needs_paper = 1, 'fiscalised, and not on paper', 'on paper now'));
END;

CREATE TRIGGER receipts_removed AFTER DELETE ON receipts
BEGIN
  UPDATE totals SET
    accepted = accepted - (OLD.status = 'accepted'),
    printing = printing - (OLD.status = 'printing'),
    unknown = unknown - (OLD.status = 'unknown'),
    refused = refused - (OLD.status = 'refused'),
    pending = pending - (OLD.status = 'pending'),
    syncing = syncing - (OLD.status = 'syncing'),
    synced = synced - (OLD.status = 'synced'),
    failed = failed - (OLD.status = 'failed'),
    closed = closed - (OLD.status = 'closed')
  WHERE id = 1;
END;
