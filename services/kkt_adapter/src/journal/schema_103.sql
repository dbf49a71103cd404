-- A receipt keeps beside the till's words what the till's settings said where it said nothing. A receipt of gifts has the
-- total 0. A document knows its receipt. `sales` is changed in place: dropping it would remove all states with it.

DROP VIEW receipts;

-- As JSON. NULL: nothing was filled in. `content` holds only the till's own words.
ALTER TABLE sales ADD COLUMN filled_in TEXT;

-- The default serves this step only: a receipt always names its total.
ALTER TABLE sales ADD COLUMN total INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0);
UPDATE sales SET total = total_kopecks;
ALTER TABLE sales DROP COLUMN total_kopecks;
ALTER TABLE sales RENAME COLUMN total TO total_kopecks;

-- The receipt of the document, so that a document's numbers find it. NULL: a document that is of no receipt.
ALTER TABLE documents ADD COLUMN seq INTEGER;
UPDATE documents SET seq = states.seq FROM states WHERE states.place = documents.place;

-- A receipt as one row, for people and for queries of a whole receipt.
CREATE VIEW receipts AS
SELECT receipt_id, idempotency_key, pos_id, content, filled_in, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, document AS fiscal_doc, recorded_at_ms AS printed_at_ms, needs_paper, maybe_at_ofd, retry_count,
  delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error, close_reason, states.place, states.seq
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;
