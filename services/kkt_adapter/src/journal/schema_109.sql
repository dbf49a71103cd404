-- Schema 109: the FN in the KKT, receipts whose FN was replaced before it told their outcome, and cheaper indexes of signs and
-- totals.

-- The FN in the KKT, as far as the journal knows. NULL: it has met none.
ALTER TABLE totals ADD COLUMN fn_turn INTEGER;
-- The FN that was in the KKT before, and when another one was found in its place. NULL: none was replaced.
ALTER TABLE totals ADD COLUMN replaced_turn INTEGER;
ALTER TABLE totals ADD COLUMN replaced_at_ms INTEGER;
UPDATE totals SET fn_turn = (SELECT max(turn) FROM fiscal_memories);

-- The FN in the KKT when the receipt was last handed over. NULL: it was not, or the KKT said that it made no document, so that
-- it does not matter which FN is asked for one.
ALTER TABLE states ADD COLUMN handed_turn INTEGER;
UPDATE states SET handed_turn = (SELECT fn_turn FROM totals)
WHERE (status = 'printing' OR status = 'unknown') AND status <> 'synced';
-- 1: that FN was replaced before it told the outcome. The receipt is asked for no more: an operator has to say it.
ALTER TABLE states ADD COLUMN untold INTEGER NOT NULL DEFAULT 0
  CHECK (untold = 0 OR untold = 1 AND status = 'unknown' AND handed_turn IS NOT NULL);

CREATE INDEX states_untold ON states (untold) WHERE untold = 1;

-- Signs and totals come in no order, so a commit changes pages all over the part of the index that it writes to. A quarter of a
-- thousand has a quarter of the pages.
DROP INDEX documents_by_sign;
CREATE INDEX documents_by_sign ON documents (seq / 250, fiscal_sign);
DROP INDEX sales_by_total;
CREATE INDEX sales_by_total ON sales (seq / 250, total_kopecks);

DROP VIEW receipts;
-- A receipt as one row, for people and for queries of a whole receipt. `key_owner`: NULL where the key is nobody's. To find
-- a receipt by its key, look into `sales`, which has the index. `fiscal_doc` leaves out what `registration` says. `untold_fn`:
-- the FN that was replaced before it told the outcome. NULL: none was.
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
  contact, states.place, states.seq, untold,
  CASE untold WHEN 1 THEN (SELECT fn_number FROM fiscal_memories WHERE turn = handed_turn) END AS untold_fn
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;
