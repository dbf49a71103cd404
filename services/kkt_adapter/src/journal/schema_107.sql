-- Schema 107: a document does not repeat its registration.

-- The registration that the first document of the FN names, as JSON. Documents leave out the parts that are the same in
-- them. It never changes. NULL: no document names one. Documents of earlier versions leave nothing out.
ALTER TABLE fiscal_memories ADD COLUMN registration TEXT;

DROP VIEW receipts;
-- A receipt as one row, for people and for queries of a whole receipt. `key_owner`: NULL where the key is nobody's. To find
-- a receipt by its key, look into `sales`, which has the index. `fiscal_doc` leaves out what `registration` says.
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
  contact, states.place, states.seq
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;
