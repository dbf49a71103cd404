-- Schema 5: the FN numbers documents of other kinds beside receipts, and the device keeps the data of its registration.

-- The number of the shift is 0 before the first one. An FN that has signed nothing yet is registered at its next start,
-- and its shift is closed.
CREATE TABLE fn_5 (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fn_number TEXT NOT NULL CHECK (length(fn_number) = 16),
  signing_key TEXT NOT NULL,
  -- Of the open shift, or of the last one.
  shift_number INTEGER NOT NULL CHECK (shift_number >= 0),
  -- NULL: the shift is closed.
  shift_opened_at_ms INTEGER,
  -- The data of the registration as JSON. NULL: an earlier version made the FN, and has kept none.
  registration TEXT
) STRICT;

INSERT INTO fn_5 (id, fn_number, signing_key, shift_number, shift_opened_at_ms)
SELECT id, fn_number, signing_key,
  iif(EXISTS (SELECT 1 FROM documents), shift_number, 0),
  iif(EXISTS (SELECT 1 FROM documents), shift_opened_at_ms, NULL)
FROM fn;

DROP TABLE fn;
ALTER TABLE fn_5 RENAME TO fn;

-- A receipt that was fiscalised twice has two rows, so that nobody can overlook it.
CREATE TABLE documents_5 (
  fd_number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  -- The time in the document.
  at_ms INTEGER NOT NULL,
  receipt_id TEXT,
  -- 0: before the first shift.
  shift_number INTEGER NOT NULL,
  -- Counted within the shift.
  receipt_number INTEGER,
  -- The document as JSON.
  doc TEXT NOT NULL,
  -- 1: the paper is out.
  printed INTEGER NOT NULL DEFAULT 1 CHECK (printed IN (0, 1)),
  -- The content as JSON, and the hash that finds it by its idempotency key. NULL: the FN cannot tell, or it is no
  -- receipt.
  content TEXT,
  key_hash TEXT,
  CHECK (CASE kind
    WHEN 'receipt' THEN receipt_id IS NOT NULL AND receipt_number IS NOT NULL
    WHEN 'registration' THEN receipt_id IS NULL AND receipt_number IS NULL
    WHEN 'shift_opening' THEN receipt_id IS NULL AND receipt_number IS NULL
    WHEN 'shift_closing' THEN receipt_id IS NULL AND receipt_number IS NULL
    ELSE false
  END)
) STRICT;

INSERT INTO documents_5 (fd_number, kind, at_ms, receipt_id, shift_number, receipt_number, doc, printed, content, key_hash)
SELECT fd_number, 'receipt', ifnull(CAST(strftime('%s', json_extract(doc, '$.fiscalDatetime')) AS INTEGER), 0) * 1000,
  receipt_id, shift_number, receipt_number, doc, printed, content, key_hash
FROM documents;

DROP TABLE documents;
ALTER TABLE documents_5 RENAME TO documents;

CREATE INDEX documents_by_receipt ON documents (receipt_id) WHERE receipt_id IS NOT NULL;
CREATE INDEX documents_by_key ON documents (key_hash) WHERE key_hash IS NOT NULL;
