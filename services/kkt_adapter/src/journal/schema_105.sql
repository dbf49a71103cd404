-- Schema 105: what receipts are looked up by at the counter.

-- Tills sell at random sums, to random customers, with random signs: an index by one of these alone is written at as many
-- places as a commit has receipts. Each begins with the receipt's thousand, as in `till_thousands`, so that a commit
-- writes into few pages. A look-up goes from thousand to thousand.

-- A hash of the customer's e-mail address or phone (journal/contacts.ts), so that neither is in clear anywhere but in
-- `content`. NULL: the receipt names none.
ALTER TABLE sales ADD COLUMN contact TEXT;

CREATE INDEX sales_by_total ON sales (seq / 1000, total_kopecks);
CREATE INDEX sales_by_contact ON sales (seq / 1000, contact) WHERE contact IS NOT NULL;

-- FPD. It may be told with leading zeros, so it is a number here.
ALTER TABLE documents ADD COLUMN fiscal_sign INTEGER;
-- The day of the document by the KKT's clock, in its zone: `yyyy-mm-dd`.
ALTER TABLE documents ADD COLUMN local_date TEXT;
UPDATE documents SET fiscal_sign = CAST(document ->> 'fiscalSign' AS INTEGER),
  local_date = substr(document ->> 'fiscalDatetime', 1, 10);

CREATE INDEX documents_by_sign ON documents (seq / 1000, fiscal_sign);
-- Documents come day by day, so this is written at its end.
CREATE INDEX documents_by_date ON documents (local_date, seq);

DROP VIEW receipts;
-- A receipt as one row, for people and for queries of a whole receipt. `key_owner`: NULL where the key is nobody's. To find
-- a receipt by its key, look into `sales`, which has the index.
CREATE VIEW receipts AS
SELECT receipt_id,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, 1, instr(sales.idempotency_key, ' ') - 1) END AS key_owner,
  CASE WHEN instr(sales.idempotency_key, ' ') > 1
    THEN substr(sales.idempotency_key, instr(sales.idempotency_key, ' ') + 1)
    ELSE sales.idempotency_key END AS idempotency_key,
  pos_id, content, filled_in, total_kopecks, status, created_at_ms, changed_at_ms,
  fn_number, fd_number, fiscal_sign, local_date, document AS fiscal_doc, recorded_at_ms AS printed_at_ms, needs_paper,
  maybe_at_ofd, retry_count, delivered_at_failure, ofd_id, synced_at_ms, dlq_reason, last_error, close_reason, contact,
  states.place, states.seq
FROM states
JOIN sales ON sales.seq = states.seq
LEFT JOIN documents ON documents.place = states.place
LEFT JOIN fiscal_memories ON turn = fn_turn;
