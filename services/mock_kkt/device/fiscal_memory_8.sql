-- Schema 8: the report of the exchange with the OFD is a document, too, and the device's clock can be set.

-- By how much the device's clock was set forward, or back when it is negative.
ALTER TABLE device ADD COLUMN clock_offset_ms INTEGER NOT NULL DEFAULT 0;

-- A receipt that was fiscalised twice has two rows, so that nobody can overlook it.
CREATE TABLE documents_8 (
  fd_number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'registration', 'shift_opening', 'shift_closing', 'ofd_report')),
  -- The time in the document.
  at_ms INTEGER NOT NULL,
  receipt_id TEXT,
  -- 0: before the first shift. A document between two shifts has the number of the last one.
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
  CHECK ((kind = 'receipt') = (receipt_id IS NOT NULL)),
  CHECK ((kind = 'receipt') = (receipt_number IS NOT NULL))
) STRICT;

INSERT INTO documents_8 (fd_number, kind, at_ms, receipt_id, shift_number, receipt_number, doc, printed, content, key_hash)
SELECT fd_number, kind, at_ms, receipt_id, shift_number, receipt_number, doc, printed, content, key_hash FROM documents;

DROP TABLE documents;
ALTER TABLE documents_8 RENAME TO documents;

CREATE INDEX documents_by_receipt ON documents (receipt_id) WHERE receipt_id IS NOT NULL;
CREATE INDEX documents_by_key ON documents (key_hash) WHERE key_hash IS NOT NULL;
