CREATE TABLE fn (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fn_number TEXT NOT NULL CHECK (length(fn_number) = 16),
  signing_key TEXT NOT NULL,
  shift_number INTEGER NOT NULL CHECK (shift_number > 0),
  shift_opened_at_ms INTEGER NOT NULL
) STRICT;

-- A receipt that was fiscalised twice stands here twice, so that nobody can overlook it.
CREATE TABLE documents (
  fd_number INTEGER PRIMARY KEY,
  receipt_id TEXT NOT NULL,
  shift_number INTEGER NOT NULL,
  receipt_number INTEGER NOT NULL,
  doc TEXT NOT NULL
) STRICT;

CREATE INDEX documents_by_receipt ON documents (receipt_id);
CREATE INDEX documents_by_shift ON documents (shift_number, receipt_number);
