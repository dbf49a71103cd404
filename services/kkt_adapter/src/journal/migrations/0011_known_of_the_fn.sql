-- The FNs that this journal has met. A document after known_through_fd, and after the last one in receipts, is new to the
-- journal: at a start it tells that the journal has lost something.
CREATE TABLE fiscal_memories (
  fn_number TEXT PRIMARY KEY,
  known_through_fd INTEGER NOT NULL CHECK (known_through_fd >= 0),
  -- When the FN was found to hold documents that this journal had not recorded. NULL: never. Keys from before that time may
  -- be known to the FN only.
  strange_since_ms INTEGER
) STRICT;
INSERT INTO fiscal_memories (fn_number, known_through_fd)
SELECT fn_number, max(fd_number) FROM receipts WHERE fn_number IS NOT NULL GROUP BY fn_number;

-- Ids of receipts that turned out to be one that the KKT had printed for a lost journal. Tills may have been told them.
CREATE TABLE receipt_aliases (
  receipt_id TEXT PRIMARY KEY,
  is_now TEXT NOT NULL REFERENCES receipts (receipt_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_aliases_of ON receipt_aliases (is_now);
