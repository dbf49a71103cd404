-- Schema 112: documents that the KKT can no longer print, and attempts of which an operator says that they made none.

-- 1: the document did not come out on paper, and the KKT has refused for good to print it, because another FN is in it.
ALTER TABLE states ADD COLUMN paper_lost INTEGER NOT NULL DEFAULT 0
  CHECK (paper_lost = 0 OR paper_lost = 1 AND place IS NOT NULL AND needs_paper = 0);

-- 1: no look-up tells whether the KKT made a document at it, and an operator says that it did not.
ALTER TABLE attempts ADD COLUMN told_not_made INTEGER NOT NULL DEFAULT 0 CHECK (told_not_made IN (0, 1));

DROP VIEW receipts;
-- A receipt as one row, for people and for queries of a whole receipt. `key_owner`: NULL where the key is nobody's. To find
-- a receipt by its key, look into `sales`, which has the index. `fiscal_doc` leaves out what `registration` says. `untold_fn`:
-- the FN that may hold the document of a receipt which only an operator can settle. NULL for all others.
CREATE VIEW receipts AS
SELECT receipt_id,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, 1, instr(sales.idempotency_key, ' ') - 1) END AS key_owner,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, instr(sales.idempotency_key, ' ') + 1)
    ELSE sales.idempotency_key END AS idempotency_key,
  pos_id, content, filled_in, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, fiscal_sign, local_date, document AS fiscal_doc, registration, recorded_at_ms AS printed_at_ms,
  needs_paper, paper_lost, maybe_at_ofd, retry_count, delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error,
  close_reason, contact, states.place, states.seq, untold,
  CASE untold WHEN 1 THEN (SELECT fn_number FROM fiscal_memories WHERE turn = handed_turn) END AS untold_fn
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;
