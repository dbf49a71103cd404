-- The mock KKT's memory: its FN, the FN's documents, and the device. Names that end in `_ms` are times in Unix
-- milliseconds.

-- One row.
CREATE TABLE fn (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fn_number TEXT NOT NULL CHECK (length(fn_number) = 16),
  signing_key TEXT NOT NULL,
  shift_number INTEGER NOT NULL CHECK (shift_number > 0),
  shift_opened_at_ms INTEGER NOT NULL
) STRICT;

-- A receipt that was fiscalised twice has two rows, so that nobody can overlook it.
CREATE TABLE documents (
  fd_number INTEGER PRIMARY KEY,
  receipt_id TEXT NOT NULL,
  shift_number INTEGER NOT NULL,
  -- Counted within the shift.
  receipt_number INTEGER NOT NULL,
  -- The document as JSON.
  doc TEXT NOT NULL,
  -- 1: the paper is out.
  printed INTEGER NOT NULL DEFAULT 1 CHECK (printed IN (0, 1)),
  -- The content as JSON, and the hash that finds it by its idempotency key. NULL: the FN cannot tell.
  content TEXT,
  key_hash TEXT
) STRICT;

CREATE INDEX documents_by_receipt ON documents (receipt_id);
CREATE INDEX documents_by_key ON documents (key_hash) WHERE key_hash IS NOT NULL;

-- One row.
CREATE TABLE device (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- The newest fencing token seen; older ones are refused.
  newest_token INTEGER NOT NULL,
  -- The faults that a test has set, as JSON.
  faults TEXT NOT NULL,
  -- The owner's KKT_ID. NULL until a KKT_ID claims the device.
  kkt_number TEXT
) STRICT;

INSERT INTO device (id, newest_token, faults) VALUES (1, 0, '{}');
